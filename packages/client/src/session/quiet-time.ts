import type { Clock } from '../ports/platform.ts';
import type { ServerTime } from '../time/server-time.ts';

/** Timers of browsers overflow beyond 2^31 ms. */
const MOST_TIMER_MS = 86_400_000;

interface QuietDeps {
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  changed(): void;
}

/** Whether the person is not to be disturbed: until an instant by the server's clock, at which it ends by itself. */
export class QuietTime {
  readonly #deps: QuietDeps;
  #until: number | null = null;
  #timer: unknown = null;

  constructor(deps: QuietDeps) {
    this.#deps = deps;
  }

  get on(): boolean {
    return this.#until !== null && this.#until > this.#deps.serverTime.now();
  }

  /** @param until RFC 3339, or null for not at all */
  set(until: string | null): void {
    this.#until = until === null ? null : Date.parse(until);
    this.#arm();
    this.#deps.changed();
  }

  dispose(): void {
    this.#deps.clock.clearTimeout(this.#timer);
  }

  #arm(): void {
    const { clock, serverTime } = this.#deps;
    clock.clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#until === null || !this.on) return;
    const left = Math.min(this.#until - serverTime.now(), MOST_TIMER_MS);
    this.#timer = clock.setTimeout(() => {
      this.#arm();
      if (!this.on) this.#deps.changed();
    }, left);
  }
}
