import { type Hello, PROTOCOL_VERSION } from '@parley/protocol';
import type { Clock } from '../ports/platform.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';
import type { StopReason } from '../transport/websocket-transport.ts';
import type { AuthSession } from './auth-session.ts';
import type { Identity } from './identity.ts';

interface KeeperDeps {
  readonly session: AuthSession;
  readonly identity: () => Promise<Identity>;
  readonly clock: Clock;
  readonly transport: () => SignallingTransport;
  /** What this client has seen: for `hello`. */
  resume(): NonNullable<Hello['resume']>;
  changed(): void;
}

/** Keeps the socket and the session together: hello, new tokens on the open socket, and what follows a refusal. */
export class ConnectionKeeper {
  readonly #deps: KeeperDeps;
  #stopped: 'replaced' | 'version' | null = null;
  /** The token that the server has heard last: what a refusal is about. */
  #token: string | null = null;
  #refusedOnce = false;
  #renewTimer: unknown = null;

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
  }

  get stopped(): 'replaced' | 'version' | null {
    return this.#stopped;
  }

  /** Somebody else is signed in, or nobody. */
  reset(): void {
    this.#stopped = null;
    this.#refusedOnce = false;
    this.#token = null;
  }

  welcomed(): void {
    this.#refusedOnce = false;
  }

  async hello(fresh: boolean): Promise<Hello | null> {
    const { session } = this.#deps;
    const { deviceId, instanceId } = await this.#deps.identity();
    const token = fresh && this.#token !== null ? await session.renew(this.#token) : await session.accessToken();
    if (token === null) return null;
    this.#token = token;
    return { t: 'hello', v: PROTOCOL_VERSION, token, deviceId, instanceId, resume: this.#deps.resume() };
  }

  async transportStopped(reason: StopReason): Promise<void> {
    const { session } = this.#deps;
    if (reason !== 'unauthenticated') {
      this.#stopped = reason;
      this.#deps.changed();
      return;
    }
    // Refused twice in a row, the second time with a new token: the session is over.
    if (this.#refusedOnce || this.#token === null) {
      await session.end();
      return;
    }
    this.#refusedOnce = true;
    try {
      if ((await session.renew(this.#token)) === null) return;
    } catch {
      // Out of reach: that says nothing about the session. The transport asks again, with its pauses.
      this.#refusedOnce = false;
    }
    if (session.user) this.#deps.transport().start();
  }

  /** A socket lives longer than a token: the new one is told on the open socket. */
  async tokenChanged(): Promise<void> {
    this.#armRenewal();
    const token = await this.#deps.session.accessToken().catch(() => null);
    if (token === null || token === this.#token) return;
    if (this.#deps.transport().send({ t: 'token', token })) this.#token = token;
  }

  /** Asked at every ping too: timers of hidden tabs are throttled. */
  async renewAhead(): Promise<void> {
    await this.#deps.session.accessToken().catch(() => undefined);
    this.#armRenewal();
  }

  dispose(): void {
    this.#deps.clock.clearTimeout(this.#renewTimer);
  }

  #armRenewal(): void {
    const { clock, session } = this.#deps;
    clock.clearTimeout(this.#renewTimer);
    const wait = session.renewIn();
    this.#renewTimer = wait === null ? null : clock.setTimeout(() => void this.renewAhead(), wait);
  }
}
