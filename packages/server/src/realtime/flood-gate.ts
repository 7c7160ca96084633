import { BOUNDS } from './bounds.ts';

export type GateVerdict = 'pass' | 'over' | 'flood';

/** Token bucket of one socket: 30 messages a second with a burst of 200; beyond it for 3 s is a flood. */
export class FloodGate {
  #tokens: number = BOUNDS.messageBurst;
  #at: number;
  #overSince: number | null = null;

  constructor(now: number) {
    this.#at = now;
  }

  take(now: number): GateVerdict {
    const gained = (Math.max(0, now - this.#at) * BOUNDS.messagesPerSecond) / 1000;
    this.#tokens = Math.min(BOUNDS.messageBurst, this.#tokens + gained);
    this.#at = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      // Only a whole second's worth in hand shows that the sender has slowed down.
      if (this.#tokens >= BOUNDS.messagesPerSecond) this.#overSince = null;
      return 'pass';
    }
    this.#overSince ??= now;
    return now - this.#overSince >= BOUNDS.floodMs ? 'flood' : 'over';
  }

  /** Milliseconds until one more message passes. */
  get retryAfterMs(): number {
    return Math.ceil(((1 - this.#tokens) * 1000) / BOUNDS.messagesPerSecond);
  }
}
