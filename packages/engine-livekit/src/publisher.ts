import type { MediaTrack, TrackSource } from '@parley/client';
import type { LiveKitPlatform, Outgoing, SfuRoom } from './room.ts';

interface Wish {
  readonly track: MediaTrack | null;
  readonly muted: boolean;
}

interface Sent {
  readonly room: SfuRoom;
  readonly outgoing: Outgoing;
  readonly track: MediaTrack;
  readonly muted: boolean;
}

/** What could not be published is tried again after this. */
const AGAIN_MS = 1_000;
const LAST_TRY = 8;
const NOTHING: Wish = { track: null, muted: false };

/**
 * Sends what was attached, in whatever room there is. A camera that is off, or a microphone between two devices, stays published
 * and muted: its way back needs no negotiation. A screen that is no longer shared goes.
 */
export class Publisher {
  readonly #platform: LiveKitPlatform;
  /** Null while there is none that has let this side in. */
  readonly #room: () => SfuRoom | null;
  readonly #said: (source: TrackSource) => void;
  readonly #wishes = new Map<TrackSource, Wish>();
  readonly #sent = new Map<TrackSource, Sent>();
  readonly #tasks = new Map<TrackSource, Promise<void>>();
  #timer: unknown = null;
  #failures = 0;

  /** @param sent this source is published */
  constructor(platform: LiveKitPlatform, room: () => SfuRoom | null, sent: (source: TrackSource) => void) {
    this.#platform = platform;
    this.#room = room;
    this.#said = sent;
  }

  attach(source: TrackSource, track: MediaTrack | null): Promise<void> {
    this.#wishes.set(source, { ...this.#wish(source), track });
    return this.#inTurn(source);
  }

  setMuted(source: TrackSource, muted: boolean): void {
    if (this.#wish(source).muted === muted) return;
    this.#wishes.set(source, { ...this.#wish(source), muted });
    void this.#inTurn(source);
  }

  /** Whether it is meant to be heard or seen. */
  isOpen(source: TrackSource): boolean {
    const { track, muted } = this.#wish(source);
    return track !== null && !muted;
  }

  /** There is a room, or it allows something else than before. */
  look(): void {
    for (const source of this.#wishes.keys()) void this.#inTurn(source);
  }

  stop(): void {
    this.#platform.clearTimeout(this.#timer);
    this.#wishes.clear();
  }

  #wish(source: TrackSource): Wish {
    return this.#wishes.get(source) ?? NOTHING;
  }

  #inTurn(source: TrackSource): Promise<void> {
    const turn = (this.#tasks.get(source) ?? Promise.resolve()).then(() => this.#settle(source));
    this.#tasks.set(source, turn);
    return turn;
  }

  async #settle(source: TrackSource): Promise<void> {
    const room = this.#room();
    if (!room) return;
    try {
      await this.#fulfil(room, source);
      this.#failures = 0;
    } catch {
      this.#failures += 1;
      if (this.#failures > LAST_TRY || this.#room() === null) return;
      this.#platform.clearTimeout(this.#timer);
      this.#timer = this.#platform.setTimeout(() => this.look(), AGAIN_MS * this.#failures);
    }
  }

  async #fulfil(room: SfuRoom, source: TrackSource): Promise<void> {
    const { track, muted } = this.#wish(source);
    const sent = this.#sentIn(room, source);
    if (track === null && isScreen(source)) {
      this.#sent.delete(source);
      await sent?.outgoing.unpublish();
    } else if (!sent) {
      if (track === null || !room.maySend(source)) return;
      this.#sent.set(source, { room, track, muted, outgoing: await room.publish(source, track, muted) });
      this.#said(source);
    } else {
      await this.#adjust(source, sent, track, muted || track === null);
    }
  }

  async #adjust(source: TrackSource, sent: Sent, track: MediaTrack | null, muted: boolean): Promise<void> {
    const { outgoing } = sent;
    if (track !== null && sent.track !== track) await outgoing.replace(track);
    const now = { ...sent, track: track ?? sent.track };
    this.#sent.set(source, now);
    if (sent.muted === muted) return;
    await outgoing.mute(muted);
    this.#sent.set(source, { ...now, muted });
  }

  #sentIn(room: SfuRoom, source: TrackSource): Sent | null {
    const sent = this.#sent.get(source);
    if (sent && sent.room === room && sent.outgoing.alive) return sent;
    this.#sent.delete(source);
    return null;
  }
}

const isScreen = (source: TrackSource): boolean => source === 'screen' || source === 'screen_audio';
