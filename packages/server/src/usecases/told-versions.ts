/** Calls that are remembered, and for how long since one was heard of, in milliseconds. */
const MOST = 50_000;
const KEPT_MS = 600_000;

interface Told {
  /** Up to here everything was told. */
  upTo: number;
  /** Beyond a gap: what was told from one version on, up to another. */
  readonly beyond: Map<number, number>;
  at: number;
}

/**
 * Up to which version of each call everything has been told here. The newest version alone does not say it: the message before it may
 * have been lost, and with it the rings and inbox entries that no later one repeats.
 */
export class ToldVersions {
  readonly #calls = new Map<string, Told>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** 0 for a call of which nothing is known. */
  of(callId: string): number {
    return this.#calls.get(callId)?.upTo ?? 0;
  }

  /** Whether this version was told, whatever was before it. */
  has(callId: string, version: number): boolean {
    const told = this.#calls.get(callId);
    if (!told) return false;
    return told.upTo >= version || [...told.beyond.values()].some((to) => to >= version);
  }

  /** Everything after `from` was told, up to `to`. */
  note(callId: string, from: number, to: number): void {
    const told = this.#calls.get(callId) ?? { upTo: 0, beyond: new Map<number, number>(), at: 0 };
    told.at = this.#now();
    told.beyond.set(from, Math.max(to, told.beyond.get(from) ?? 0));
    for (const [start, end] of [...told.beyond].sort(([a], [b]) => a - b)) {
      if (start > told.upTo) break;
      told.upTo = Math.max(told.upTo, end);
      told.beyond.delete(start);
    }
    // The oldest is the first.
    this.#calls.delete(callId);
    this.#calls.set(callId, told);
    for (const [id, { at }] of this.#calls) {
      if (this.#calls.size <= MOST && this.#now() - at < KEPT_MS) break;
      this.#calls.delete(id);
    }
  }
}
