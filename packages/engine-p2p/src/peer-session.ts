import type { MediaTrack } from '@parley/client';
import { audioHasArrived, signsOfLife } from '@parley/client/rtc-stats';
import { SilenceWatch } from '@parley/client/silence-watch';
import { AcceptChannel } from './accept-channel.ts';
import { addPlaces, boundVideo, hasScreenPlaces, type LocalTracks, Placing } from './local-tracks.ts';
import type { Candidate, Description, Ice, P2pPlatform, PeerConnection, TrackEvent } from './peer-connection.ts';
import { wishForOpus } from './sdp.ts';
import type { Body, Wish } from './wire.ts';

const FLOW_POLL_MS = 200;

export interface PeerSessionDeps {
  readonly platform: P2pPlatform;
  /** This side offers (and wins if two offers should ever collide). */
  readonly offers: boolean;
  ice(): Ice;
  /** None while it is held. */
  tracks(): LocalTracks;
  /** It still rings on one of the two sides: nothing is sent, and what flows does not count. */
  held(): boolean;
  /** How many are sent the same picture. */
  links(): number;
  /** What the other side wants of it. */
  wish(): Wish;
  send(body: Body): void;
  state(state: string): void;
  track(event: TrackEvent): void;
  flowing(): void;
  /** The other side shares a screen, as far as is known. */
  shares(): boolean;
  /** The other side says that it was answered there. */
  answered(): void;
  /** Sound was on its way here, and nothing has come for a while, though the connection is said to be up. */
  silent(): void;
  /** The network has changed (`suspect`), and nothing comes on the path any more. @returns whether it is seen to */
  gone(): boolean;
}

/**
 * One `RTCPeerConnection` with one connection of the other side: a session is never used for a second one. Methods that
 * negotiate are called one after the other by `PeerLink`.
 */
export class PeerSession {
  readonly id: string;
  readonly connection: PeerConnection;
  readonly #deps: PeerSessionDeps;
  readonly #accept: AcceptChannel;
  /** Candidates that came before the description that they belong to. */
  #early: Candidate[] = [];
  #hasRemote = false;
  #touched = false;
  #offerId = 0;
  #answeredId = 0;
  #remoteAudio: boolean | null = null;
  readonly #placing: Placing;
  #flowTimer: unknown = null;
  #flows = false;
  readonly #silence: SilenceWatch;
  /** Settles with `close`. What was asked of a connection then never does (W3C WebRTC §4.4.1.2): whoever waits for that waits for this too. */
  readonly ended: Promise<void>;
  #end = () => {};
  #closed = false;

  constructor(deps: PeerSessionDeps) {
    this.#deps = deps;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.id = deps.platform.uuid();
    this.connection = deps.platform.connection(deps.ice());
    this.#placing = new Placing(this.connection, () => (this.#closed ? null : deps.tracks()));
    this.#accept = new AcceptChannel(this.connection, () => {
      if (!this.#closed) deps.answered();
    });
    this.#silence = new SilenceWatch({
      now: () => deps.platform.now(),
      setTimeout: (run, ms) => deps.platform.setTimeout(run, ms),
      clearTimeout: (handle) => deps.platform.clearTimeout(handle),
      heard: () => this.#heard(),
      silent: () => deps.silent(),
      gone: () => deps.gone(),
    });
    this.connection.addEventListener('icecandidate', ({ candidate }) => {
      // The empty candidate says that gathering is done: the other side needs no telling.
      if (candidate && candidate.candidate !== '' && !this.#closed)
        deps.send({ kind: 'candidate', candidate: plain(candidate) });
    });
    this.connection.addEventListener('track', (event) => {
      if (!this.#closed) deps.track(event);
    });
    this.connection.addEventListener('connectionstatechange', () => {
      if (this.#closed) return;
      if (this.connection.connectionState === 'connected') this.#watchFlow();
      deps.state(this.connection.connectionState);
    });
    if (deps.offers) addPlaces(this.connection, deps.tracks().screen !== null || deps.shares());
  }

  /** Nothing of another side has been applied: it can still be paired with any. */
  get untouched(): boolean {
    return !this.#touched;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get awaitsAnswer(): boolean {
    return this.connection.signalingState === 'have-local-offer';
  }

  /** A screen is shared from here, and the connection has no place for it yet. */
  get lacksScreen(): boolean {
    return this.#deps.tracks().screen !== null && !hasScreenPlaces(this.connection);
  }

  /** From the next offer on there is a place for a screen. */
  addScreen(): void {
    if (!this.#closed) addPlaces(this.connection, true);
  }

  /** There are more people than before, or fewer, or they want something else. */
  async bound(): Promise<void> {
    if (!this.#closed && this.#hasRemote) await boundVideo(this.connection, this.#deps.links(), this.#deps.wish());
  }

  async offer(iceRestart: boolean): Promise<void> {
    if (this.lacksScreen) this.addScreen();
    await this.place();
    const offer = await this.connection.createOffer({ iceRestart });
    if (this.#closed) return;
    await this.connection.setLocalDescription(offer);
    this.#offerId += 1;
    this.#describe(this.#offerId);
  }

  /** The newest offer or answer once more, with the candidates gathered since: it may have been lost on its way. */
  repeat(): void {
    if (this.awaitsAnswer) this.#describe(this.#offerId);
  }

  async receive(id: number, description: Description, audio: boolean): Promise<void> {
    this.#remoteAudio = audio;
    if (description.type === 'answer') await this.#answered(id, description);
    else await this.#offered(id, description);
  }

  async candidate(candidate: Candidate): Promise<void> {
    if (!this.#hasRemote) {
      this.#early.push(candidate);
      return;
    }
    // One of an older ICE generation is refused, rightly.
    await this.connection.addIceCandidate(candidate).catch(() => undefined);
  }

  remoteAudio(audio: boolean): void {
    this.#remoteAudio = audio;
  }

  place(): Promise<void> {
    return this.#placing.place();
  }

  /** It was answered here: said over the connection itself. */
  sayAnswered(): void {
    if (!this.#closed) this.#accept.say();
  }

  /** Nothing is held any more: from here on it counts what flows. */
  released(): void {
    if (!this.#closed && this.connection.connectionState === 'connected') this.#watchFlow();
  }

  /** The network has changed: if nothing comes on the path now, it is said soon. */
  suspect(): void {
    this.#silence.suspect();
  }

  /** What comes belongs to this connection. */
  receives(track: MediaTrack): boolean {
    return this.connection.getTransceivers().some(({ receiver }) => receiver.track === track);
  }

  /** There are newer credentials: they serve from the next ICE restart on. */
  renew(): void {
    if (!this.#closed) this.#deps.platform.reconfigure(this.connection, this.#deps.ice());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#deps.platform.clearTimeout(this.#flowTimer);
    this.#silence.stop();
    this.connection.close();
    this.#end();
  }

  async #answered(id: number, description: Description): Promise<void> {
    // An answer to an offer that has been replaced since, or the same answer again.
    if (id !== this.#offerId || !this.awaitsAnswer) return;
    this.#touched = true;
    await this.connection.setRemoteDescription(description);
    await this.#settled();
  }

  async #offered(id: number, description: Description): Promise<void> {
    if (id <= this.#answeredId) {
      if (id === this.#answeredId && this.connection.signalingState === 'stable') this.#describe(id);
      return;
    }
    // Perfect negotiation (W3C WebRTC §10.7): of two offers that collide, the impolite side's stands.
    if (this.connection.signalingState !== 'stable' && this.#deps.offers) return;
    this.#touched = true;
    await this.connection.setRemoteDescription(description);
    for (const transceiver of this.connection.getTransceivers()) transceiver.direction = 'sendrecv';
    await this.place();
    const answer = await this.connection.createAnswer();
    if (this.#closed) return;
    await this.connection.setLocalDescription(answer);
    this.#answeredId = id;
    this.#describe(id);
    await this.#settled();
  }

  async #settled(): Promise<void> {
    this.#hasRemote = true;
    const early = this.#early;
    this.#early = [];
    for (const candidate of early) await this.connection.addIceCandidate(candidate).catch(() => undefined);
    await this.bound();
  }

  #describe(id: number): void {
    const local = this.connection.localDescription;
    if (!local || this.#closed) return;
    const description: Description = { type: local.type, sdp: wishForOpus(local.sdp) };
    const { microphone, screen } = this.#deps.tracks();
    // While it rings nobody knows whether there will be a microphone: it is told when it is there, or cannot be had.
    const audio = this.#deps.held() || microphone !== null;
    this.#deps.send({ kind: 'description', id, description, audio, screen: screen !== null });
  }

  #watchFlow(): void {
    if (this.#flows || this.#flowTimer !== null || this.#deps.held()) return;
    void this.#lookForFlow();
  }

  /** Of sound that is on its way: also who is muted sends a packet now and then (DTX). What the browser calls broken is seen to already. */
  async #heard(): Promise<number | null> {
    const expected = this.#remoteAudio === true && !this.#deps.held();
    if (!expected || this.connection.connectionState !== 'connected') return null;
    return signsOfLife(await this.connection.getStats());
  }

  /** ICE and DTLS are done. Sound has to have arrived too, unless the other side has no microphone. */
  async #lookForFlow(): Promise<void> {
    const report = await this.connection.getStats().catch(() => null);
    this.#flowTimer = null;
    if (this.#closed || this.#flows || this.#deps.held()) return;
    const connected = this.connection.connectionState === 'connected';
    if (connected && (this.#remoteAudio === false || (report && audioHasArrived(report)))) {
      this.#flows = true;
      this.#silence.start();
      this.#deps.flowing();
      return;
    }
    this.#flowTimer = this.#deps.platform.setTimeout(() => void this.#lookForFlow(), FLOW_POLL_MS);
  }
}

/** Browsers hand out objects with a prototype; the wire wants the fields. */
function plain({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: Candidate): Candidate {
  return { candidate, sdpMid, sdpMLineIndex, ...(usernameFragment ? { usernameFragment } : {}) };
}
