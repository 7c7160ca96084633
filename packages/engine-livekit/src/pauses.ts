import { DefaultReconnectPolicy, type ReconnectContext, type ReconnectPolicy } from 'livekit-client';

/** While there is no network an attempt fails at once and troubles nobody: the first one after it should not be seconds away. Milliseconds. */
const OFFLINE_MS = 500;
/** After so long it is no moment any more. */
const OFFLINE_FOR_MS = 60_000;

/**
 * The SDK's pauses between attempts. The first one, of up to half a second, keeps those who lose a server together from coming back
 * together: what a change of this device's own network asks for goes without it.
 */
export class Pauses implements ReconnectPolicy {
  readonly #usual = new DefaultReconnectPolicy();
  readonly #isOffline: () => boolean;
  #skips = false;
  /** Attempts of this row that had no network to fail on. */
  #futile = 0;

  constructor(isOffline = () => globalThis.navigator?.onLine === false) {
    this.#isOffline = isOffline;
  }

  /** The next attempt is made at once, if it is a first one; or not, after all. */
  skipOne(skips = true): void {
    this.#skips = skips;
  }

  /** @returns milliseconds; null where it is given up */
  nextRetryDelayInMs(context: ReconnectContext): number | null {
    const skips = this.#skips && context.retryCount === 0;
    this.#skips = false;
    if (context.retryCount === 0) this.#futile = 0;
    if (this.#isOffline() && context.elapsedMs < OFFLINE_FOR_MS) {
      this.#futile += 1;
      return OFFLINE_MS;
    }
    if (skips) return 0;
    return this.#usual.nextRetryDelayInMs({ ...context, retryCount: Math.max(0, context.retryCount - this.#futile) });
  }
}
