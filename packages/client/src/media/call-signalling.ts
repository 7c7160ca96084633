import type { CallView } from '@parley/protocol';
import type { Self } from '../calls/state.ts';
import type { Peer, PeerMessage, PeerSignalling } from '../ports/peer-signalling.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';

const MOST_WAITING = 200;

/**
 * The signalling of one call and epoch, as an engine sees it. What is sent while the socket is down waits (in order,
 * bounded) until it is up again; what arrives before the engine listens waits too.
 */
export class CallSignalling implements PeerSignalling {
  readonly callId: string;
  readonly epoch: number;
  readonly #transport: SignallingTransport;
  readonly #listeners = new Set<(message: PeerMessage) => void>();
  readonly #peerListeners = new Set<(peers: readonly Peer[]) => void>();
  readonly #unlisten: () => void;
  #peers: readonly Peer[] = [];
  #outbox: { readonly to: string; readonly generation: number; readonly payload: string }[] = [];
  #early: PeerMessage[] = [];

  constructor(callId: string, epoch: number, transport: SignallingTransport) {
    this.callId = callId;
    this.epoch = epoch;
    this.#transport = transport;
    this.#unlisten = transport.onState((state) => {
      if (state === 'online') this.#flush();
    });
  }

  peers(): readonly Peer[] {
    return this.#peers;
  }

  onPeers(listener: (peers: readonly Peer[]) => void): () => void {
    this.#peerListeners.add(listener);
    return () => this.#peerListeners.delete(listener);
  }

  send(to: string, generation: number, payload: string): void {
    this.#outbox = [...this.#outbox, { to, generation, payload }].slice(-MOST_WAITING);
    this.#flush();
  }

  onMessage(listener: (message: PeerMessage) => void): () => void {
    this.#listeners.add(listener);
    const early = this.#early;
    this.#early = [];
    for (const message of early) listener(message);
    return () => this.#listeners.delete(listener);
  }

  /** The seats of the newest view: who is to be connected with. */
  seats(view: CallView, self: Self): void {
    const initiator = view.call.initiatorId;
    const peers = view.seats
      .filter(({ userId }) => userId !== self.user.id)
      .map(
        ({ userId, instanceId }): Peer => ({ userId, instanceId, polite: isPolite(self.user.id, userId, initiator) }),
      );
    if (JSON.stringify(peers) === JSON.stringify(this.#peers)) return;
    this.#peers = peers;
    for (const listener of [...this.#peerListeners]) listener(peers);
  }

  receive(message: PeerMessage): void {
    if (this.#listeners.size === 0) this.#early = [...this.#early, message].slice(-MOST_WAITING);
    for (const listener of [...this.#listeners]) listener(message);
  }

  close(): void {
    this.#unlisten();
    this.#listeners.clear();
    this.#peerListeners.clear();
    this.#outbox = [];
  }

  #flush(): void {
    while (this.#outbox.length > 0) {
      const [first, ...rest] = this.#outbox;
      if (!first) return;
      const { to, generation, payload } = first;
      if (!this.#transport.send({ t: 'relay', callId: this.callId, to, epoch: this.epoch, generation, payload }))
        return;
      this.#outbox = rest;
    }
  }
}

/** The initiator of the call offers; between two others the smaller id does. Both sides come to the same answer. */
function isPolite(self: string, peer: string, initiator: string): boolean {
  if (self === initiator) return false;
  return peer === initiator || self > peer;
}
