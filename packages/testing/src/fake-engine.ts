import type {
  Admitted,
  EngineCapabilities,
  EngineContext,
  MediaConnectionState,
  MediaEngine,
  MediaEngineEvents,
  MediaStats,
  MediaTrack,
  PictureSource,
  TrackSource,
  VideoQuality,
} from '@parley/client';
import { NO_STATS } from '@parley/client/rtc-stats';
import { FakeStream } from './fake-web-rtc.ts';
import { settle } from './manual-clock.ts';

export const FAKE_CAPABILITIES: EngineCapabilities = {
  name: 'p2p',
  attachesTracks: true,
  videoQuality: true,
  activeSpeakers: true,
  screenShare: true,
  meets: 'peers',
  protection: 'end_to_end',
};

/** What a fake engine measures on a good connection. */
export const CONNECTED_STATS: MediaStats = {
  ...NO_STATS,
  roundTripMs: 20,
  jitterMs: 4,
  packetLossPercent: 0,
  sentLossPercent: 0,
  bitrateKbps: 32,
  sentBitrateKbps: 32,
  availableKbps: 2_000,
  path: 'direct',
  network: 'wifi',
  audioCodec: 'opus',
};

/** The place in which fake engines meet. */
export class FakeRoom {
  readonly engines = new Set<FakeEngine>();
  pathIsUp = true;

  cut(): void {
    this.pathIsUp = false;
    for (const engine of this.engines) engine.look();
  }

  mend(): void {
    this.pathIsUp = true;
    for (const engine of this.engines) engine.look();
  }

  changed(): void {
    for (const engine of this.engines) engine.look();
  }
}

export class FakeEngineError extends Error {
  readonly code: 'unsupported' | 'closed';
  constructor(code: 'unsupported' | 'closed') {
    super(code);
    this.code = code;
  }
}

type Listeners = { [E in keyof MediaEngineEvents]: Set<MediaEngineEvents[E]> };

/** MediaEngine in memory: connected as soon as somebody else is in the room. It also keeps what it was asked for. */
export class FakeEngine implements MediaEngine {
  readonly capabilities: EngineCapabilities;
  readonly attached = new Map<TrackSource, MediaTrack | null>();
  readonly muted = new Map<TrackSource, boolean>();
  readonly asked: { readonly userId: string | null; readonly quality: VideoQuality; readonly of: PictureSource }[] = [];
  /** Newest last. */
  readonly renewals: EngineContext['credentials'][] = [];
  /** By the newest `admit`. */
  admitted: Admitted = { except: [] };
  networkChanges = 0;
  /** How often it was asked for figures, and what it measures instead of those of a good connection. */
  looks = 0;
  figures: Partial<MediaStats> = {};
  context: EngineContext | null = null;
  state: MediaConnectionState = 'idle';
  readonly #room: FakeRoom;
  readonly #listeners: Listeners = {
    state: new Set(),
    flowing: new Set(),
    remote: new Set(),
    speakers: new Set(),
    quality: new Set(),
    silenced: new Set(),
    sent: new Set(),
    ended: new Set(),
  };
  readonly #streams = new Map<string, FakeStream>();
  readonly #screens = new Map<string, FakeStream>();
  readonly #flowed = new Set<FakeEngine>();

  constructor(room: FakeRoom, capabilities: EngineCapabilities = FAKE_CAPABILITIES) {
    this.#room = room;
    this.capabilities = capabilities;
  }

  async connect(context: EngineContext): Promise<void> {
    if (this.state === 'closed') throw new FakeEngineError('closed');
    this.context = context;
    this.become('connecting');
    this.#room.engines.add(this);
    await settle();
    this.#room.changed();
  }

  async renew(credentials: EngineContext['credentials']): Promise<void> {
    if (this.state === 'closed' || !this.context) return;
    this.renewals.push(credentials);
    this.context = { ...this.context, credentials };
  }

  async attach(source: TrackSource, track: MediaTrack | null): Promise<void> {
    if (source.startsWith('screen') && !this.capabilities.screenShare) throw new FakeEngineError('unsupported');
    this.attached.set(source, track);
    this.#room.changed();
  }

  setMuted(source: TrackSource, muted: boolean): void {
    this.muted.set(source, muted);
  }

  admit(whom: Admitted): void {
    this.admitted = whom;
    this.look();
  }

  async setVideoQuality(userId: string | null, quality: VideoQuality, of: PictureSource = 'camera'): Promise<void> {
    if (!this.capabilities.videoQuality) throw new FakeEngineError('unsupported');
    this.asked.push({ userId, quality, of });
  }

  networkChanged(): void {
    this.networkChanges += 1;
  }

  async stats(): Promise<MediaStats> {
    this.looks += 1;
    return this.state === 'connected' ? { ...CONNECTED_STATS, ...this.figures } : NO_STATS;
  }

  async close(): Promise<void> {
    if (this.state === 'closed') return;
    this.#room.engines.delete(this);
    this.become('closed');
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
    this.#room.changed();
  }

  on<E extends keyof MediaEngineEvents>(event: E, listener: MediaEngineEvents[E]): () => void {
    const listeners: Set<MediaEngineEvents[E]> = this.#listeners[event];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  become(state: MediaConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    for (const listener of [...this.#listeners.state]) listener(state);
  }

  look(): void {
    if (this.state === 'closed' || !this.context) return;
    const others = [...this.#room.engines].filter((engine) => engine !== this && engine.context);
    const up = this.#room.pathIsUp && (others.length > 0 || this.capabilities.meets === 'server');
    if (up) this.become('connected');
    else if (this.state === 'connected') this.become('reconnecting');
    for (const other of up ? others : []) {
      if (this.#flowed.has(other)) continue;
      this.#flowed.add(other);
      for (const listener of [...this.#listeners.flowing]) listener(other.context?.selfId ?? '');
    }
    this.#tellRemote(others);
  }

  /** As the engine would say it. */
  say<E extends keyof MediaEngineEvents>(event: E, ...args: Parameters<MediaEngineEvents[E]>): void {
    for (const listener of [...this.#listeners[event]] as ((...args: unknown[]) => void)[]) listener(...args);
  }

  #tellRemote(others: readonly FakeEngine[]): void {
    const { admitted: whom } = this;
    const admitted = others.filter(({ context }) => {
      const userId = context?.selfId ?? '';
      return 'only' in whom ? whom.only.includes(userId) : !whom.except.includes(userId);
    });
    const remote = admitted.map((other) => {
      const userId = other.context?.selfId ?? '';
      const of = (streams: Map<string, FakeStream>, sources: readonly TrackSource[], name: string) => {
        const stream = streams.get(userId) ?? new FakeStream(`${name}-${userId}`);
        streams.set(userId, stream);
        for (const track of stream.getTracks()) stream.removeTrack(track);
        for (const source of sources) {
          const track = other.attached.get(source);
          if (track) stream.addTrack(track);
        }
        return stream;
      };
      const screen = of(this.#screens, ['screen', 'screen_audio'], 'screen-of');
      return {
        userId,
        stream: of(this.#streams, ['microphone', 'camera'], 'of'),
        screen: screen.getTracks().length > 0 ? screen : null,
      };
    });
    for (const listener of [...this.#listeners.remote]) listener(remote);
  }
}
