import type { MediaCredentials } from '@parley/protocol';
import { ApiError } from '../api/api-error.ts';
import type { Clock } from '../ports/platform.ts';
import type { ServerTime } from '../time/server-time.ts';
import { type Backoff, fullJitter } from '../transport/backoff.ts';

/** The part of their life after which credentials are renewed: the rest is for a server that is out of reach. */
const RENEW_AFTER = 0.8;
/** Credentials that say they run out at once (a clock is wrong) are not asked for without end. */
const LEAST_PAUSE_MS = 10_000;
/** Timers of some platforms cannot wait for longer than 24.8 days. */
const MOST_PAUSE_MS = 86_400_000;

interface RenewalDeps {
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  readonly random: () => number;
  fetch(): Promise<MediaCredentials>;
  /** @param late the old ones had run out already. A rejection counts as a renewal that failed. */
  renewed(credentials: MediaCredentials, late: boolean): Promise<void>;
}

/** Renews the credentials of one call before they run out, for as long as it takes: the call goes on meanwhile. */
export class CredentialRenewal {
  readonly #deps: RenewalDeps;
  readonly #backoff: Backoff;
  #dueAt = Number.POSITIVE_INFINITY;
  #expiresAt = Number.POSITIVE_INFINITY;
  #timer: unknown = null;
  #renewing = false;
  #stopped = false;

  constructor(deps: RenewalDeps) {
    this.#deps = deps;
    this.#backoff = fullJitter(deps.random, 1_000, 30_000);
  }

  /** These are used from now on. */
  follow(credentials: MediaCredentials): void {
    const now = this.#deps.serverTime.now();
    this.#expiresAt = Date.parse(credentials.expiresAt);
    const life = Math.max(0, this.#expiresAt - now);
    this.#dueAt = now + life * RENEW_AFTER;
    this.#arm(Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, life * RENEW_AFTER)));
  }

  /** The path is about to be mended: a timer may have slept with the machine. */
  look(): void {
    if (this.#deps.serverTime.now() >= this.#dueAt) void this.#renew();
  }

  /** What there is was refused, or has come to nothing: others are wanted, after the usual pause. */
  refused(): void {
    if (!this.#stopped && !this.#renewing) this.#arm(this.#backoff.next());
  }

  stop(): void {
    this.#stopped = true;
    this.#deps.clock.clearTimeout(this.#timer);
  }

  async #renew(): Promise<void> {
    if (this.#renewing || this.#stopped) return;
    this.#renewing = true;
    this.#deps.clock.clearTimeout(this.#timer);
    const late = this.#deps.serverTime.now() >= this.#expiresAt;
    try {
      const credentials = await this.#deps.fetch();
      if (this.#stopped) return;
      await this.#deps.renewed(credentials, late);
      this.#backoff.reset();
      if (!this.#stopped) this.follow(credentials);
    } catch (error) {
      const retryAfter = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
      if (!this.#stopped) this.#arm(Math.max(retryAfter, this.#backoff.next()));
    } finally {
      this.#renewing = false;
    }
  }

  #arm(ms: number): void {
    const { clock } = this.#deps;
    clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => void this.#renew(), ms);
  }
}
