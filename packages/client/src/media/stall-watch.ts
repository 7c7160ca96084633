import type { Clock } from '../ports/platform.ts';

/** A media path that stays broken for so long, while the signalling is up, is not coming back. */
export const MEDIA_GIVES_UP_MS = 20_000;

/** Measures how long something has been bad without a break. */
export class StallWatch {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #expired: () => void;
  #timer: unknown = null;

  constructor(clock: Clock, ms: number, expired: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#expired = expired;
  }

  set(bad: boolean): void {
    if (!bad) {
      this.stop();
      return;
    }
    this.#timer ??= this.#clock.setTimeout(() => {
      this.#timer = null;
      this.#expired();
    }, this.#ms);
  }

  stop(): void {
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }
}
