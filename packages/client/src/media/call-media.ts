import type { ConnectionQuality, MediaEngineName, UserId } from '@parley/domain';
import { hasVideo } from '@parley/domain';
import type { CallView, MediaCredentials, ServerMessage } from '@parley/protocol';
import type { ParleyApi } from '../api/parley-api.ts';
import type { ActiveEntry, Self } from '../calls/state.ts';
import type { CommandRunner } from '../commands/command-runner.ts';
import type { MediaConnectionState, MediaEngine, MediaStats, MediaStreamLike } from '../ports/media-engine.ts';
import type { PeerSignalling } from '../ports/peer-signalling.ts';
import type { Clock } from '../ports/platform.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';
import type { CallRecorder } from '../quality/call-recorder.ts';
import { ConnectionWatch } from '../quality/connection-watch.ts';
import type { ServerTime } from '../time/server-time.ts';
import { CallSignalling } from './call-signalling.ts';
import { EngineSession } from './engine-session.ts';
import type { LocalMedia } from './local-media.ts';
import { MediaStateReporter } from './media-state-reporter.ts';
import { MEDIA_GIVES_UP_MS, StallWatch } from './stall-watch.ts';

export type EngineFactories = Partial<Record<MediaEngineName, (signalling: PeerSignalling) => MediaEngine>>;

export interface CallMediaState {
  readonly connection: MediaConnectionState;
  readonly streams: ReadonlyMap<UserId, MediaStreamLike | null>;
  readonly stats: MediaStats | null;
  readonly quality: ConnectionQuality | null;
  readonly protection: 'end_to_end' | 'to_server' | null;
}

interface CallMediaDeps {
  readonly engines: EngineFactories;
  readonly api: Pick<ParleyApi, 'credentials'>;
  readonly runner: CommandRunner;
  readonly transport: SignallingTransport;
  readonly local: LocalMedia;
  readonly recorder: CallRecorder;
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  readonly random: () => number;
  changed(): void;
  /** The path stayed broken for too long. */
  failed(callId: string): void;
}

const MOST_EARLY = 64;
type Relay = Extract<ServerMessage, { t: 'relay' }>;

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
  #session: EngineSession | null = null;
  #connection = new ConnectionWatch();
  #reported: string | null = null;
  #flowed: string | null = null;
  #credentials: { readonly key: string; readonly value: Promise<MediaCredentials> } | null = null;
  /** Of calls whose engine is not there yet: the other side may be faster. */
  #early: Relay[] = [];

  constructor(deps: CallMediaDeps) {
    this.#deps = deps;
    this.#stall = new StallWatch(deps.clock, MEDIA_GIVES_UP_MS, () => {
      if (this.#session) deps.failed(this.#session.signalling.callId);
    });
    this.#reporter = new MediaStateReporter(deps.runner, deps.local);
    this.#unlisten = [
      deps.transport.onMessage((message) => {
        if (message.t === 'relay') this.#relayed(message);
      }),
      deps.transport.onState(() => this.#watch()),
    ];
  }

  state(): CallMediaState {
    const session = this.#session;
    return {
      connection: session?.state ?? 'idle',
      streams: new Map(session?.remote.map(({ userId, stream }) => [userId, stream])),
      stats: session?.stats ?? null,
      quality: this.#connection.quality,
      protection: session?.engine.capabilities.protection ?? null,
    };
  }

  /** Calls in which media flows at the moment. */
  flowing(): readonly string[] {
    return this.#session?.state === 'connected' ? [this.#session.signalling.callId] : [];
  }

  /** The active call of the store, whenever it has changed. */
  follow(active: ActiveEntry | null, view: CallView | null, self: Self | null): void {
    if (!active || !self) {
      this.#stop();
      return;
    }
    if (this.#lane !== active.lane) {
      if (this.#lane !== null) this.#stop();
      this.#lane = active.lane;
      this.#capture(active, view, self);
    }
    this.#view = view;
    this.#record(active, view);
    if (active.callId !== null) this.#prefetch(active.callId);
    if (!view) return;
    this.#reporter.follow(view, self);
    const seated = view.seats.some(
      ({ userId, instanceId }) => userId === self.user.id && instanceId === self.instanceId,
    );
    if (seated && view.call.status !== 'ringing') this.#engage(view, self);
    this.#session?.signalling.seats(view, self);
    const own = view.call.participants.find(({ userId }) => userId === self.user.id);
    // A report that was refused at the time (or failed for good) is made again while the ledger still waits for it.
    if (own?.state === 'connecting' && this.#flowed === keyOf(view.call.id, view.call.mediaEpoch)) {
      this.#reportConnected(view.call.id, view.call.mediaEpoch);
    }
    this.#watch();
  }

  /** By the person: a picture that was held back for a weak connection goes on, and stays. */
  setCamera(on: boolean): void {
    this.#connection.cameraByHand(on);
    this.#deps.local.setCamera(on);
  }

  networkChanged(): void {
    this.#session?.networkChanged();
  }

  dispose(): void {
    this.#stop();
    for (const off of this.#unlisten) off();
    this.#reporter.dispose();
  }

  #capture(active: ActiveEntry, view: CallView | null, self: Self): void {
    const own = active.restored ? view?.call.participants.find(({ userId }) => userId === self.user.id) : undefined;
    this.#deps.local.begin({
      muted: own?.isMuted ?? false,
      camera: own?.videoEnabled ?? (hasVideo(active.callType) && !active.audioOnly),
    });
  }

  #engage(view: CallView, self: Self): void {
    const { id: callId, mediaEngine, mediaEpoch } = view.call;
    const running = this.#session?.signalling;
    if (running?.callId === callId && running.epoch === mediaEpoch) return;
    this.#session?.close();
    this.#session = null;
    const factory = this.#deps.engines[mediaEngine];
    // A client without this engine cannot take part; the server ends the call when no media comes.
    if (!factory) return;
    const signalling = new CallSignalling(callId, mediaEpoch, this.#deps.transport);
    signalling.seats(view, self);
    for (const relay of this.#early) if (relay.callId === callId) this.#deliver(signalling, relay);
    this.#early = [];
    this.#session = new EngineSession({
      engine: factory(signalling),
      signalling,
      local: this.#deps.local,
      clock: this.#deps.clock,
      serverTime: this.#deps.serverTime,
      random: this.#deps.random,
      selfId: self.user.id,
      credentials: (fresh) => (fresh ? this.#fetch(callId, mediaEpoch) : this.#prefetch(callId, mediaEpoch)),
      changed: () => {
        this.#watch();
        this.#deps.changed();
      },
      flowing: () => {
        this.#flowed = keyOf(callId, mediaEpoch);
        this.#deps.recorder.mediaCame();
        this.#reportConnected(callId, mediaEpoch);
      },
      looked: (stats) => this.#looked(stats),
    });
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
    recorder.looked(stats, { audio: !isMuted, video: camera !== null });
  }

  /** Asked for as early as the call has an id, so that the accept does not wait for it. */
  #prefetch(callId: string, epoch = this.#view?.call.mediaEpoch ?? 1): Promise<MediaCredentials> {
    const key = keyOf(callId, epoch);
    return this.#credentials?.key === key ? this.#credentials.value : this.#fetch(callId, epoch);
  }

  #fetch(callId: string, epoch: number): Promise<MediaCredentials> {
    const key = keyOf(callId, epoch);
    const value = this.#deps.api.credentials(callId);
    const entry = { key, value };
    this.#credentials = entry;
    value.catch(() => {
      if (this.#credentials === entry) this.#credentials = null;
    });
    return value;
  }

  #reportConnected(callId: string, epoch: number): void {
    const key = keyOf(callId, epoch);
    if (this.#reported === key) return;
    this.#reported = key;
    const obsolete = () => this.#session?.signalling.callId !== callId;
    this.#deps.runner.run('media-connected', callId, {}, obsolete).catch(() => {
      if (this.#reported === key) this.#reported = null;
    });
  }

  #relayed(relay: Relay): void {
    const signalling = this.#session?.signalling;
    if (signalling && signalling.callId === relay.callId) this.#deliver(signalling, relay);
    else this.#early = [...this.#early, relay].slice(-MOST_EARLY);
  }

  #deliver(signalling: CallSignalling, { from, epoch, generation, payload }: Relay): void {
    if (epoch === signalling.epoch) signalling.receive({ from: from.instanceId, generation, payload });
  }

  /** While the signalling is down nobody can tell whether the path or the other side is to blame: then it waits. */
  #watch(): void {
    const state = this.#session?.state;
    const wasConnected = this.#view?.call.status === 'connected';
    const broken = state === 'reconnecting' || state === 'failed' || (wasConnected && state === 'connecting');
    this.#stall.set(broken && this.#deps.transport.state === 'online');
  }

  #stop(): void {
    if (this.#lane === null) return;
    this.#lane = null;
    this.#view = null;
    this.#deps.recorder.close();
    this.#connection = new ConnectionWatch();
    this.#session?.close();
    this.#session = null;
    this.#credentials = null;
    this.#reported = null;
    this.#flowed = null;
    this.#early = [];
    this.#stall.stop();
    this.#reporter.stop();
    this.#deps.local.end();
  }
}

const keyOf = (callId: string, epoch: number): string => `${callId}:${epoch}`;
