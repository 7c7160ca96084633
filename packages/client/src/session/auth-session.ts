import { type GuestSession, Session, type User } from '@parley/protocol';
import { ApiError } from '../api/api-error.ts';
import type { Http } from '../api/http.ts';
import type { Locks } from '../ports/locks.ts';
import type { Clock, KeyValueStore } from '../ports/platform.ts';
import type { ServerTime } from '../time/server-time.ts';

export type SessionState = 'loading' | 'signed_out' | 'signed_in';

const STORAGE_KEY = 'parley.session';
const LOCK = 'parley.session';
/** A token that expires within this time is renewed before it is used. */
const RENEW_AHEAD_MS = 60_000;
/** A clock that runs wrong must not make the client renew at every request. */
const RENEW_PAUSE_MS = 30_000;
/** Timers of browsers overflow beyond 2^31 ms. */
const MOST_TIMER_MS = 86_400_000;

interface AuthDeps {
  readonly http: Http;
  readonly storage: KeyValueStore;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly serverTime: ServerTime;
}

/** Who is signed in, and with which tokens. The refresh token is used once: one at a time, across all tabs. */
export class AuthSession {
  readonly #deps: AuthDeps;
  readonly #listeners = new Set<() => void>();
  #session: Session | null = null;
  #state: SessionState = 'loading';
  #refreshing: Promise<Session | null> | null = null;
  #renewedAt = Number.NEGATIVE_INFINITY;

  readonly #unlisten: () => void;

  constructor(deps: AuthDeps) {
    this.#deps = deps;
    this.#unlisten = deps.storage.onChange(STORAGE_KEY, () => void this.#follow());
  }

  get state(): SessionState {
    return this.#state;
  }

  get user(): User | null {
    return this.#session?.user ?? null;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async load(): Promise<void> {
    const stored = await this.#read();
    if (this.#state === 'loading') this.#become(stored);
  }

  signUp(input: { email: string; password: string; displayName: string }): Promise<User> {
    return this.#enter('/api/auth/sign-up', input);
  }

  signIn(input: { email: string; password: string }): Promise<User> {
    return this.#enter('/api/auth/sign-in', input);
  }

  /** Somebody without an account, who was let in for one call: their token is not renewed. */
  async enterAsGuest({ accessToken, expiresAt, user }: GuestSession): Promise<void> {
    await this.#keep({ accessToken, refreshToken: '', expiresAt, user });
  }

  get isGuest(): boolean {
    return this.#session?.refreshToken === '';
  }

  /** Signs out here at once; the server is told as far as it can be reached. */
  async signOut(): Promise<void> {
    const session = this.#session;
    await this.#forget();
    if (!session || session.refreshToken === '') return;
    // By the refresh token: the access token may have run out long ago, and the session on the server has not.
    const body = { refreshToken: session.refreshToken };
    await this.#deps.http.send({ method: 'POST', path: '/api/auth/sign-out', body }).catch(() => undefined);
  }

  /** A token that is good for a while; null if nobody is signed in. @throws ApiError when it ran out and cannot be renewed now. */
  async accessToken(): Promise<string | null> {
    const session = this.#session;
    if (!session) return null;
    const left = Date.parse(session.expiresAt) - this.#deps.serverTime.now();
    const renewedJustNow = this.#deps.clock.now() - this.#renewedAt < RENEW_PAUSE_MS;
    if (left > RENEW_AHEAD_MS || renewedJustNow) return session.accessToken;
    if (this.isGuest && left > 0) return session.accessToken;
    try {
      return (await this.#refresh())?.accessToken ?? null;
    } catch (error) {
      if (left > 0) return session.accessToken;
      throw error;
    }
  }

  /** Milliseconds until the token should be renewed: at least a second; null if nobody is signed in. */
  renewIn(): number | null {
    if (!this.#session || this.isGuest) return null;
    const left = Date.parse(this.#session.expiresAt) - this.#deps.serverTime.now() - RENEW_AHEAD_MS;
    const pause = this.#renewedAt + RENEW_PAUSE_MS - this.#deps.clock.now();
    return Math.min(Math.max(left, pause, 1_000), MOST_TIMER_MS);
  }

  /**
   * For a token that the server has refused. @returns null if the session is over, or has become another person's (who
   * signed in in another tab): what one person asked for is never sent as another. @throws ApiError (network)
   */
  async renew(refused: string): Promise<string | null> {
    const current = this.#session;
    if (!current) return null;
    if (current.accessToken !== refused) return current.accessToken;
    const renewed = await this.#refresh();
    return renewed?.user.id === current.user.id ? renewed.accessToken : null;
  }

  /**
   * The person of this session has another name, given here or on another device. Never while tokens are exchanged: what is
   * written would be the old ones.
   */
  async rename({ id, displayName }: User): Promise<void> {
    const { user } = this;
    if (user?.id !== id || user.displayName === displayName) return;
    await this.#deps.locks.exclusive(LOCK, async () => {
      const named = (session: Session | null) =>
        session?.user.id === id ? { ...session, user: { id, displayName } } : null;
      const [mine, stored] = [named(this.#session), named(await this.#read())];
      if (stored) await this.#deps.storage.set(STORAGE_KEY, JSON.stringify(stored));
      if (mine && this.#session?.refreshToken === mine.refreshToken) this.#become(mine);
    });
  }

  dispose(): void {
    this.#unlisten();
    this.#listeners.clear();
  }

  /** The session is over, whatever the reason. */
  async end(): Promise<void> {
    await this.#forget();
  }

  /** Another tab has signed out, has signed somebody in, or has renewed the tokens: this one goes along at once. */
  async #follow(): Promise<void> {
    const stored = await this.#read();
    if (
      stored?.refreshToken === this.#session?.refreshToken &&
      stored?.user.displayName === this.#session?.user.displayName
    ) {
      return;
    }
    if (stored) this.#renewedAt = this.#deps.clock.now();
    this.#become(stored);
  }

  async #enter(path: string, body: unknown): Promise<User> {
    const { data } = await this.#deps.http.send({ method: 'POST', path, body, schema: Session });
    await this.#keep(data);
    return data.user;
  }

  #refresh(): Promise<Session | null> {
    this.#refreshing ??= this.#deps.locks
      .exclusive(LOCK, () => this.#rotate())
      .finally(() => {
        this.#refreshing = null;
      });
    return this.#refreshing;
  }

  async #rotate(): Promise<Session | null> {
    const mine = this.#session;
    if (!mine) return null;
    if (this.isGuest) {
      await this.#forget();
      return null;
    }
    const stored = await this.#read();
    if (stored === null) {
      // Another tab has signed out.
      this.#become(null);
      return null;
    }
    if (stored.refreshToken !== mine.refreshToken) {
      // Another tab has renewed it, and what it got is newer than ours.
      this.#renewedAt = this.#deps.clock.now();
      this.#become(stored);
      return stored;
    }
    try {
      const body = { refreshToken: mine.refreshToken };
      const { data } = await this.#deps.http.send({
        method: 'POST',
        path: '/api/auth/refresh',
        body,
        schema: Session,
      });
      // Somebody may have signed out while the answer was on its way. Another name alone is no reason to lose the tokens.
      if (this.#session?.refreshToken !== mine.refreshToken) return this.#session;
      await this.#keep(data);
      return data;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      await this.#forget();
      return null;
    }
  }

  async #keep(session: Session): Promise<void> {
    this.#renewedAt = this.#deps.clock.now();
    await this.#deps.storage.set(STORAGE_KEY, JSON.stringify(session));
    this.#become(session);
  }

  async #forget(): Promise<void> {
    this.#become(null);
    await this.#deps.storage.remove(STORAGE_KEY);
  }

  async #read(): Promise<Session | null> {
    const text = await this.#deps.storage.get(STORAGE_KEY);
    if (text === null) return null;
    try {
      const parsed = Session.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : null;
    } catch {
      return null;
    }
  }

  #become(session: Session | null): void {
    this.#session = session;
    this.#state = session ? 'signed_in' : 'signed_out';
    for (const listener of [...this.#listeners]) listener();
  }
}
