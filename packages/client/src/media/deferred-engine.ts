import type {
  Admitted,
  EngineCapabilities,
  EngineContext,
  MediaEngine,
  MediaEngineEvents,
  MediaStats,
  MediaTrack,
  PictureSource,
  TrackSource,
  VideoQuality,
} from '../ports/media-engine.ts';
import { NO_STATS } from './rtc-stats.ts';

type Listeners = { [E in keyof MediaEngineEvents]: Set<MediaEngineEvents[E]> };

/**
 * An engine whose code may still be on its way: an app need not carry it before somebody has signed in. It begins to fetch
 * at once, and `connect` waits for it; when it does not come, `connect` rejects, and the next one asks again.
 */
export class DeferredEngine implements MediaEngine {
  readonly capabilities: EngineCapabilities;
  readonly #make: () => Promise<MediaEngine>;
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
  readonly #tracks = new Map<TrackSource, MediaTrack | null>();
  readonly #muted = new Map<TrackSource, boolean>();
  #admitted: Admitted | null = null;
  #coming: Promise<MediaEngine> | null = null;
  #engine: MediaEngine | null = null;
  #closed = false;

  constructor(capabilities: EngineCapabilities, make: () => Promise<MediaEngine>) {
    this.capabilities = capabilities;
    this.#make = make;
    this.#arrival().catch(() => undefined);
  }

  async connect(context: EngineContext): Promise<void> {
    await (await this.#arrival()).connect(context);
  }

  async renew(credentials: EngineContext['credentials']): Promise<void> {
    await this.#engine?.renew(credentials);
  }

  async attach(source: TrackSource, track: MediaTrack | null): Promise<void> {
    // A source that it does not have is refused by the engine itself.
    if (this.#engine || (source.startsWith('screen') && !this.capabilities.screenShare))
      return (await this.#arrival()).attach(source, track);
    this.#tracks.set(source, track);
  }

  setMuted(source: TrackSource, muted: boolean): void {
    if (this.#engine) this.#engine.setMuted(source, muted);
    else this.#muted.set(source, muted);
  }

  admit(whom: Admitted): void {
    if (this.#engine) this.#engine.admit(whom);
    else this.#admitted = whom;
  }

  async setVideoQuality(
    userId: EngineContext['selfId'] | null,
    quality: VideoQuality,
    of?: PictureSource,
  ): Promise<void> {
    await (await this.#arrival()).setVideoQuality(userId, quality, of);
  }

  networkChanged(): void {
    this.#engine?.networkChanged();
  }

  async stats(): Promise<MediaStats> {
    return this.#engine ? this.#engine.stats() : NO_STATS;
  }

  async close(): Promise<void> {
    const first = !this.#closed;
    this.#closed = true;
    if (this.#engine) await this.#engine.close();
    // To those who listen it is over now; what arrives later is closed unseen.
    else if (first) for (const listener of [...this.#listeners.state]) listener('closed');
  }

  on<E extends keyof MediaEngineEvents>(event: E, listener: MediaEngineEvents[E]): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }

  #arrival(): Promise<MediaEngine> {
    this.#coming ??= this.#make().then(
      (engine) => this.#take(engine),
      (error: unknown) => {
        this.#coming = null;
        throw error;
      },
    );
    return this.#coming;
  }

  async #take(engine: MediaEngine): Promise<MediaEngine> {
    if (this.#closed) {
      await engine.close();
      this.#engine = engine;
      return engine;
    }
    for (const event of Object.keys(this.#listeners) as (keyof Listeners)[]) this.#handOn(engine, event);
    this.#engine = engine;
    if (this.#admitted) engine.admit(this.#admitted);
    for (const [source, muted] of this.#muted) engine.setMuted(source, muted);
    await Promise.all([...this.#tracks].map(([source, track]) => engine.attach(source, track)));
    this.#tracks.clear();
    return engine;
  }

  #handOn<E extends keyof Listeners>(engine: MediaEngine, event: E): void {
    const listeners: Set<MediaEngineEvents[E]> = this.#listeners[event];
    const tell = (...said: Parameters<MediaEngineEvents[E]>): void => {
      // One event's listeners take that event's arguments: the compiler cannot follow the pair through the union.
      for (const listener of [...listeners]) (listener as (...args: typeof said) => void)(...said);
    };
    engine.on(event, tell as MediaEngineEvents[E]);
  }
}
