import { shared } from './shared.ts';

/** What screens draw: made when it is asked for, and the same object until something has changed. */
export class Drawing<T> {
  readonly #draw: () => T;
  readonly #listeners = new Set<() => void>();
  #current: T | null = null;
  /** The newest that was drawn: what says the same in the next one is the same object. */
  #drawn: T | null = null;

  constructor(draw: () => T) {
    this.#draw = draw;
  }

  snapshot(): T {
    if (this.#current === null) {
      this.#current = shared(this.#drawn, this.#draw());
      this.#drawn = this.#current;
    }
    return this.#current;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    this.#current = null;
    for (const listener of [...this.#listeners]) listener();
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
