import type { ServerClock } from '../../src/ports/clock.ts';
import type { Timers } from '../../src/ports/timers.ts';

interface Entry {
  readonly at: number;
  readonly run: () => void;
}

/** Timers and a clock that only move when the test says so. */
export class ManualTimers implements Timers {
  readonly #entries = new Map<number, Entry>();
  #next = 1;
  #now: number;

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  get pending(): number {
    return this.#entries.size;
  }

  setTimeout(run: () => void, ms: number): number {
    const handle = this.#next++;
    this.#entries.set(handle, { at: this.#now + ms, run });
    return handle;
  }

  clearTimeout(handle: unknown): void {
    if (typeof handle === 'number') this.#entries.delete(handle);
  }

  /** Runs what is due on the way, in order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const due = [...this.#entries].filter(([, e]) => e.at <= until).sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
      if (!due) break;
      const [handle, entry] = due;
      this.#entries.delete(handle);
      this.#now = Math.max(this.#now, entry.at);
      entry.run();
    }
    this.#now = until;
  }

  /** The clock jumps without any timer having run: the process stood still. */
  freeze(ms: number): void {
    this.#now += ms;
  }
}

/** A server's clock whose skew a test turns by hand; the database's clock goes along. */
export class ManualClock implements ServerClock {
  #skew = 0;
  readonly #base: () => number;

  constructor(base: () => number = Date.now) {
    this.#base = base;
  }

  now = (): number => this.#base();
  skewMs = (): number => this.#skew;

  turn(ms: number): void {
    this.#skew += ms;
  }
}
