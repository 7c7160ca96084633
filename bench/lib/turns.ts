import type { Point } from './stats.ts';

/** What is measured at once: `caller hears`, `callee hears` … in milliseconds. */
export type Sample = Readonly<Record<string, number>>;

export interface Contestant {
  readonly name: string;
  once(): Promise<Sample>;
}

/** Contestant → figure → points. */
export type Measured = Readonly<Record<string, Readonly<Record<string, readonly Point[]>>>>;

/** A, B, B, A, A, B …: what changes slowly on the machine meets all of them alike. */
export function* turnsOf<T>(contestants: readonly T[], rounds: number): Generator<T> {
  for (let round = 0; round < rounds; round += 1) {
    yield* round % 2 === 0 ? contestants : [...contestants].reverse();
  }
}

/**
 * Measures each contestant turn about at each round trip. One attempt that comes to nothing is said and left out; a contestant that
 * comes to nothing twice in a row ends the bench.
 */
export async function sweep(
  contestants: readonly Contestant[],
  options: {
    readonly roundTrips: readonly number[];
    readonly rounds: number;
    setRoundTrip(ms: number): Promise<void>;
    /** A turn of each that counts for nobody: pages compile what they need when they first need it. */
    readonly rehearse?: boolean;
    say?(line: string): void;
  },
): Promise<Measured> {
  const measured: Record<string, Record<string, Point[]>> = {};
  const failures = new Map<string, number>();
  if (options.rehearse === true) {
    await options.setRoundTrip(options.roundTrips[0] ?? 0);
    for (const { name, once } of contestants) {
      await once().catch((error: unknown) => options.say?.(`first turn, ${name}: ${String(error)}`));
    }
  }
  for (const r of options.roundTrips) {
    await options.setRoundTrip(r);
    for (const { name, once } of turnsOf(contestants, options.rounds)) {
      try {
        const sample = await once();
        failures.delete(name);
        for (const [figure, ms] of Object.entries(sample)) note(measured, name, figure, { r, ms });
        options.say?.(`R ${r} ms, ${name}: ${JSON.stringify(sample)}`);
      } catch (error) {
        const times = (failures.get(name) ?? 0) + 1;
        failures.set(name, times);
        options.say?.(`R ${r} ms, ${name}: ${error instanceof Error ? error.message : String(error)}`);
        if (times > 1 || options.rounds === 1) throw error;
      }
    }
  }
  return measured;
}

function note(measured: Record<string, Record<string, Point[]>>, name: string, figure: string, point: Point): void {
  const figures = measured[name] ?? {};
  measured[name] = figures;
  const points = figures[figure] ?? [];
  figures[figure] = points;
  points.push(point);
}

/** Every other one against the rest of the same contestant: what is between them is noise. */
export function halves(points: readonly Point[]): [Point[], Point[]] {
  const counts = new Map<number, number>();
  const sides: [Point[], Point[]] = [[], []];
  for (const point of points) {
    const at = counts.get(point.r) ?? 0;
    counts.set(point.r, at + 1);
    sides[at % 2 === 0 ? 0 : 1].push(point);
  }
  return sides;
}
