import type {
  EngineCapabilities,
  EngineContext,
  MediaConnectionState,
  MediaEngine,
  MediaEngineEvents,
  MediaStats,
  MediaTrack,
  TrackSource,
  VideoQuality,
} from '@parley/client';
import { FakeStream } from './fake-web-rtc.ts';
import { settle } from './manual-clock.ts';

export const FAKE_CAPABILITIES: EngineCapabilities = {
  name: 'p2p',
  attachesTracks: true,
  videoQuality: true,
  activeSpeakers: true,
  screenShare: true,
  protection: 'end_to_end',
};

const NO_STATS: MediaStats = {
  roundTripMs: null,
  jitterMs: null,
  packetLossPercent: null,
  sentLossPercent: null,
  bitrateKbps: null,
  sentBitrateKbps: null,
  availableKbps: null,
  freezes: null,
  freezeMs: null,
  concealedPercent: null,
  path: null,
  network: null,
  audioCodec: null,
  videoCodec: null,
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
  readonly asked: { readonly userId: string; readonly quality: VideoQuality }[] = [];
  /** Newest last. */
  readonly renewals: EngineContext['credentials'][] = [];
  networkChanges = 0;
  /** How often it was asked for figures, and what it measures instead of those of a good connection. */
  looks = 0;
  figures: Partial<MediaStats> = {};
  context: EngineContext | null = null;
  state: MediaConnectionState = 'idle';
  readonly #room: FakeRoom;
  readonly #listeners: Listeners = { state: new Set(), flowing: new Set(), remote: new Set(), speakers: new Set() };
  readonly #streams = new Map<string, FakeStream>();
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
    if (source === 'screen' && !this.capabilities.screenShare) throw new FakeEngineError('unsupported');
    this.attached.set(source, track);
    this.#room.changed();
  }

  async setVideoQuality(userId: string, quality: VideoQuality): Promise<void> {
    if (!this.capabilities.videoQuality) throw new FakeEngineError('unsupported');
    this.asked.push({ userId, quality });
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
    const up = this.#room.pathIsUp && others.length > 0;
    if (up) this.become('connected');
    else if (this.state === 'connected') this.become('reconnecting');
    for (const other of up ? others : []) {
      if (this.#flowed.has(other)) continue;
      this.#flowed.add(other);
      for (const listener of [...this.#listeners.flowing]) listener(other.context?.selfId ?? '');
    }
    this.#tellRemote(others);
  }

  #tellRemote(others: readonly FakeEngine[]): void {
    const remote = others.map((other) => {
      const userId = other.context?.selfId ?? '';
      const stream = this.#streams.get(userId) ?? new FakeStream(`of-${userId}`);
      this.#streams.set(userId, stream);
      for (const track of stream.getTracks()) stream.removeTrack(track);
      for (const [source, track] of other.attached) if (track && source !== 'screen') stream.addTrack(track);
      return { userId, stream, screen: null };
    });
    for (const listener of [...this.#listeners.remote]) listener(remote);
  }
}
