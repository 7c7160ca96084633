import type { MediaTrack, Peer } from '@parley/client';
import type { StatsReport } from '@parley/client/rtc-stats';
import { isOfScreen, type LocalTracks, NO_TRACKS } from './local-tracks.ts';
import { type Health, Mender } from './mender.ts';
import type { Ice, P2pPlatform, RemoteStream } from './peer-connection.ts';
import { PeerSession } from './peer-session.ts';
import { type Body, EVERYTHING, type Wire, type Wish } from './wire.ts';

/** An unanswered offer, or a hello that brought none, is said again after this time. */
const REPEAT_MS = 3_000;
/** An offer that is younger than this may have crossed the hello that asks for it. */
const CROSSING_MS = 500;
/** What both sides ask for at one change of the network is one restart. */
const YOUNG_MS = 1_000;
/** A path is replaced so often at most. */
const REPLACE_EVERY_MS = 15_000;
/** Every third attempt to mend a failed path begins from scratch: an ICE restart cannot repair DTLS. */
const RENEW_EVERY = 3;
const MOST_RETIRED = 50;

export interface PeerLinkDeps {
  readonly platform: P2pPlatform;
  readonly peer: Peer;
  ice(): Ice;
  tracks(): LocalTracks;
  /** How many are sent the same picture. */
  links(): number;
  /** What this side wants of the other's pictures. */
  wish(): Wish;
  send(generation: number, payload: string): void;
  /** What is sent now goes out at once. */
  isOnline(): boolean;
  changed(): void;
  flowing(): void;
  /** The other side says, over the connection itself, that it was answered there. */
  answered(): void;
}

/**
 * The way to one remote instance. Each side names its connection by a session; a side that reloads comes with a new one,
 * and the other begins afresh. What belongs to a session that is over is not listened to.
 */
export class PeerLink {
  readonly peer: Peer;
  readonly #deps: PeerLinkDeps;
  readonly #stream: RemoteStream;
  readonly #screen: RemoteStream;
  /** The other side says that it shares one: its places are there even when nothing is in them. */
  #shares = false;
  /** What the other side wants of this one's pictures, and what it was told last of this one's wishes. */
  #theirWish = EVERYTHING;
  #told = EVERYTHING;
  readonly #mender: Mender;
  readonly #retired = new Set<string>();
  #generation = 0;
  #held: boolean;
  #session: PeerSession;
  #remote: string | null = null;
  /** The session before this one, and whether the other side takes this one for it. */
  #replaced: string | null = null;
  #alias: string | null = null;
  #tasks: Promise<unknown> = Promise.resolve();
  #repeatTimer: unknown = null;
  #offeredAt = Number.NEGATIVE_INFINITY;
  #restartedAt = Number.NEGATIVE_INFINITY;
  #replacedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(deps: PeerLinkDeps) {
    this.#deps = deps;
    this.peer = deps.peer;
    this.#held = deps.peer.warm === true;
    this.#stream = deps.platform.stream();
    this.#screen = deps.platform.stream();
    this.#mender = new Mender(
      deps.platform,
      (attempt) => this.#mend(attempt),
      () => deps.changed(),
    );
    this.#session = this.#open();
    this.#announce();
  }

  get health(): Health {
    return this.#mender.health;
  }

  /** It still rings on one of the two sides: connected ahead, nothing is sent, and nothing that comes is played. */
  get held(): boolean {
    return this.#held;
  }

  /** The same object for as long as this link lives; null while no track has arrived. */
  get stream(): RemoteStream | null {
    return this.#stream.getTracks().length > 0 ? this.#stream : null;
  }

  /** What the other side shares; null while it shares nothing. */
  get screen(): RemoteStream | null {
    return this.#shares && this.#screen.getTracks().length > 0 ? this.#screen : null;
  }

  receive(wire: Wire): void {
    if (this.#closed || this.#retired.has(wire.session)) return;
    const addressed = this.#session.id;
    if (wire.session !== this.#remote) {
      this.#meet(wire.session);
      // Both have begun afresh at once: it knows only of the one before, and means this one.
      if (this.#session.untouched) this.#alias = this.#replaced;
    }
    const session = this.#session;
    // An answer belongs to one offer of one connection.
    const meant = isAnswer(wire) ? [session.id] : [session.id, addressed, this.#alias];
    if (wire.toSession !== null && !meant.includes(wire.toSession)) return;
    this.#inOrder(session, () => this.#handle(session, wire));
  }

  /** Answered, as far as is known: tracks go in, and if it was answered here the other side is told by the shortest way. */
  async hold(held: boolean): Promise<void> {
    if (this.#held === held || this.#closed) return;
    this.#held = held;
    const session = this.#session;
    if (held) return session.place();
    // Who yields is who was called.
    if (this.peer.polite) session.sayAnswered();
    session.released();
    // A microphone that is only just being opened is told of when it is there.
    if (this.#tracks().microphone === null) await session.place();
    else await this.place();
  }

  /** The tracks have changed. */
  async place(): Promise<void> {
    if (this.#held) return;
    const session = this.#session;
    await session.place();
    const { microphone, screen } = this.#tracks();
    this.#send({ kind: 'media', audio: microphone !== null, screen: screen !== null });
    this.#askForScreen(session);
  }

  /** There are more people than before, or fewer. */
  bound(): Promise<void> {
    return this.#session.bound();
  }

  /** This side wants other pictures than before. */
  wish(): void {
    const wish = this.#deps.wish();
    if (this.#session.untouched || same(wish, this.#told)) return;
    this.#told = wish;
    this.#send({ kind: 'wish', ...wish });
  }

  /** There are newer credentials. */
  renew(): void {
    // A restart that is under way was begun with the old ones: the next attempt begins anew.
    this.#restartedAt = Number.NEGATIVE_INFINITY;
    this.#session.renew();
  }

  networkChanged(): void {
    this.#mender.hurry();
    this.#session.suspect();
  }

  stats(): Promise<StatsReport> {
    return this.#session.connection.getStats();
  }

  close(): void {
    this.#closed = true;
    this.#deps.platform.clearTimeout(this.#repeatTimer);
    this.#mender.stop();
    this.#session.close();
  }

  /** A session of the other side that was not known: its first, or the one after a reload. */
  #meet(remote: string): void {
    if (this.#remote !== null) this.#retire(this.#remote);
    this.#remote = remote;
    // It knows nothing of what was said before, and wants everything until it says so.
    this.#theirWish = EVERYTHING;
    this.#told = EVERYTHING;
    if (!this.#session.untouched) this.#renew();
  }

  async #handle(session: PeerSession, wire: Wire): Promise<void> {
    // While it waited for its turn, the other side may have begun afresh.
    if (wire.session !== this.#remote) return;
    switch (wire.kind) {
      case 'hello':
        // It has heard nothing yet, or lost what it heard.
        if (this.#offers && session.awaitsAnswer) this.#armRepeat(CROSSING_MS - (this.#now() - this.#offeredAt));
        return;
      case 'description':
        await session.receive(wire.id, wire.description, wire.audio);
        if (session.closed) return;
        this.#hearShares(wire.screen);
        if (!session.untouched && !session.awaitsAnswer) this.#negotiated();
        this.#askForScreen(session);
        return;
      case 'candidate':
        return session.candidate(wire.candidate);
      case 'restart':
        if (!this.#offers) return;
        // The offer of a restart is under way, or went into a socket that had died with the network: it is said again soon.
        if (session.awaitsAnswer) this.#armRepeat(CROSSING_MS - (this.#now() - this.#offeredAt));
        else if (this.#now() - this.#restartedAt > YOUNG_MS) await this.#restart(session);
        return;
      case 'places':
        if (!this.#offers) return;
        session.addScreen();
        await session.offer(false);
        this.#armRepeat();
        return;
      case 'media':
        session.remoteAudio(wire.audio);
        this.#hearShares(wire.screen);
        return;
      case 'wish':
        this.#theirWish = { camera: wire.camera, screen: wire.screen };
        return session.bound();
    }
  }

  #tracks(): LocalTracks {
    return this.#held ? NO_TRACKS : this.#deps.tracks();
  }

  get #offers(): boolean {
    return !this.peer.polite;
  }

  #open(): PeerSession {
    this.#generation += 1;
    const session: PeerSession = new PeerSession({
      platform: this.#deps.platform,
      ice: () => this.#deps.ice(),
      offers: this.#offers,
      tracks: () => this.#tracks(),
      held: () => this.#held,
      links: () => this.#deps.links(),
      wish: () => this.#theirWish,
      send: (body) => this.#send(body),
      state: (state) => this.#mender.heard(state),
      track: ({ track }) => this.#receiveTrack(track),
      flowing: () => this.#deps.flowing(),
      shares: () => this.#shares,
      answered: () => this.#deps.answered(),
      silent: () => this.#mender.hurry(),
      gone: () => this.#replace(),
    });
    if (!this.#held && this.peer.polite) session.sayAnswered();
    return session;
  }

  #announce(): void {
    const session = this.#session;
    this.#offeredAt = this.#now();
    if (this.#offers) this.#inOrder(session, () => session.offer(false));
    else this.#send({ kind: 'hello' });
    this.#armRepeat();
  }

  /** Until the first description of the other side has been applied, and whenever an offer stays unanswered. */
  #armRepeat(ms = REPEAT_MS): void {
    const { platform } = this.#deps;
    platform.clearTimeout(this.#repeatTimer);
    this.#repeatTimer = platform.setTimeout(() => {
      const session = this.#session;
      if (this.#offers && session.awaitsAnswer) session.repeat();
      else if (!this.#offers && session.untouched) this.#send({ kind: 'hello' });
      else if (!this.#offers && session.lacksScreen) this.#send({ kind: 'places' });
      else return;
      this.#armRepeat();
    }, ms);
  }

  /** The connection is without a place for the screen that is shared here. */
  #askForScreen(session: PeerSession): void {
    // Before the first negotiation its offer brings the places, or its end leads here again.
    if (!session.lacksScreen || session.untouched) return;
    if (this.#offers) this.#inOrder(session, () => session.offer(false));
    else this.#send({ kind: 'places' });
    this.#armRepeat();
  }

  #hearShares(shares: boolean): void {
    if (this.#shares === shares) return;
    this.#shares = shares;
    this.#deps.changed();
  }

  #empty(): void {
    for (const stream of [this.#stream, this.#screen])
      for (const track of stream.getTracks()) stream.removeTrack(track);
  }

  #negotiated(): void {
    this.#deps.platform.clearTimeout(this.#repeatTimer);
    this.#sweep();
    this.#mender.expectPath();
    this.wish();
  }

  #mend(attempt: number): void {
    if (this.#closed) return;
    const session = this.#session;
    if (!this.#offers) {
      this.#send(session.untouched ? { kind: 'hello' } : { kind: 'restart' });
    } else if (session.untouched) {
      session.repeat();
    } else if (attempt % RENEW_EVERY === 0 && session.connection.connectionState === 'failed') {
      this.#renew();
    } else if (session.awaitsAnswer && this.#now() - this.#restartedAt <= YOUNG_MS) {
      // A restart has just gone out. Another one would throw away what it gathers, and what the other side answers. An older one may
      // have been made while there was no network, with nothing to gather.
      session.repeat();
      this.#armRepeat();
    } else {
      this.#inOrder(session, () => this.#restart(session));
    }
  }

  async #restart(session: PeerSession): Promise<void> {
    this.#restartedAt = this.#now();
    this.#offeredAt = this.#restartedAt;
    await session.offer(true);
    this.#armRepeat();
  }

  /**
   * The path has gone with its network. On this connection the side that decides would hold on to it until it had been silent for 3.5 s,
   * however good the new one is (libwebrtc: 2.5 s until a pair counts as not receiving, and one more before it is left for that).
   */
  #replace(): boolean {
    // Without the server there would be none, and what is left of the old one may come back. A network that stays bad gets restarts.
    const isEarly = this.#now() - this.#replacedAt < REPLACE_EVERY_MS;
    if (this.#closed || this.#session.untouched || isEarly || !this.#deps.isOnline()) return false;
    this.#replacedAt = this.#now();
    this.#renew();
    return true;
  }

  /** A connection of its own for the other side's new one, or because this one is beyond repair. */
  #renew(): void {
    this.#session.close();
    if (this.#deps.platform.viewsFollow !== true) this.#empty();
    this.#replaced = this.#session.id;
    this.#alias = null;
    // What was asked of the one before is not asked of it.
    this.#restartedAt = this.#now();
    this.#session = this.#open();
    this.#mender.renewed();
    this.#announce();
    this.#deps.changed();
  }

  #receiveTrack(track: MediaTrack): void {
    const stream = isOfScreen(this.#session.connection, track) ? this.#screen : this.#stream;
    for (const old of stream.getTracks()) if (old.kind === track.kind) stream.removeTrack(old);
    stream.addTrack(track);
    this.#deps.changed();
  }

  /** The last picture of a connection that was replaced stands until there is another: then what is left of it goes. */
  #sweep(): void {
    const old = [this.#stream, this.#screen].flatMap((stream) =>
      stream
        .getTracks()
        .filter((track) => !this.#session.receives(track))
        .map((track) => ({ stream, track })),
    );
    for (const { stream, track } of old) stream.removeTrack(track);
    if (old.length > 0) this.#deps.changed();
  }

  #retire(session: string): void {
    this.#retired.add(session);
    const [oldest] = this.#retired;
    if (this.#retired.size > MOST_RETIRED && oldest !== undefined) this.#retired.delete(oldest);
  }

  #send(body: Body): void {
    const wire: Wire = { v: 1, session: this.#session.id, toSession: this.#remote, ...body };
    this.#deps.send(this.#generation, JSON.stringify(wire));
  }

  /** Descriptions and candidates are applied one after the other; what fails is mended by the next attempt. */
  #inOrder(session: PeerSession, task: () => Promise<void>): void {
    this.#tasks = this.#tasks.then(async () => {
      if (session.closed || this.#closed) return;
      try {
        await Promise.race([task(), session.ended]);
      } catch {
        // What was under way when the connection was closed fails, and there is nothing to mend.
        if (session.closed || this.#closed) return;
        // A path that is up stays up, whatever was said over it.
        if (session.connection.connectionState !== 'connected') this.#mender.heard('failed');
      }
    });
  }

  #now(): number {
    return this.#deps.platform.now();
  }
}

const isAnswer = (wire: Wire): boolean => wire.kind === 'description' && wire.description.type === 'answer';

const same = (one: Wish, other: Wish): boolean => one.camera === other.camera && one.screen === other.screen;
