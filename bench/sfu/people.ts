// The people of one opening, as a process of their own: their library is native, and has died of being left and entered again many times.
import { Calls, type Flowed, type Shape } from './calls.ts';
import type { Reached } from './place.ts';

export interface Ask {
  readonly shape: Shape;
  readonly places: readonly [Reached, Reached];
  readonly windows: number;
  readonly windowMs: number;
}

/** What the two media servers carried in the same moments; windows in which somebody had to connect again are left out. */
export type Opening = readonly (readonly [Flowed, Flowed])[];

async function measure({ shape, places, windows, windowMs }: Ask): Promise<Opening> {
  const calls = await Promise.all(places.map((place) => Calls.open(place, shape)));
  for (const one of calls) await one.begin();
  const found: (readonly [Flowed, Flowed])[] = [];
  for (let index = 0; index < windows; index += 1) {
    const [one, other] = await Promise.all(calls.map((side) => side.measure(windowMs)));
    if (one && other && !one.broken && !other.broken) found.push([one, other]);
  }
  return found;
}

process.once('message', (ask: Ask) => {
  // Nobody leaves: the servers go with them.
  measure(ask).then(
    (opening) => process.send?.(opening, undefined, undefined, () => process.exit()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
