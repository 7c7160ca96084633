/** Something that goes on while nobody shows it. */
export interface Shelved {
  /** Out of sight, but not at an end. */
  park(): void;
  dispose(): void;
}

interface ShelfClock {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

interface Place<P> {
  readonly player: P;
  readonly timer: unknown;
}

/** From one screen's unmounting to the place in the next one, which first measures itself. Milliseconds. */
const KEPT_MS = 1_000;

/**
 * Players by what they show. Where one screen gives way to another, what played on the first goes on playing on the second: a
 * player that were made anew would show nothing until its first frame.
 */
export class Shelf<P extends Shelved> {
  readonly #clock: ShelfClock;
  readonly #free = new Map<string, Place<P>>();

  constructor(clock: ShelfClock) {
    this.#clock = clock;
  }

  /** The one that was left a moment ago. Whoever takes it has it for themselves. */
  take(key: string): P | null {
    const place = this.#free.get(key);
    if (place === undefined) return null;
    this.#free.delete(key);
    this.#clock.clearTimeout(place.timer);
    return place.player;
  }

  leave(key: string, player: P): void {
    const before = this.#free.get(key);
    if (before !== undefined) {
      this.#clock.clearTimeout(before.timer);
      before.player.dispose();
    }
    player.park();
    const timer = this.#clock.setTimeout(() => {
      this.#free.delete(key);
      player.dispose();
    }, KEPT_MS);
    this.#free.set(key, { player, timer });
  }
}
