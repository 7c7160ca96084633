import { DefaultReconnectPolicy, type ReconnectContext, type ReconnectPolicy } from 'livekit-client';

/**
 * The SDK's pauses between attempts. The first one, of up to half a second, keeps those who lose a server together from coming back
 * together: what a change of this device's own network asks for goes without it.
 */
export class Pauses implements ReconnectPolicy {
  readonly #usual = new DefaultReconnectPolicy();
  #skips = false;

  /** The next attempt is made at once, if it is a first one; or not, after all. */
  skipOne(skips = true): void {
    this.#skips = skips;
  }

  /** @returns milliseconds; null where it is given up */
  nextRetryDelayInMs(context: ReconnectContext): number | null {
    const skips = this.#skips && context.retryCount === 0;
    this.#skips = false;
    return skips ? 0 : this.#usual.nextRetryDelayInMs(context);
  }
}
