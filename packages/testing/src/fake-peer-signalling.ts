import type { Peer, PeerMessage, PeerSignalling } from '@parley/client';
import { settle } from './manual-clock.ts';

/** One instance's end of the signalling within a call. */
class End implements PeerSignalling {
  readonly #wire: FakeSignallingWire;
  readonly #self: string;
  #peers: readonly Peer[];
  readonly #messages = new Set<(message: PeerMessage) => void>();
  readonly #peerListeners = new Set<(peers: readonly Peer[]) => void>();

  constructor(wire: FakeSignallingWire, self: string, peers: readonly Peer[]) {
    this.#wire = wire;
    this.#self = self;
    this.#peers = peers;
  }

  peers(): readonly Peer[] {
    return this.#peers;
  }

  onPeers(listener: (peers: readonly Peer[]) => void): () => void {
    this.#peerListeners.add(listener);
    return () => this.#peerListeners.delete(listener);
  }

  isOnline = true;

  send(to: string, generation: number, payload: string): void {
    this.#wire.carry(to, { from: this.#self, generation, payload });
  }

  onMessage(listener: (message: PeerMessage) => void): () => void {
    this.#messages.add(listener);
    return () => this.#messages.delete(listener);
  }

  /** Who said over the connection itself that it was answered there. */
  readonly answers: string[] = [];

  answered(instanceId: string): void {
    this.answers.push(instanceId);
  }

  deliver(message: PeerMessage): void {
    for (const listener of [...this.#messages]) listener(message);
  }

  setPeers(peers: readonly Peer[]): void {
    this.#peers = peers;
    for (const listener of [...this.#peerListeners]) listener(peers);
  }
}

/** Carries messages between instances in order, as the relay does, and loses those that a test wants lost. */
export class FakeSignallingWire {
  /** Every message that was sent, lost ones among them. */
  readonly log: { readonly to: string; readonly message: PeerMessage }[] = [];
  lose: (message: PeerMessage) => boolean = () => false;
  readonly #ends = new Map<string, End>();

  end(self: string, peers: readonly Peer[]): End {
    const end = new End(this, self, peers);
    this.#ends.set(self, end);
    return end;
  }

  carry(to: string, message: PeerMessage): void {
    this.log.push({ to, message });
    if (this.lose(message)) return;
    void settle().then(() => this.#ends.get(to)?.deliver(message));
  }
}
