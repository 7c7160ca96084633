import type { Clock } from '@parley/client';

interface Timer {
  readonly id: number;
  readonly at: number;
  readonly run: () => void;
}

/** A clock that is turned by hand: nothing in a test waits for real time. */
export class ManualClock implements Clock {
  #now: number;
  #next = 1;
  #timers: Timer[] = [];

  constructor(start = Date.parse('2026-11-22T12:00:00.000Z')) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(run: () => void, ms: number): unknown {
    const id = this.#next++;
    this.#timers.push({ id, at: this.#now + Math.max(0, ms), run });
    return id;
  }

  clearTimeout(handle: unknown): void {
    this.#timers = this.#timers.filter(({ id }) => id !== handle);
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Runs what is due within the time, in order; what promises do in between is let happen first. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await quiet();
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.id - b.id)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
      await quiet();
    }
    this.#now = end;
  }

  /** Turns the clock in small steps until the condition holds. @throws Error after `mostMs` of its own time. */
  async until(condition: () => boolean, what: string, mostMs = 300_000): Promise<void> {
    const end = this.#now + mostMs;
    await quiet();
    while (!condition()) {
      if (this.#now >= end) throw new Error(`did not come about: ${what}`);
      await this.advance(50);
    }
  }
}

/** Longest chain of steps that a fake takes without time passing (a whole negotiation). */
const MOST_STEPS = 25;

async function quiet(): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step++) await settle();
}

/** Lets everything happen that waits for promises only; a fake takes one such step at a time. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
