import type { UserId } from '@parley/domain';
import type { MediaEngine, PictureSource, VideoQuality } from '../ports/media-engine.ts';

/** As long as nobody has said who is looked at, so many are shown sharp, and more of them small. */
const FEW = 4;
/** Of so many calls it is kept what is looked at in them. */
const MOST_CALLS = 4;

/** A picture that is looked at, and how sharp it is wanted. */
export interface PictureWish {
  readonly userId: UserId;
  readonly source: PictureSource;
  readonly quality: VideoQuality;
}

/**
 * Which pictures are asked for, and how sharp: of each person, themselves and what they share apart. What is not looked at sends
 * nothing here; with the data saver, or on a connection that hardly carries sound, nothing does.
 */
export class VideoDemand {
  /** By call: a screen says it when its layout changes, and not again when the call is come back to under it. */
  readonly #wishes = new Map<string, ReadonlyMap<string, VideoQuality>>();
  #callId: string | null = null;
  #saver = false;
  #weak = false;
  /** What each engine was asked for last. */
  readonly #asked = new WeakMap<MediaEngine, Map<string, VideoQuality>>();

  get dataSaver(): boolean {
    return this.#saver;
  }

  /** No picture is asked for, whoever is looked at. */
  get soundAlone(): boolean {
    return this.#saver || this.#weak;
  }

  /** Pictures of this call are what is asked for now. */
  begin(callId: string): void {
    this.#callId = callId;
  }

  /** @param wanted what is not named is out of sight. Of a call that is not the current one it is kept for when it is. */
  look(callId: string, wanted: readonly PictureWish[]): void {
    this.#wishes.delete(callId);
    this.#wishes.set(callId, new Map(wanted.map(({ userId, source, quality }) => [keyOf(userId, source), quality])));
    const [oldest] = this.#wishes.keys();
    if (this.#wishes.size > MOST_CALLS && oldest !== undefined) this.#wishes.delete(oldest);
  }

  setDataSaver(on: boolean): void {
    this.#saver = on;
  }

  setWeak(weak: boolean): void {
    this.#weak = weak;
  }

  reset(): void {
    this.#callId = null;
    this.#saver = false;
    this.#weak = false;
  }

  /** Tells the engine what has changed for it. @param people who is there, the own person not among them */
  apply(engine: MediaEngine, people: readonly UserId[]): void {
    if (!engine.capabilities.videoQuality) return;
    const asked = this.#asked.get(engine) ?? new Map<string, VideoQuality>();
    this.#asked.set(engine, asked);
    const ask = (userId: UserId | null, of: PictureSource, quality: VideoQuality) => {
      const key = keyOf(userId, of);
      if (asked.get(key) === quality) return;
      asked.set(key, quality);
      void engine.setVideoQuality(userId, quality, of).catch(() => asked.delete(key));
    };
    for (const kind of ['camera', 'screen'] as const) {
      const others = this.#unnamed(kind, people.length);
      ask(null, kind, others);
      for (const userId of people)
        ask(userId, kind, this.soundAlone ? 'off' : (this.#wanted?.get(keyOf(userId, kind)) ?? others));
    }
  }

  /** Null: nobody says. */
  get #wanted(): ReadonlyMap<string, VideoQuality> | null {
    return this.#callId === null ? null : (this.#wishes.get(this.#callId) ?? null);
  }

  /** Of whom nothing was said. */
  #unnamed(of: PictureSource, count: number): VideoQuality {
    if (this.soundAlone || this.#wanted) return 'off';
    return of === 'screen' || count <= FEW ? 'high' : 'low';
  }
}

const keyOf = (userId: UserId | null, of: PictureSource): string => `${of} ${userId ?? '*'}`;
