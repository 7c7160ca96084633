import type { ConnectionQuality, UserId } from '@parley/domain';
import type { MediaCredentials } from '@parley/protocol';
import type {
  MediaConnectionState,
  MediaEngine,
  MediaStats,
  MediaTrack,
  RemoteMedia,
  TrackSource,
} from '../ports/media-engine.ts';
import type { Clock } from '../ports/platform.ts';
import type { ServerTime } from '../time/server-time.ts';
import { fullJitter } from '../transport/backoff.ts';
import type { CallSignalling } from './call-signalling.ts';
import { CredentialRenewal } from './credential-renewal.ts';
import type { LocalMedia } from './local-media.ts';
import type { ScreenShare } from './screen-share.ts';

const STATS_MS = 2_000;

interface EngineSessionDeps {
  readonly engine: MediaEngine;
  readonly signalling: CallSignalling;
  readonly local: LocalMedia;
  readonly screen: ScreenShare;
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  readonly random: () => number;
  readonly selfId: UserId;
  /** Before the accept: nothing that is captured goes in until `accepted`. */
  readonly ahead: boolean;
  /** @param fresh not those that were asked for earlier. */
  credentials(fresh: boolean): Promise<MediaCredentials>;
  changed(): void;
  flowing(userId: UserId): void;
  looked(stats: MediaStats): void;
  /** Somebody who may has muted this source from afar. */
  silenced(source: TrackSource): void;
}

/** One engine for one call and epoch, from its start to its close. */
export class EngineSession {
  readonly engine: MediaEngine;
  readonly signalling: CallSignalling;
  readonly #deps: EngineSessionDeps;
  readonly #renewal: CredentialRenewal;
  readonly #unlisten: (() => void)[] = [];
  #state: MediaConnectionState = 'idle';
  #remote: readonly RemoteMedia[] = [];
  #stats: MediaStats | null = null;
  #statsTimer: unknown = null;
  #closed = false;
  #ahead: boolean;
  #relayOnly = false;
  /** Its credentials are from before the accept, which the server may still not have. */
  #isEarly = false;
  readonly #flowed = new Set<UserId>();
  readonly #connections = new Map<UserId, ConnectionQuality | 'lost'>();
  readonly #attached = new Map<TrackSource, MediaTrack | null>();
  readonly #sent = new Set<TrackSource>();
  #speakers: readonly UserId[] = [];
  #parked = false;

  constructor(deps: EngineSessionDeps) {
    this.#deps = deps;
    this.#ahead = deps.ahead;
    this.engine = deps.engine;
    this.signalling = deps.signalling;
    this.#renewal = new CredentialRenewal({
      clock: deps.clock,
      serverTime: deps.serverTime,
      random: deps.random,
      fetch: () => deps.credentials(true),
      renewed: async (credentials, late) => {
        await this.engine.renew(credentials);
        // What was tried with the old ones could not succeed: now it may.
        if (late && this.#state !== 'connected') this.engine.networkChanged();
      },
    });
    this.#unlisten.push(
      this.engine.on('state', (state) => {
        this.#state = state;
        if (state !== 'connected' && state !== 'closed') this.#speakers = [];
        if (state === 'reconnecting' || state === 'failed') this.#renewal.look();
        deps.changed();
      }),
      this.engine.on('remote', (remote) => {
        this.#remote = remote;
        deps.changed();
      }),
      this.engine.on('flowing', (userId) => {
        this.#flowed.add(userId);
        if (!this.#parked) deps.flowing(userId);
        deps.changed();
      }),
      this.engine.on('speakers', (userIds) => {
        this.#speakers = userIds;
        deps.changed();
      }),
      this.engine.on('quality', (userId, quality) => {
        this.#connections.set(userId, quality);
        deps.changed();
      }),
      this.engine.on('silenced', (source) => {
        if (!this.#parked) deps.silenced(source);
      }),
      this.engine.on('sent', (source) => {
        this.#sent.add(source);
        deps.changed();
      }),
      this.engine.on('ended', (reason) => {
        // The other copy of this device is the newer one. Otherwise the server says whether one still belongs there.
        if (reason !== 'duplicate_identity') this.#renewal.refused();
      }),
      deps.local.onChange(() => this.#attach()),
    );
    void this.#connect();
    this.#pollStats();
  }

  get state(): MediaConnectionState {
    return this.#state;
  }

  get remote(): readonly RemoteMedia[] {
    return this.#remote;
  }

  get stats(): MediaStats | null {
    return this.#stats;
  }

  /** Of whom media has come here. */
  get flowed(): ReadonlySet<UserId> {
    return this.#flowed;
  }

  /** The loudest first. */
  get speakers(): readonly UserId[] {
    return this.#speakers;
  }

  /**
   * On the way into a room: this person is not heard yet, or nobody else is.
   * @param othersSpeak somebody is there whose microphone is on
   */
  isEntering(othersSpeak: boolean): boolean {
    if (this.#state === 'idle' || this.#state === 'connecting') return true;
    if (this.#state !== 'connected') return false;
    const { local } = this.#deps;
    const isSilent = local.state().microphone === null ? local.isOpening('microphone') : !this.#sent.has('microphone');
    return isSilent || (othersSpeak && this.#flowed.size === 0);
  }

  get connections(): ReadonlyMap<UserId, ConnectionQuality | 'lost'> {
    return this.#connections;
  }

  /**
   * What was entered ahead of the accept is taken part in now, with what is captured. The server may hear of it only after this.
   */
  accepted(): void {
    if (!this.#ahead) return;
    this.#ahead = false;
    this.#isEarly = true;
    this.#attach();
  }

  /**
   * The server has the accept. Credentials from before it may say that one only listens, or hides: others are wanted, should it be
   * entered again. Asked for any earlier they would say the same once more.
   */
  seated(): void {
    if (!this.#isEarly) return;
    this.#isEarly = false;
    if (this.engine.capabilities.meets === 'server' || this.#relayOnly) this.#renewal.refused();
  }

  /** The call is on hold: the path stays up, and nothing goes out on it. */
  park(parked: boolean): void {
    this.#parked = parked;
    this.#attach();
  }

  /** The own screen has changed. */
  screenChanged(): void {
    this.#attach();
  }

  networkChanged(): void {
    this.#renewal.look();
    this.engine.networkChanged();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#renewal.stop();
    for (const off of this.#unlisten) off();
    this.#deps.clock.clearTimeout(this.#statsTimer);
    this.signalling.close();
    void this.engine.close().catch(() => undefined);
  }

  /** Credentials come from the server, which may be out of reach at the moment: ask until they are there. */
  async #connect(): Promise<void> {
    const backoff = fullJitter(this.#deps.random, 500, 5_000);
    this.#attach();
    for (let fresh = false; !this.#closed; fresh = true) {
      try {
        const credentials = await this.#deps.credentials(fresh);
        if (this.#closed) return;
        this.#relayOnly = credentials.relayOnly;
        await this.engine.connect({ selfId: this.#deps.selfId, credentials, epoch: this.signalling.epoch });
        if (!this.#closed) this.#renewal.follow(credentials);
        return;
      } catch {
        await new Promise<void>((resolve) => this.#deps.clock.setTimeout(resolve, backoff.next()));
      }
    }
  }

  #attach(): void {
    if (!this.engine.capabilities.attachesTracks || this.#ahead) return;
    if (this.#parked) {
      for (const source of this.#attached.keys()) this.#put(source, null);
      return;
    }
    const { local } = this.#deps;
    const { microphone, camera, isMuted } = local.state();
    // What somebody tries in the settings meanwhile is not for the call.
    if (!local.inUse) return;
    this.engine.setMuted('microphone', isMuted);
    // Whether there is one is told when it is known: until then the other side waits for its sound.
    if (!local.isOpening('microphone')) this.#put('microphone', microphone);
    this.#put('camera', camera);
    if (!this.engine.capabilities.screenShare) return;
    const { screen } = this.#deps.screen;
    this.#put('screen', screen?.picture ?? null);
    this.#put('screen_audio', screen?.sound ?? null);
  }

  #put(source: TrackSource, track: MediaTrack | null): void {
    // A screen that was never there needs no telling.
    const before = this.#attached.get(source) ?? null;
    if (before === track && (this.#attached.has(source) || source.startsWith('screen'))) return;
    this.#attached.set(source, track);
    void this.engine.attach(source, track).catch(() => undefined);
  }

  #pollStats(): void {
    this.#statsTimer = this.#deps.clock.setTimeout(async () => {
      if (this.#state === 'connected') {
        this.#stats = await this.engine.stats().catch(() => null);
        if (this.#closed) return;
        if (this.#stats) this.#deps.looked(this.#stats);
        this.#deps.changed();
      }
      if (!this.#closed) this.#pollStats();
    }, STATS_MS);
  }
}
