import type { P2pPlatform } from './peer-connection.ts';

/** A short break often mends itself (a few lost checks): longer than this it does not wait. */
const PATIENCE_MS = 1_500;
/** Description exchanged, but no path found: candidates may have been lost. */
const FIRST_PATH_MS = 10_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;
/** Broken for so long it is called failed, though it is still tried. */
const FAILED_AFTER_MS = 30_000;
/** Hints of one and the same change come together: the platform's, the socket's, and that nothing comes any more. */
const SAME_HINT_MS = 500;

export type Health = 'connecting' | 'connected' | 'reconnecting' | 'failed';

/** Decides when a broken path is mended, with growing pauses, and what its state is called meanwhile. */
export class Mender {
  readonly #platform: P2pPlatform;
  readonly #mend: (attempt: number) => void;
  readonly #changed: () => void;
  #health: Health = 'connecting';
  #attempt = 0;
  #timer: unknown = null;
  #failTimer: unknown = null;
  #hurriedAt = Number.NEGATIVE_INFINITY;
  #wasConnected = false;

  constructor(platform: P2pPlatform, mend: (attempt: number) => void, changed: () => void) {
    this.#platform = platform;
    this.#mend = mend;
    this.#changed = changed;
  }

  get health(): Health {
    return this.#health;
  }

  /** @param state `RTCPeerConnection.connectionState` */
  heard(state: string): void {
    if (state === 'connected') {
      this.#wasConnected = true;
      this.#attempt = 0;
      this.stop();
      this.#become('connected');
    } else if (state === 'disconnected' || state === 'failed') {
      this.#become(this.#health === 'failed' ? 'failed' : this.#wasConnected ? 'reconnecting' : 'connecting');
      this.#failTimer ??= this.#platform.setTimeout(() => this.#become('failed'), FAILED_AFTER_MS);
      if (this.#timer === null || state === 'failed') this.#arm(state === 'failed' ? this.#pause() : PATIENCE_MS);
    }
  }

  /** Descriptions were exchanged: from here on a path should be found soon. */
  expectPath(): void {
    if (this.#health !== 'connected' && this.#timer === null) this.#arm(FIRST_PATH_MS);
  }

  /** The connection was replaced by a new one. */
  renewed(): void {
    if (!this.#wasConnected || this.#health !== 'connected') return;
    // It is young: what was due for the one before would disturb it.
    this.#arm(FIRST_PATH_MS);
    this.#failTimer ??= this.#platform.setTimeout(() => this.#become('failed'), FAILED_AFTER_MS);
    this.#become('reconnecting');
  }

  /** Now, and with short pauses again. */
  hurry(): void {
    const now = this.#platform.now();
    if (now - this.#hurriedAt < SAME_HINT_MS) return;
    this.#hurriedAt = now;
    this.#attempt = 0;
    this.#try();
  }

  stop(): void {
    this.#platform.clearTimeout(this.#timer);
    this.#platform.clearTimeout(this.#failTimer);
    this.#timer = null;
    this.#failTimer = null;
  }

  #try(): void {
    this.#attempt += 1;
    this.#mend(this.#attempt);
    this.#arm(this.#pause());
  }

  #pause(): number {
    return this.#attempt === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#attempt - 1));
  }

  #arm(ms: number): void {
    this.#platform.clearTimeout(this.#timer);
    this.#timer = this.#platform.setTimeout(() => {
      this.#timer = null;
      if (this.#health !== 'connected') this.#try();
    }, ms);
  }

  #become(health: Health): void {
    if (this.#health === health) return;
    this.#health = health;
    this.#changed();
  }
}
