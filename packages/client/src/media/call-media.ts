import type { ConnectionQuality, MediaEngineName, UserId } from '@parley/domain';
import { hasVideo, isGroupType, isSeatedState } from '@parley/domain';
import type { CallView, Participant } from '@parley/protocol';
import type { ActiveEntry, Self } from '../calls/state.ts';
import type { CommandRunner } from '../commands/command-runner.ts';
import type { MediaConnectionState, MediaEngine, MediaStats, MediaStreamLike } from '../ports/media-engine.ts';
import type { PeerSignalling } from '../ports/peer-signalling.ts';
import type { Clock } from '../ports/platform.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';
import type { CallRecorder } from '../quality/call-recorder.ts';
import { ConnectionWatch } from '../quality/connection-watch.ts';
import type { ServerTime } from '../time/server-time.ts';
import { admittedBy } from './admitted-by.ts';
import { AheadPath, type Expected } from './ahead-path.ts';
import { CallCredentials, type CredentialSources } from './call-credentials.ts';
import { CallSignalling } from './call-signalling.ts';
import { type Carried, ConnectedReporter } from './connected-reporter.ts';
import { DirectPathWatch } from './direct-path-watch.ts';
import { EarlyRelays, type Relay } from './early-relays.ts';
import { EngineSession } from './engine-session.ts';
import type { LocalMedia } from './local-media.ts';
import { MediaPaths } from './media-paths.ts';
import { MediaStateReporter } from './media-state-reporter.ts';
import { ParkedMedia } from './parked-media.ts';
import type { ScreenShare } from './screen-share.ts';
import { MEDIA_GIVES_UP_MS, StallWatch } from './stall-watch.ts';
import { type PictureWish, VideoDemand } from './video-demand.ts';
import { WeakLink } from './weak-link.ts';

export type EngineFactories = Partial<Record<MediaEngineName, (signalling: PeerSignalling) => MediaEngine>>;

export interface CallMediaState {
  readonly connection: MediaConnectionState;
  readonly streams: ReadonlyMap<UserId, MediaStreamLike | null>;
  /** What people share. */
  readonly screens: ReadonlyMap<UserId, MediaStreamLike | null>;
  /** Who speaks, the loudest first. */
  readonly speakers: readonly UserId[];
  /** How the others are connected, as far as it is known. */
  readonly connections: ReadonlyMap<UserId, ConnectionQuality | 'lost'>;
  /** One's own screen can be shared in this call; and what of it is. */
  readonly canShare: boolean;
  readonly ownScreen: MediaStreamLike | null;
  readonly dataSaver: boolean;
  readonly stats: MediaStats | null;
  readonly quality: ConnectionQuality | null;
  readonly protection: 'end_to_end' | 'to_server' | null;
}

interface CallMediaDeps extends CredentialSources {
  readonly engines: EngineFactories;
  readonly runner: CommandRunner;
  readonly transport: SignallingTransport;
  readonly local: LocalMedia;
  readonly screen: ScreenShare;
  readonly recorder: CallRecorder;
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  readonly random: () => number;
  changed(): void;
  /** The path stayed broken for too long. */
  failed(callId: string): void;
}

type HeldViews = ReadonlyMap<string, CallView | null>;
const NONE: HeldViews = new Map();
/** An answer that only the connection told of counts for so long without the server's word, in milliseconds. */
const VERDICT_WITHIN_MS = 10_000;

/**
 * Media of the one active call. It follows the call store and nothing else: signalling that breaks, or a server that
 * is restarted, takes nothing down.
 */
export class CallMedia {
  readonly #deps: CallMediaDeps;
  readonly #stall: StallWatch;
  readonly #reporter: MediaStateReporter;
  readonly #unlisten: (() => void)[];
  #lane: string | null = null;
  #view: CallView | null = null;
  #self: Self | null = null;
  #paths: MediaPaths;
  readonly #parked = new ParkedMedia();
  readonly #ahead: AheadPath;
  #verdictTimer: unknown = null;
  #answering: string | null = null;
  /** Of a group that somebody goes into here: until there is sound both ways, once. */
  #entering = false;
  readonly #demand = new VideoDemand();
  readonly #weak = new WeakLink();
  readonly #directPath: DirectPathWatch;
  #connection = new ConnectionWatch();
  readonly #connected: ConnectedReporter;
  #held: HeldViews = NONE;
  readonly #credentials: CallCredentials;
  readonly #early = new EarlyRelays();
  /** The other side has said something to it. */
  readonly #heardOf = new WeakSet<EngineSession>();

  constructor(deps: CallMediaDeps) {
    this.#deps = deps;
    this.#stall = new StallWatch(deps.clock, MEDIA_GIVES_UP_MS, () => {
      const session = this.#paths.leading;
      if (session) deps.failed(session.signalling.callId);
    });
    this.#paths = this.#newPaths();
    this.#credentials = new CallCredentials(deps);
    this.#connected = new ConnectedReporter({
      runner: deps.runner,
      me: () => this.#self?.user.id,
      calls: () => this.#carried(),
      isCarried: (callId) => this.#paths.newest?.signalling.callId === callId || this.#parked.has(callId),
    });
    this.#ahead = new AheadPath({
      begin: (callId, engine, epoch, self) => this.#begin(callId, engine, epoch, self, true),
      credentials: (callId, epoch) => this.#credentials.prefetch(callId, epoch),
      forget: () => this.#credentials.forget(),
      begun: (session) => this.#deliverEarly(session),
      answered: (session) => this.#answeredAhead(session),
    });
    this.#directPath = new DirectPathWatch(deps.clock, (callId, epoch) => this.#noDirectPath(callId, epoch));
    this.#reporter = new MediaStateReporter(deps.runner, deps.local);
    this.#unlisten = [
      deps.transport.onMessage((message) => {
        if (message.t === 'relay') this.#relayed(message);
        if (message.t === 'ready') {
          this.#ahead.ready(message.callId, message.from);
          if (this.#view?.call.id === message.callId && this.#self) this.#callAhead(this.#view, this.#self);
        }
      }),
      deps.transport.onState(() => this.#watch()),
    ];
  }

  state(): CallMediaState {
    const session = this.#paths.leading;
    return {
      connection: session?.state ?? 'idle',
      streams: this.#paths.streams(),
      screens: this.#demand.soundAlone ? NO_SCREENS : this.#paths.screens(),
      speakers: session?.speakers ?? [],
      connections: session?.connections ?? new Map(),
      canShare: this.#deps.screen.possible && (this.#paths.newest?.engine.capabilities.screenShare ?? false),
      ownScreen: this.#deps.screen.stream,
      dataSaver: this.#demand.dataSaver,
      stats: session?.stats ?? null,
      quality: this.#connection.quality,
      protection: session?.engine.capabilities.protection ?? null,
    };
  }

  /** Somebody has tapped to go into a group, and there is no sound yet. */
  get entering(): boolean {
    return this.#entering;
  }

  /** Calls in which media flows at the moment. */
  flowing(): readonly string[] {
    return [this.#paths.leading, ...this.#parked.leading()].flatMap((session) =>
      session?.state === 'connected' ? [session.signalling.callId] : [],
    );
  }

  /**
   * The active call of the store, and those that are on hold, whenever something of them has changed.
   * @param held their views, by their ids
   */
  follow(active: ActiveEntry | null, view: CallView | null, self: Self | null, held: HeldViews = NONE): void {
    if (this.#lane !== null && this.#lane !== active?.lane) {
      this.#stop(this.#answering !== null && held.has(this.#answering), active !== null);
    }
    this.#parked.follow(held, active?.callId ?? null, self);
    this.#held = held;
    this.#self = self;
    if (!active || !self) {
      this.#connected.reportWhatIsMissing();
      return;
    }
    if (this.#lane !== active.lane) {
      this.#lane = active.lane;
      this.#entering = entersGroup(active);
      this.#capture(active, view, self);
      if (active.isInitiator && !active.restored && !isGroupType(active.callType)) {
        this.#credentials.place(self.user.id);
      }
      this.#paths = (active.callId === null ? null : this.#parked.take(active.callId)) ?? this.#paths;
    }
    this.#answering = active.callId;
    if (active.callId !== null) this.#demand.begin(active.callId);
    this.#view = view;
    this.#record(active, view);
    if (active.callId !== null && mayPrefetch(active, view)) {
      this.#credentials.prefetch(active.callId, view?.call.mediaEpoch ?? 1);
    }
    if (!view) return;
    this.#reporter.follow(view, self);
    const seated = view.seats.some(
      ({ userId, instanceId }) => userId === self.user.id && instanceId === self.instanceId,
    );
    // To a server one can go before anybody has answered; to another device one cannot.
    const mayBegin = view.call.status !== 'ringing' || view.call.mediaEngine !== 'p2p';
    if (seated && mayBegin) this.#engage(view, self);
    else if (seated) this.#callAhead(view, self);
    else if (!active.isInitiator) this.#answerAhead(view, self);
    for (const { signalling, engine } of this.#paths.sessions) {
      signalling.seats(view, self);
      engine.admit(admittedBy(view, self));
    }
    if (seated) for (const session of this.#paths.sessions) session.seated();
    this.#paths.follow(view, self);
    this.#connected.reportWhatIsMissing();
    this.#watch();
  }

  /**
   * It rings here: the room of a group is entered, or the caller's device connected with, before anybody has answered. Nothing is
   * captured, and nothing goes through either way until the accept.
   */
  expect(ring: Expected | null, self: Self | null): void {
    // Its accept is on its way, or awaited.
    if (this.#ahead.callId !== null && this.#ahead.callId === this.#answering) return;
    if (ring && self) this.#ahead.expect(ring, self, this.#lane === null);
    else this.#ahead.close();
  }

  /** By the person: a picture that was held back for a weak connection goes on, and stays. */
  setCamera(on: boolean): void {
    this.#connection.cameraByHand(on);
    this.#deps.local.setCamera(on);
  }

  /** Which pictures of that call are looked at; what is not named is out of sight. */
  look(callId: string, wanted: readonly PictureWish[]): void {
    this.#demand.look(callId, wanted);
    this.#ask();
  }

  /** Sound alone, both ways, as long as this call lasts. */
  setDataSaver(on: boolean): void {
    this.#demand.setDataSaver(on);
    if (on) this.#deps.local.setCamera(false);
    this.#ask();
    this.#deps.changed();
  }

  share(): void {
    if (this.state().canShare) void this.#deps.screen.start();
  }

  stopSharing(): void {
    this.#deps.screen.stop();
  }

  /** What is shared has changed. */
  screenChanged(): void {
    for (const session of this.#paths.sessions) session.screenChanged();
    this.#deps.changed();
  }

  networkChanged(): void {
    for (const session of this.#paths.sessions) session.networkChanged();
    for (const session of this.#parked.leading()) session.networkChanged();
    this.#ahead.networkChanged();
  }

  dispose(): void {
    this.#stop(false);
    this.#parked.close();
    this.expect(null, null);
    for (const off of this.#unlisten) off();
    this.#reporter.dispose();
  }

  #capture(active: ActiveEntry, view: CallView | null, self: Self): void {
    const own = active.restored ? view?.call.participants.find(({ userId }) => userId === self.user.id) : undefined;
    this.#deps.local.begin({
      // Whoever comes back and is not known to have been heard is not heard by surprise.
      muted: own?.isMuted ?? active.restored,
      camera: own?.videoEnabled ?? (hasVideo(active.callType) && !active.audioOnly && !active.restored),
    });
  }

  #engage(view: CallView, self: Self): void {
    const { id: callId, mediaEngine, mediaEpoch } = view.call;
    const running = this.#paths.newest?.signalling;
    if (running?.callId === callId && running.epoch >= mediaEpoch) return;
    if (running && running.callId !== callId) this.#paths.close();
    // A client without this engine cannot take part; the server ends the call when no media comes.
    const ready = this.#ahead.take(callId, mediaEpoch);
    // Its credentials may still be on their way: a second connection of this instance would replace the first at the other side.
    this.#ahead.close();
    const session = ready ?? this.#begin(callId, mediaEngine, mediaEpoch, self, false);
    if (!session) return;
    session.signalling.seats(view, self);
    session.engine.admit(admittedBy(view, self));
    this.#deliverEarly(session);
    this.#early.keepLater(callId, mediaEpoch);
    this.#lead(session);
  }

  #callAhead(view: CallView, self: Self): void {
    if (view.call.status === 'ringing') this.#ahead.call(view, self, this.#paths.of(view.call.mediaEpoch));
  }

  /** Tapped here, and connected already: what there is goes out now, and the server's word follows. */
  #answerAhead(view: CallView, self: Self): void {
    if (view.call.mediaEngine !== 'p2p') return;
    const session = this.#ahead.take(view.call.id, view.call.mediaEpoch);
    if (!session) return;
    session.signalling.seats(view, self);
    session.signalling.answer();
    this.#lead(session);
  }

  /** Heard from now on; the server decides. */
  #answeredAhead(session: EngineSession): void {
    const { callId, epoch } = session.signalling;
    if (callId !== this.#answering) return;
    const { clock, recorder } = this.#deps;
    // The first sound may come before the server's word.
    recorder.accepted();
    clock.clearTimeout(this.#verdictTimer);
    this.#verdictTimer = clock.setTimeout(() => {
      if (this.#view?.call.id === callId && this.#view.call.status === 'ringing') session.signalling.doubt();
    }, VERDICT_WITHIN_MS);
    if (this.#ahead.is(session) && this.#ahead.take(callId, epoch)) this.#lead(session);
  }

  #lead(session: EngineSession): void {
    this.#paths.add(session);
    this.#expectDirectPath(session);
    this.#sessionChanged();
  }

  #begin(callId: string, name: MediaEngineName, epoch: number, self: Self, ahead: boolean): EngineSession | null {
    const factory = this.#deps.engines[name];
    if (!factory) return null;
    this.#connected.begin(callId, epoch);
    const signalling = new CallSignalling(callId, epoch, this.#deps.transport, this.#deps.clock);
    const session: EngineSession = new EngineSession({
      engine: factory(signalling),
      signalling,
      local: this.#deps.local,
      screen: this.#deps.screen,
      clock: this.#deps.clock,
      serverTime: this.#deps.serverTime,
      random: this.#deps.random,
      selfId: self.user.id,
      ahead,
      credentials: this.#credentials.of(name, callId, epoch, ahead),
      changed: () => this.#sessionChanged(),
      flowing: () => {
        if (!this.#ahead.is(session)) this.#deps.recorder.mediaCame();
      },
      looked: (stats) => {
        if (session === this.#paths.leading) this.#looked(stats);
      },
      silenced: (source) => {
        if (source === 'microphone') this.#deps.local.setMuted(true);
      },
    });
    return session;
  }

  #sessionChanged(): void {
    this.#paths.look();
    const { newest } = this.#paths;
    this.#entering &&=
      newest === null ||
      (newest.engine.capabilities.meets === 'server' && newest.isEntering(mayBeHeard(this.#others())));
    this.#ask();
    this.#watch();
    if (newest?.state === 'connected') this.#directPath.found(newest.signalling.epoch);
    this.#deps.changed();
  }

  #ask(): void {
    for (const { engine, remote } of this.#paths.sessions) {
      this.#demand.apply(
        engine,
        remote.map(({ userId }) => userId),
      );
    }
  }

  #newPaths(): MediaPaths {
    return new MediaPaths({
      clock: this.#deps.clock,
      ready: ({ signalling: { callId, epoch } }) => this.#connected.report(callId, epoch),
      changed: () => this.#sessionChanged(),
    });
  }

  /** The ledger moves the call to a server, if there is one; else it goes on trying. */
  #noDirectPath(callId: string, epoch: number): void {
    if (!this.#deps.engines.livekit || this.#paths.newest?.signalling.callId !== callId) return;
    const obsolete = () =>
      this.#paths.of(epoch)?.state === 'connected' || this.#paths.newest?.signalling.epoch !== epoch;
    this.#deps.runner.run('media-plan', callId, { reason: 'no_direct_path', epoch }, obsolete).catch(() => undefined);
  }

  /** Somebody waits for media from the callee's tap on; the caller from when they hear of it. */
  #record({ callId, isInitiator, restored }: ActiveEntry, view: CallView | null): void {
    if (callId === null) return;
    const { recorder } = this.#deps;
    recorder.begin(callId, restored);
    const answered = !isInitiator || (view !== null && view.call.status !== 'ringing');
    if (answered && !restored) recorder.accepted();
  }

  #looked(stats: MediaStats): void {
    const { local, recorder, clock } = this.#deps;
    const { isMuted, camera } = local.state();
    this.#connection.look(stats, camera !== null, clock.now());
    local.holdCamera(this.#connection.holdsVideo);
    this.#weak.look(this.#connection, clock.now());
    this.#demand.setWeak(this.#weak.holds);
    this.#ask();
    recorder.looked(stats, { audio: !isMuted, video: camera !== null });
  }

  /** What the active call and those on hold have here. */
  #carried(): readonly Carried[] {
    return [this.#view, ...this.#held.values()].flatMap((view) => {
      if (!view) return [];
      const isActive = view.call.id === this.#view?.call.id;
      return [{ view, paths: isActive ? this.#paths : this.#parked.of(view.call.id) }];
    });
  }

  #relayed(relay: Relay): void {
    const running = (this.#parked.of(relay.callId) ?? this.#paths).of(relay.epoch);
    const session = running?.signalling.callId === relay.callId ? running : this.#ahead.of(relay.callId, relay.epoch);
    if (session) this.#deliver(session, relay);
    else this.#early.keep(relay);
  }

  #deliver(session: EngineSession, { from, generation, payload }: Relay): void {
    session.signalling.receive({ from: from.instanceId, generation, payload });
    this.#heardOf.add(session);
    if (this.#paths.newest === session) this.#expectDirectPath(session);
  }

  #deliverEarly(session: EngineSession): void {
    const { callId, epoch } = session.signalling;
    for (const relay of this.#early.take(callId, epoch)) this.#deliver(session, relay);
  }

  /** The other side is at it: from here on a path should be found soon. While it rings there is time. */
  #expectDirectPath(session: EngineSession): void {
    const { signalling, state, engine } = session;
    if (!this.#heardOf.has(session) || engine.capabilities.meets !== 'peers' || state === 'connected') return;
    this.#directPath.expect(signalling.callId, signalling.epoch);
  }

  /** While the signalling is down nobody can tell whether the path or the other side is to blame: then it waits. */
  #watch(): void {
    const state = this.#paths.leading?.state;
    const wasConnected = this.#view?.call.status === 'connected';
    const broken = state === 'reconnecting' || state === 'failed' || (wasConnected && state === 'connecting');
    // What is made ahead of an answer ends no call.
    const rings = this.#view?.call.status === 'ringing';
    this.#stall.set(broken && !rings && isAwaited(this.#others()) && this.#deps.transport.state === 'online');
  }

  #others(): readonly Participant[] {
    const me = this.#self?.user.id;
    return this.#view?.call.participants.filter(({ userId, state }) => userId !== me && isSeatedState(state)) ?? [];
  }

  /**
   * @param park the call is on hold: its path stays up
   * @param next another call follows at once, with the same microphone
   */
  #stop(park: boolean, next = false): void {
    if (this.#lane === null) return;
    const callId = this.#answering;
    this.#lane = null;
    this.#entering = false;
    this.#self = null;
    this.#deps.clock.clearTimeout(this.#verdictTimer);
    this.#answering = null;
    this.#view = null;
    this.#credentials.reset();
    this.#deps.recorder.close();
    this.#connection = new ConnectionWatch();
    this.#deps.screen.stop();
    if (park && callId !== null) {
      // Nobody of it is looked at.
      this.#demand.look(callId, []);
      this.#ask();
      this.#parked.put(callId, this.#paths);
      this.#paths = this.#newPaths();
    } else this.#paths.close();
    this.#directPath.stop();
    this.#demand.reset();
    this.#weak.reset();
    if (!park) this.#connected.reset();
    this.#early.clear();
    this.#stall.stop();
    this.#reporter.stop();
    if (!next) this.#deps.local.end();
  }
}

/** One that nothing comes of would be a black tile. */
const NO_SCREENS: ReadonlyMap<UserId, MediaStreamLike | null> = new Map();

/** By a tap, and from no other call, whose page would stand still meanwhile. */
const entersGroup = ({ callType, isInitiator, restored, turnedFrom }: ActiveEntry): boolean =>
  isGroupType(callType) && !isInitiator && !restored && turnedFrom === null;

/** Not of a group, whose token would be from before the accept, nor for a call that is taken over: before the server has answered they are another device's. */
const mayPrefetch = ({ callType, moving = false }: ActiveEntry, view: CallView | null): boolean =>
  !moving && !isGroupType(callType) && (view?.call.mediaEngine ?? 'p2p') === 'p2p';

const mayBeHeard = (others: readonly Participant[]): boolean =>
  others.some(({ isMuted, onHold }) => !isMuted && !onHold);

/** Somebody else is there, and not on hold: whoever is may have lost the path, and takes it up when they come back. */
const isAwaited = (others: readonly Participant[]): boolean =>
  others.length === 0 || others.some(({ onHold }) => !onHold);
