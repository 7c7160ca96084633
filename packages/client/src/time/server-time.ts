import type { Clock } from '../ports/platform.ts';

/**
 * The server's clock as far as it can be told from here. What arrives was sent a moment ago, so that every observation
 * is a lower bound: within a connection the latest bound wins only if it is higher.
 */
export class ServerTime {
  readonly #clock: Clock;
  #offset = 0;
  #known = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param fresh true at the start of a connection: this device's own clock may have been set since the last one. */
  observe(serverNow: number, fresh = false): void {
    if (!Number.isFinite(serverNow)) return;
    const offset = serverNow - this.#clock.now();
    this.#offset = fresh || !this.#known ? offset : Math.max(this.#offset, offset);
    this.#known = true;
  }

  now(): number {
    return this.#clock.now() + this.#offset;
  }

  /** A server's instant by this device's clock. */
  toLocal(serverInstant: number): number {
    return serverInstant - this.#offset;
  }
}
