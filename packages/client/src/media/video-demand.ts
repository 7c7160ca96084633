import type { UserId } from '@parley/domain';
import type { MediaEngine, VideoQuality } from '../ports/media-engine.ts';

/** As long as nobody has said who is looked at, so many are shown sharp, and more of them small. */
const FEW = 4;

/**
 * Which pictures are asked for, and how sharp. Those who are not looked at send nothing here; with the data saver, or on a
 * connection that hardly carries sound, nobody does.
 */
export class VideoDemand {
  #wanted: ReadonlyMap<UserId, VideoQuality> | null = null;
  #saver = false;
  #weak = false;
  /** What each engine was asked for last. */
  readonly #asked = new WeakMap<MediaEngine, Map<string, VideoQuality>>();

  get dataSaver(): boolean {
    return this.#saver;
  }

  /** @param wanted whoever is not named is out of sight; null: nobody says */
  look(wanted: ReadonlyMap<UserId, VideoQuality> | null): void {
    this.#wanted = wanted;
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
    const ask = (userId: UserId | null, of: 'camera' | 'screen', quality: VideoQuality) => {
      const key = `${of} ${userId ?? '*'}`;
      if (asked.get(key) === quality) return;
      asked.set(key, quality);
      void engine.setVideoQuality(userId, quality, of).catch(() => asked.delete(key));
    };
    const none = this.#saver || this.#weak;
    const others = none || this.#wanted ? 'off' : people.length <= FEW ? 'high' : 'low';
    ask(null, 'camera', others);
    ask(null, 'screen', none ? 'off' : 'high');
    for (const userId of people) ask(userId, 'camera', none ? 'off' : (this.#wanted?.get(userId) ?? others));
  }
}
