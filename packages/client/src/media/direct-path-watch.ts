import type { Clock } from '../ports/platform.ts';

/** Two devices that speak with each other and find no path within this need a server between them. */
const DIRECT_PATH_WITHIN_MS = 4_000;

/** Tells once for each epoch that no direct path was found. */
export class DirectPathWatch {
  readonly #clock: Clock;
  readonly #missed: (callId: string, epoch: number) => void;
  readonly #begun = new Set<string>();
  #timer: unknown = null;
  #epoch = 0;

  constructor(clock: Clock, missed: (callId: string, epoch: number) => void) {
    this.#clock = clock;
    this.#missed = missed;
  }

  expect(callId: string, epoch: number): void {
    const key = `${callId}:${epoch}`;
    if (this.#begun.has(key)) return;
    this.#begun.add(key);
    this.#clock.clearTimeout(this.#timer);
    this.#epoch = epoch;
    this.#timer = this.#clock.setTimeout(() => this.#missed(callId, epoch), DIRECT_PATH_WITHIN_MS);
  }

  found(epoch: number): void {
    if (epoch >= this.#epoch) this.#clock.clearTimeout(this.#timer);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#begun.clear();
    this.#epoch = 0;
  }
}
