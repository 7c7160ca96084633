import type { MediaTrack } from '@parley/client';
import { settle } from './manual-clock.ts';

interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

interface Candidate {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  readonly usernameFragment?: string | null;
}

/**
 * A world of peer connections in memory, with just enough of JSEP and ICE to break them: descriptions name a connection
 * and its ICE generation, a path needs candidates of both sides, and the network can be cut.
 */
export class FakeWebRtc {
  readonly connections = new Map<number, FakePeerConnection>();
  #path: 'up' | 'down' = 'up';
  #next = 1;
  /** Nothing comes through, and no connection has noticed yet. */
  silent = false;

  readonly connect = (): FakePeerConnection => {
    const connection = new FakePeerConnection(this, this.#next++);
    this.connections.set(connection.id, connection);
    return connection;
  };

  readonly stream = (): FakeStream => new FakeStream(`stream-${this.#next++}`);

  get pathIsUp(): boolean {
    return this.#path === 'up';
  }

  /** Connections that are not closed. */
  get open(): readonly FakePeerConnection[] {
    return [...this.connections.values()].filter(({ connectionState }) => connectionState !== 'closed');
  }

  /** @param hard ICE gives up too: only a restart helps then. */
  cut(hard = false): void {
    this.#path = 'down';
    for (const connection of this.open) connection.lose(hard);
  }

  mend(): void {
    this.#path = 'up';
    for (const connection of this.open) connection.look();
  }
}

export class FakeStream {
  readonly id: string;
  #tracks: MediaTrack[] = [];

  constructor(id: string) {
    this.id = id;
  }

  getTracks(): readonly MediaTrack[] {
    return [...this.#tracks];
  }

  addTrack(track: MediaTrack): void {
    this.#tracks = [...this.#tracks, track];
  }

  removeTrack(track: MediaTrack): void {
    this.#tracks = this.#tracks.filter((other) => other !== track);
  }
}

interface FakeEncoding {
  active?: boolean | undefined;
  maxBitrate?: number | undefined;
  maxFramerate?: number | undefined;
  scaleResolutionDownBy?: number | undefined;
}

class FakeSender {
  track: MediaTrack | null = null;
  parameters: { encodings: FakeEncoding[]; degradationPreference?: string | undefined } = {
    encodings: [{}],
  };

  async replaceTrack(track: MediaTrack | null): Promise<void> {
    await settle();
    this.track = track;
  }

  getParameters() {
    return structuredClone(this.parameters);
  }

  async setParameters(parameters: { encodings?: FakeEncoding[] }): Promise<void> {
    this.parameters = { ...parameters, encodings: parameters.encodings ?? [] };
  }
}

interface FakeTransceiver {
  direction: string;
  readonly sender: FakeSender;
  readonly receiver: { readonly track: MediaTrack };
}

type Listener = (event: never) => void;

/** A channel that both sides open by themselves. */
class FakeChannel {
  readonly #connection: FakePeerConnection;
  readonly #listeners = new Map<string, Listener[]>();

  constructor(connection: FakePeerConnection) {
    this.#connection = connection;
  }

  get readyState(): string {
    return this.#connection.connectionState === 'connected' ? 'open' : 'connecting';
  }

  send(text: string): void {
    if (this.readyState !== 'open') throw new Error('InvalidStateError: not open');
    void settle().then(() => this.#connection.other()?.channel?.tell('message', { data: text }));
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  tell(type: string, event: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }
}

export class FakePeerConnection {
  readonly id: number;
  connectionState = 'new';
  signalingState = 'stable';
  localDescription: Description | null = null;
  remoteDescription: Description | null = null;
  /** How many offers were made: renegotiations show here. */
  offersMade = 0;
  /** Of each configuration so far: how many offers had been made when it came. */
  readonly configurations: { readonly iceServers: readonly unknown[]; readonly afterOffers: number }[] = [];
  channel: FakeChannel | null = null;
  readonly #world: FakeWebRtc;
  readonly #transceivers: FakeTransceiver[] = [];
  readonly #listeners = new Map<string, Listener[]>();
  readonly #candidates = new Set<string>();
  #ice = 1;
  #dead = false;
  #announced = 0;
  #received = 50;

  constructor(world: FakeWebRtc, id: number) {
    this.#world = world;
    this.id = id;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  addTransceiver(kind: 'audio' | 'video', init: { direction: 'sendrecv' }): FakeTransceiver {
    const transceiver: FakeTransceiver = {
      direction: init.direction,
      sender: new FakeSender(),
      receiver: { track: { id: `remote-${kind}-${this.#transceivers.length}-of-${this.id}`, kind } },
    };
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  setConfiguration({ iceServers = [] }: { iceServers?: readonly unknown[] }): void {
    this.#mustBeOpen();
    this.configurations.push({ iceServers, afterOffers: this.offersMade });
  }

  createDataChannel(): FakeChannel {
    this.channel = new FakeChannel(this);
    return this.channel;
  }

  /** The one at the other end. */
  other(): FakePeerConnection | undefined {
    return this.#remote();
  }

  getTransceivers(): readonly FakeTransceiver[] {
    return this.#transceivers;
  }

  async createOffer({ iceRestart }: { iceRestart: boolean }): Promise<Description> {
    await this.#inTurn();
    this.offersMade += 1;
    if (iceRestart) {
      this.#ice += 1;
      this.#dead = false;
    }
    return { type: 'offer', sdp: this.#sdp() };
  }

  async createAnswer(): Promise<Description> {
    await this.#inTurn();
    if (this.signalingState !== 'have-remote-offer') throw new Error('InvalidStateError: no offer to answer');
    return { type: 'answer', sdp: this.#sdp() };
  }

  async setLocalDescription(description: Description): Promise<void> {
    await this.#inTurn();
    this.localDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
    const candidate = `candidate:${this.id}:${this.#ice}`;
    void settle().then(() => this.#emit('icecandidate', { candidate: { candidate, sdpMid: '0', sdpMLineIndex: 0 } }));
    this.look();
  }

  async setRemoteDescription(description: Description): Promise<void> {
    await this.#inTurn();
    const expected = description.type === 'offer' ? 'stable' : 'have-local-offer';
    if (this.signalingState !== expected) throw new Error(`InvalidStateError: ${this.signalingState}`);
    const before = partsOf(this.remoteDescription);
    const after = partsOf(description);
    if (!after) throw new Error('OperationError: no such description');
    if (before && before.id !== after.id) throw new Error('OperationError: DTLS fingerprint changed');
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    if (description.type === 'offer' && before?.ice !== after.ice && before) {
      this.#ice += 1;
      this.#dead = false;
    }
    if (description.type === 'offer') {
      const offered = this.#remote()?.getTransceivers() ?? [];
      for (const { receiver } of offered.slice(this.#transceivers.length))
        this.#answering(receiver.track.kind === 'audio' ? 'audio' : 'video');
    }
    const fresh = this.#transceivers.slice(this.#announced);
    this.#announced = this.#transceivers.length;
    for (const { receiver } of fresh) this.#emit('track', { track: receiver.track });
    this.look();
  }

  async addIceCandidate({ candidate }: Candidate): Promise<void> {
    await this.#inTurn();
    if (!this.remoteDescription) throw new Error('InvalidStateError: no remote description');
    this.#candidates.add(candidate);
    this.look();
    this.#remote()?.look();
  }

  async getStats(): Promise<Map<string, Record<string, unknown>>> {
    await settle();
    const rows: Record<string, unknown>[] = [];
    const remote = this.#remote();
    const up = this.connectionState === 'connected';
    if (up) {
      rows.push(
        { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
        { id: 'P', type: 'candidate-pair', currentRoundTripTime: 0.02, localCandidateId: 'L', remoteCandidateId: 'R' },
        { id: 'L', type: 'local-candidate', candidateType: 'host' },
        { id: 'R', type: 'remote-candidate', candidateType: 'host' },
        { id: 'C', type: 'codec', mimeType: 'audio/opus' },
      );
    }
    const sendsAudio = remote?.getTransceivers().some(({ sender }) => sender.track?.kind === 'audio') ?? false;
    if (up && sendsAudio) {
      if (!this.#world.silent) this.#received += 1;
      rows.push({
        id: 'IA',
        type: 'inbound-rtp',
        kind: 'audio',
        packetsReceived: this.#received,
        packetsLost: 0,
        bytesReceived: 5_000,
        jitter: 0.004,
        codecId: 'C',
      });
    }
    return new Map(rows.map((row) => [String(row.id), row]));
  }

  close(): void {
    if (this.connectionState === 'closed') return;
    const remote = this.#remote();
    this.connectionState = 'closed';
    this.signalingState = 'closed';
    // The other side notices that nobody answers its checks any more.
    void settle().then(() => remote?.lose(false));
  }

  lose(hard: boolean): void {
    if (hard) this.#dead = true;
    if (this.connectionState === 'connected' || (hard && this.connectionState === 'disconnected')) {
      this.#become(hard ? 'failed' : 'disconnected');
    }
  }

  /** Whether there is a path now. */
  look(): void {
    if (this.connectionState === 'closed' || this.connectionState === 'connected') return;
    const remote = this.#remote();
    if (!remote || !this.#canReach(remote) || !remote.#canReach(this)) return;
    this.#become('connected');
    remote.#become('connected');
  }

  #canReach(remote: FakePeerConnection): boolean {
    const named = partsOf(this.remoteDescription);
    return (
      this.#world.pathIsUp &&
      !this.#dead &&
      this.connectionState !== 'closed' &&
      this.signalingState === 'stable' &&
      named?.id === remote.id &&
      named.ice === remote.#ice &&
      this.#candidates.has(`candidate:${remote.id}:${remote.#ice}`)
    );
  }

  #answering(kind: 'audio' | 'video'): void {
    // As a browser does it: what an offer brings is received only, until somebody says otherwise.
    this.addTransceiver(kind, { direction: 'sendrecv' }).direction = 'recvonly';
  }

  #remote(): FakePeerConnection | undefined {
    const named = partsOf(this.remoteDescription);
    return named ? this.#world.connections.get(named.id) : undefined;
  }

  #become(state: string): void {
    if (this.connectionState === state || this.connectionState === 'closed') return;
    this.connectionState = state;
    this.#emit('connectionstatechange', {});
    if (state === 'connected') this.channel?.tell('open', {});
  }

  #emit(type: string, event: unknown): void {
    if (this.connectionState === 'closed') return;
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }

  /** What is asked of a connection that is closed fails; what was under way when it was closed never ends (W3C WebRTC §4.4.1.2). */
  async #inTurn(): Promise<void> {
    this.#mustBeOpen();
    await settle();
    if (this.connectionState === 'closed') await new Promise<never>(() => {});
  }

  #mustBeOpen(): void {
    if (this.connectionState === 'closed') throw new Error('InvalidStateError: closed');
  }

  #sdp(): string {
    return `v=0\r\ns=fake ${this.id} ${this.#ice}\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n`;
  }
}

function partsOf(description: Description | null): { id: number; ice: number } | null {
  const match = description && /s=fake (\d+) (\d+)/.exec(description.sdp);
  return match ? { id: Number(match[1]), ice: Number(match[2]) } : null;
}
