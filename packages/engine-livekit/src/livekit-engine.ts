import type {
  Admitted,
  EngineContext,
  MediaConnectionState,
  MediaEndReason,
  MediaEngine,
  MediaEngineEvents,
  MediaStats,
  MediaTrack,
  PictureSource,
  TrackSource,
  VideoQuality,
} from '@parley/client';
import { NO_STATS, readStats, type StatsMark, signsOfLife } from '@parley/client/rtc-stats';
import { SilenceWatch } from '@parley/client/silence-watch';
import type { UserId } from '@parley/domain';
import { Audience } from './audience.ts';
import { LIVEKIT_CAPABILITIES } from './capabilities.ts';
import { userOf } from './identity.ts';
import { merged } from './merged-stats.ts';
import { Publisher } from './publisher.ts';
import { type LiveKitPlatform, RoomRefusal, type SfuRoom } from './room.ts';

/** `closed`: after `close`. `no_server`: the credentials name no server or carry no token. */
class LiveKitEngineError extends Error {
  override readonly name = 'LiveKitEngineError';
  readonly category = 'bug';
  readonly code: 'closed' | 'no_server';

  constructor(code: 'closed' | 'no_server') {
    super(code);
    this.code = code;
  }
}

type Listeners = { [E in keyof MediaEngineEvents]: Set<MediaEngineEvents[E]> };
type Say = <E extends keyof MediaEngineEvents>(event: E, ...args: Parameters<MediaEngineEvents[E]>) => void;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** Broken for so long it is called failed, though it is still tried. */
const FAILED_AFTER_MS = 30_000;
/** Hints of one and the same change come together. */
const SAME_HINT_MS = 1_000;

/** MediaEngine through a LiveKit server. The SDK mends short breaks; where it gives up, this goes in again. */
export class LiveKitEngine implements MediaEngine {
  readonly capabilities = LIVEKIT_CAPABILITIES;
  readonly #platform: LiveKitPlatform;
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
  readonly #publisher: Publisher;
  readonly #audience: Audience;
  #context: EngineContext | null = null;
  #state: MediaConnectionState = 'idle';
  /** The one that is entered or about to be, whether the server has let this side in, and whether there is a path to it. */
  #room: SfuRoom | null = null;
  #letIn = false;
  #inside = false;
  #wasInside = false;
  #ended: MediaEndReason | null = null;
  #attempt = 0;
  #timer: unknown = null;
  #failTimer: unknown = null;
  #mark: StatsMark | null = null;
  #mendedAt = Number.NEGATIVE_INFINITY;
  readonly #silence: SilenceWatch;

  constructor(platform: LiveKitPlatform) {
    this.#platform = platform;
    const room = () => (this.#inside ? this.#room : null);
    const letIn = () => (this.#letIn ? this.#room : null);
    this.#publisher = new Publisher(platform, letIn, (source) => this.#say('sent', source));
    this.#audience = new Audience({
      platform,
      room,
      selfId: () => this.#context?.selfId ?? '',
      remote: (media) => this.#say('remote', media),
      flowing: (userId) => this.#say('flowing', userId),
    });
    this.#silence = new SilenceWatch({
      now: () => platform.now(),
      setTimeout: (run, ms) => platform.setTimeout(run, ms),
      clearTimeout: (handle) => platform.clearTimeout(handle),
      heard: () => this.#heard(),
      silent: () => this.#mend(),
    });
  }

  async connect(context: EngineContext): Promise<void> {
    if (this.#state === 'closed') throw new LiveKitEngineError('closed');
    if (this.#state !== 'idle') return;
    if (!hasServer(context.credentials)) throw new LiveKitEngineError('no_server');
    this.#context = context;
    this.#become('connecting');
    void this.#enter();
  }

  async renew(credentials: EngineContext['credentials']): Promise<void> {
    if (!this.#context || this.#state === 'closed') return;
    this.#context = { ...this.#context, credentials };
    // Going in again would put the other copy out, and that one us.
    if (this.#ended === null || this.#ended === 'duplicate_identity') return;
    this.#ended = null;
    this.#become(this.#wasInside ? 'reconnecting' : 'connecting');
    void this.#enter();
  }

  async attach(source: TrackSource, track: MediaTrack | null): Promise<void> {
    if (this.#state !== 'closed') await this.#publisher.attach(source, track);
  }

  setMuted(source: TrackSource, muted: boolean): void {
    if (this.#state !== 'closed') this.#publisher.setMuted(source, muted);
  }

  admit(whom: Admitted): void {
    this.#audience.admit(whom);
  }

  async setVideoQuality(userId: UserId | null, quality: VideoQuality, of: PictureSource = 'camera'): Promise<void> {
    this.#audience.ask(userId, of, quality);
  }

  /** The SDK mends what it finds broken, some seconds later: here it is told. A pause of this engine's own is cut short. */
  networkChanged(): void {
    if (this.#state === 'closed') return;
    if (this.#timer === null) {
      this.#mend();
      return;
    }
    this.#attempt = 0;
    void this.#enter();
  }

  async stats(): Promise<MediaStats> {
    if (this.#state !== 'connected' || !this.#room) return NO_STATS;
    const report = merged(await this.#room.stats());
    const { stats, mark } = readStats(report, this.#mark, this.#platform.now());
    this.#mark = mark;
    return { ...stats, path: stats.path === 'relay' ? 'relay' : 'server' };
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    const room = this.#room;
    this.#letIn = false;
    this.#inside = false;
    this.#room = null;
    this.#stopTimers();
    this.#silence.stop();
    this.#publisher.stop();
    this.#audience.close();
    this.#become('closed');
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
    await room?.close();
  }

  on<E extends keyof MediaEngineEvents>(event: E, listener: MediaEngineEvents[E]): () => void {
    const listeners: Set<MediaEngineEvents[E]> = this.#listeners[event];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #mend(): void {
    const now = this.#platform.now();
    if (!this.#inside || this.#state !== 'connected' || now - this.#mendedAt < SAME_HINT_MS) return;
    this.#mendedAt = now;
    this.#room?.mend();
  }

  async #heard(): Promise<number | null> {
    if (this.#state !== 'connected' || !this.#room || !this.#audience.expectsSound) return null;
    const reports = await this.#room.stats();
    return reports.reduce((sum, report) => sum + signsOfLife(report), 0);
  }

  async #enter(): Promise<void> {
    const context = this.#context;
    this.#platform.clearTimeout(this.#timer);
    this.#timer = null;
    if (!context || this.#state === 'closed') return;
    const { url, token } = context.credentials;
    this.#failTimer ??= this.#platform.setTimeout(() => this.#become('failed'), FAILED_AFTER_MS);
    this.#attempt += 1;
    const room = this.#make();
    this.#room = room;
    try {
      await room.enter(url ?? '', token ?? '', this.#audience.wantsAll);
    } catch (error) {
      if (this.#room === room) this.#out(room, error instanceof RoomRefusal ? error.reason : null);
      return;
    }
    // Closed meanwhile.
    if (this.#room !== room) {
      await room.close();
      return;
    }
    this.#inside = true;
    this.#wasInside = true;
    this.#silence.start();
    this.#up();
    // Once more: what could not be published while the path was being found (the SDK may have begun anew in another region, and says
    // only the first time that it was let in) goes out now, and not after a pause.
    this.#mayPublish();
    this.#audience.look();
  }

  /** What is sent is negotiated while the path is being found, and not after it: that is a round trip and more. */
  #mayPublish(): void {
    this.#letIn = true;
    this.#publisher.look();
  }

  /** What a room says that is no longer this engine's is not listened to. */
  #make(): SfuRoom {
    const mine = (run: () => void) => () => {
      if (this.#room === room) run();
    };
    const room: SfuRoom = this.#platform.room({
      letIn: () => mine(() => this.#mayPublish())(),
      path: (path) => mine(() => this.#path(path))(),
      left: (reason) => mine(() => this.#out(room, reason))(),
      changed: () =>
        mine(() => {
          if (this.#letIn) this.#publisher.look();
          if (this.#inside) this.#audience.look();
        })(),
      speakers: (identities) => mine(() => this.#say('speakers', [...new Set(identities.map(userOf))]))(),
      quality: (identity, quality) => mine(() => this.#say('quality', userOf(identity), WORDS[quality]))(),
      silenced: (source) =>
        mine(() => {
          if (!this.#publisher.isOpen(source)) return;
          this.#publisher.setMuted(source, true);
          this.#say('silenced', source);
        })(),
    });
    return room;
  }

  #path(path: 'up' | 'broken'): void {
    if (!this.#inside) return;
    if (path === 'up') {
      this.#up();
      return;
    }
    this.#failTimer ??= this.#platform.setTimeout(() => this.#become('failed'), FAILED_AFTER_MS);
    if (this.#state === 'connected') this.#become('reconnecting');
  }

  #up(): void {
    this.#attempt = 0;
    this.#stopTimers();
    this.#become('connected');
  }

  #out(room: SfuRoom, reason: MediaEndReason | null): void {
    this.#room = null;
    this.#letIn = false;
    this.#inside = false;
    this.#mark = null;
    void room.close();
    this.#audience.left();
    if (reason !== null) {
      this.#stopTimers();
      this.#ended = reason;
      this.#say('ended', reason);
      this.#become('failed');
      return;
    }
    if (this.#state === 'connected') this.#become('reconnecting');
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, this.#attempt - 1));
    this.#failTimer ??= this.#platform.setTimeout(() => this.#become('failed'), FAILED_AFTER_MS);
    this.#timer = this.#platform.setTimeout(() => void this.#enter(), pause);
  }

  #stopTimers(): void {
    this.#platform.clearTimeout(this.#timer);
    this.#platform.clearTimeout(this.#failTimer);
    this.#timer = null;
    this.#failTimer = null;
  }

  readonly #say: Say = (event, ...args) => {
    if (this.#state === 'closed') return;
    // One event's listeners take that event's arguments: the compiler cannot follow the pair through the union.
    for (const listener of [...this.#listeners[event]]) (listener as (...said: typeof args) => void)(...args);
  };

  #become(state: MediaConnectionState): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    for (const listener of [...this.#listeners.state]) listener(state);
  }
}

const WORDS = { excellent: 'good', good: 'fair', poor: 'weak', lost: 'lost' } as const;

const hasServer = ({ url, token }: EngineContext['credentials']): boolean => url !== null && token !== null;
