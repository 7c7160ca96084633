import type { ClientMessage, ServerMessage } from '@parley/protocol';
import type { NetworkHint } from './platform.ts';

export type TransportState = 'offline' | 'connecting' | 'online';

/** Carries signalling messages. It connects and reconnects by itself; `hello` is asked for at each connection. */
export interface SignallingTransport {
  readonly state: TransportState;
  start(): void;
  stop(): void;
  /** False when it is not online: the message was not sent. */
  send(message: ClientMessage): boolean;
  /** A hint that it may be worth trying at once (network back, tab visible). */
  nudge(): void;
  /**
   * Another network may be used now: a socket that gives no sign of life at once is replaced. After there was none (`back`) it is
   * replaced without a question.
   */
  networkChanged(hint: NetworkHint): void;
  onMessage(listener: (message: ServerMessage) => void): () => void;
  onState(listener: (state: TransportState) => void): () => void;
}
