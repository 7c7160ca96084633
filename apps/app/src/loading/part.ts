/** What a part is told of the world, so that tests can turn it by hand. */
export interface World {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
  /** The network is back: no need to wait any longer. */
  onOnline(listener: () => void): () => void;
}

export type PartState = 'asleep' | 'coming' | 'here' | 'failed';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * A piece of the app whose code is fetched when it is wanted, or before. What fails to come (a cable pulled, a server that
 * restarts) is asked for again until it is here, at growing distances, and at once when the network is back or somebody asks.
 */
export class Part<T> {
  readonly #load: () => Promise<T>;
  readonly #world: World;
  readonly #listeners = new Set<() => void>();
  #state: PartState = 'asleep';
  #content: T | null = null;
  #wait = FIRST_WAIT_MS;
  #calm: (() => void) | null = null;

  constructor(load: () => Promise<T>, world: World) {
    this.#load = load;
    this.#world = world;
  }

  /** `failed` lasts until it is here: the attempts go on meanwhile. */
  readonly state = (): PartState => this.#state;

  /** Null while it is not here. */
  readonly content = (): T | null => this.#content;

  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins to fetch it, if nobody has yet. */
  readonly fetch = (): void => {
    if (this.#state !== 'asleep') return;
    this.#become('coming');
    void this.#try();
  };

  /** After a failure: now, instead of when the wait is over. */
  readonly again = (): void => this.#calm?.();

  async #try(): Promise<void> {
    try {
      this.#content = await this.#load();
      this.#become('here');
    } catch {
      const next = () => {
        this.#calm = null;
        this.#world.clearTimeout(timer);
        unlisten();
        void this.#try();
      };
      const timer = this.#world.setTimeout(next, this.#wait);
      const unlisten = this.#world.onOnline(next);
      this.#calm = next;
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
      this.#become('failed');
    }
  }

  #become(state: PartState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
