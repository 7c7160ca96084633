import type { CallView } from '@parley/protocol';
import type { Self } from '../calls/state.ts';
import type { Peer, PeerMessage, PeerSignalling } from '../ports/peer-signalling.ts';
import type { Clock } from '../ports/platform.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';

const MOST_WAITING = 200;
/** What was sent within this time before the socket was lost may have gone nowhere: a dead network takes everything, and says nothing. */
const UNSURE_MS = 5_000;
/** So many ringing devices are connected ahead; those that come later are connected when they answer. */
const MOST_WARM = 3;

interface Outgoing {
  readonly to: string;
  readonly generation: number;
  readonly payload: string;
}

/** Where somebody takes part, or can. */
export type Seat = Pick<CallView['seats'][number], 'userId' | 'instanceId'>;

/**
 * The signalling of one call and epoch, as an engine sees it. What is sent while the socket is down waits (in order,
 * bounded) until it is up again; what arrives before the engine listens waits too.
 */
export class CallSignalling implements PeerSignalling {
  readonly callId: string;
  readonly epoch: number;
  readonly #transport: SignallingTransport;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #listeners = new Set<(message: PeerMessage) => void>();
  readonly #peerListeners = new Set<(peers: readonly Peer[]) => void>();
  readonly #answerListeners = new Set<() => void>();
  readonly #unlisten: () => void;
  #peers: readonly Peer[] = [];
  #view: { readonly view: CallView; readonly self: Self } | null = null;
  /** Devices for which this call rings, in the order in which they said that they can take part. */
  #ready: readonly Seat[] = [];
  /** The device that says over the connection that it was answered there. */
  #answeredBy: string | null = null;
  /** Tapped here; the server's word may still be on its way. */
  #answeredHere = false;
  #outbox: readonly Outgoing[] = [];
  #sent: readonly (Outgoing & { readonly at: number })[] = [];
  #early: PeerMessage[] = [];

  constructor(callId: string, epoch: number, transport: SignallingTransport, clock: Pick<Clock, 'now'>) {
    this.callId = callId;
    this.epoch = epoch;
    this.#transport = transport;
    this.#clock = clock;
    let lostAt = 0;
    this.#unlisten = transport.onState((state) => {
      if (state === 'online') this.#again(lostAt);
      else if (state === 'offline') lostAt = clock.now();
    });
  }

  peers(): readonly Peer[] {
    return this.#peers;
  }

  onPeers(listener: (peers: readonly Peer[]) => void): () => void {
    this.#peerListeners.add(listener);
    return () => this.#peerListeners.delete(listener);
  }

  get isOnline(): boolean {
    return this.#transport.state === 'online';
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
    this.#view = { view, self };
    this.#follow();
  }

  /** A device of somebody for whom it rings can be connected with ahead. */
  ready(seat: Seat): void {
    // It keeps its place when it is named again: of more than can be connected ahead the others would change in turn.
    if (this.#ready.some(({ instanceId }) => instanceId === seat.instanceId)) return;
    this.#ready = [...this.#ready, seat];
    this.#follow();
  }

  /** It is answered here: what this device has goes out at once. The server may still find that another one was faster. */
  answer(): void {
    this.#answeredHere = true;
    this.#follow();
  }

  /** The first one counts, until the server's word comes with the seats. */
  answered(instanceId: string): void {
    const rings = this.#peers.some((peer) => peer.instanceId === instanceId && peer.warm === true);
    const isReady = this.#ready.some((seat) => seat.instanceId === instanceId);
    if (!rings || !isReady || this.#answeredBy !== null) return;
    this.#answeredBy = instanceId;
    this.#follow();
    for (const listener of [...this.#answerListeners]) listener();
  }

  /** The server's word did not come: it rings on. */
  doubt(): void {
    this.#answeredBy = null;
    this.#follow();
  }

  onAnswered(listener: () => void): () => void {
    this.#answerListeners.add(listener);
    return () => this.#answerListeners.delete(listener);
  }

  #follow(): void {
    if (this.#view === null) return;
    const { view, self } = this.#view;
    const initiator = view.call.initiatorId;
    const answered = this.#answeredHere || view.seats.some(({ userId }) => userId === self.user.id);
    const peerOf = ({ userId, instanceId }: Seat, warm: boolean): Peer => ({
      userId,
      instanceId,
      polite: isPolite(self.user.id, userId, initiator),
      ...(warm ? { warm } : {}),
    });
    const seated = view.seats.filter(({ userId }) => userId !== self.user.id).map((seat) => peerOf(seat, !answered));
    const rung = this.#rung(view, self).map((seat) => peerOf(seat, seat.instanceId !== this.#answeredBy));
    const peers = [...seated, ...rung];
    if (JSON.stringify(peers) === JSON.stringify(this.#peers)) return;
    this.#peers = peers;
    for (const listener of [...this.#peerListeners]) listener(peers);
  }

  receive(message: PeerMessage): void {
    if (this.#listeners.size === 0) this.#early = [...this.#early, message].slice(-MOST_WAITING);
    for (const listener of [...this.#listeners]) listener(message);
  }

  /** Only who calls connects ahead with those that ring, and only as long as all of it rings. */
  #rung({ call }: CallView, self: Self): readonly Seat[] {
    if (call.status !== 'ringing' || call.initiatorId !== self.user.id) return [];
    const rings = (id: string) => call.participants.some(({ userId, state }) => userId === id && state === 'ringing');
    return this.#ready.filter(({ userId }) => rings(userId)).slice(0, MOST_WARM);
  }

  close(): void {
    this.#unlisten();
    this.#answerListeners.clear();
    this.#listeners.clear();
    this.#peerListeners.clear();
    this.#outbox = [];
    this.#sent = [];
  }

  /** Whoever has it already knows it by its session and number. */
  #again(lostAt: number): void {
    const unsure = this.#sent.filter(({ at }) => lostAt - at <= UNSURE_MS);
    this.#sent = [];
    this.#outbox = [...unsure, ...this.#outbox].slice(-MOST_WAITING);
    this.#flush();
  }

  #flush(): void {
    while (this.#outbox.length > 0) {
      const [first, ...rest] = this.#outbox;
      if (!first) return;
      const { to, generation, payload } = first;
      if (!this.#transport.send({ t: 'relay', callId: this.callId, to, epoch: this.epoch, generation, payload }))
        return;
      this.#outbox = rest;
      this.#sent = [...this.#sent, { to, generation, payload, at: this.#clock.now() }].slice(-MOST_WAITING);
    }
  }
}

/** The initiator of the call offers; between two others the smaller id does. Both sides come to the same answer. */
function isPolite(self: string, peer: string, initiator: string): boolean {
  if (self === initiator) return false;
  return peer === initiator || self > peer;
}
