import type { ConnectionsAhead } from '@parley/client';
import type { Ice, P2pPlatform, PeerConnection } from './peer-connection.ts';

/** A platform one of whose connections may have been made already. */
export class PreparedConnections implements ConnectionsAhead {
  /** Hands out the prepared connection to the first who wants one with its servers. */
  readonly platform: P2pPlatform;
  readonly #inner: P2pPlatform;
  #ready: { readonly ice: Ice; readonly connection: PeerConnection } | null = null;

  constructor(inner: P2pPlatform) {
    this.#inner = inner;
    this.platform = { ...inner, connection: (ice) => this.#take(ice) ?? inner.connection(ice) };
  }

  prepare(ice: Ice): void {
    if (this.#ready !== null && isSame(this.#ready.ice, ice)) return;
    this.release();
    this.#ready = { ice, connection: this.#inner.connectionAhead?.(ice) ?? this.#inner.connection(ice) };
  }

  release(): void {
    this.#ready?.connection.close();
    this.#ready = null;
  }

  #take(ice: Ice): PeerConnection | null {
    const ready = this.#ready;
    if (ready === null || !isSame(ready.ice, ice) || ready.connection.connectionState === 'closed') return null;
    this.#ready = null;
    return ready.connection;
  }
}

const isSame = (one: Ice, other: Ice): boolean => keyOf(one) === keyOf(other);
const keyOf = ({ iceServers, relayOnly }: Ice): string => JSON.stringify([iceServers, relayOnly]);
