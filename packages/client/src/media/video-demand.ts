import type { UserId } from '@parley/domain';
import type { MediaEngine, PictureSource, VideoQuality } from '../ports/media-engine.ts';

/** As long as nobody has said who is looked at, so many are shown sharp, and more of them small. */
const FEW = 4;

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
  #wanted: ReadonlyMap<string, VideoQuality> | null = null;
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

  /** @param wanted what is not named is out of sight; null: nobody says */
  look(wanted: readonly PictureWish[] | null): void {
    this.#wanted = wanted && new Map(wanted.map(({ userId, source, quality }) => [keyOf(userId, source), quality]));
  }

  setDataSaver(on: boolean): void {
    this.#saver = on;
  }

  setWeak(weak: boolean): void {
    this.#weak = weak;
  }

  reset(): void {
    this.#wanted = null;
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

  /** Of whom nothing was said. */
  #unnamed(of: PictureSource, count: number): VideoQuality {
    if (this.soundAlone || this.#wanted) return 'off';
    return of === 'screen' || count <= FEW ? 'high' : 'low';
  }
}

const keyOf = (userId: UserId | null, of: PictureSource): string => `${of} ${userId ?? '*'}`;
