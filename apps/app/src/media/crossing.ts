/** A picture of one stream, laid over or under others of the same person. */
export interface Layer<S> {
  readonly stream: S;
  /** Tells once that its first frame is drawn. @param fresh nothing else is seen: as soon as there is one to be drawn */
  onFrame(fresh: boolean, listener: () => void): void;
  /** It is what is seen from here on. */
  show(): void;
  remove(): void;
}

/**
 * What one player shows, while the stream of it changes: the new one is drawn under the old one before that goes, so that nothing
 * fades and nothing stands still.
 */
export class Crossing<S> {
  /** @param fresh nothing else is seen */
  readonly #make: (stream: S, fresh: boolean) => Layer<S>;
  #seen: Layer<S> | null = null;
  #coming: Layer<S> | null = null;

  constructor(make: (stream: S, fresh: boolean) => Layer<S>) {
    this.#make = make;
  }

  show(stream: S | null): void {
    if (stream === (this.#coming ?? this.#seen)?.stream) return;
    this.#coming?.remove();
    this.#coming = null;
    if (stream === null) {
      this.#seen?.remove();
      this.#seen = null;
      return;
    }
    // Wanted back before the other one had come.
    if (this.#seen?.stream === stream) return;
    const fresh = this.#seen === null;
    const layer = this.#make(stream, fresh);
    this.#coming = layer;
    layer.onFrame(fresh, () => {
      if (this.#coming !== layer) return;
      const before = this.#seen;
      this.#coming = null;
      this.#seen = layer;
      layer.show();
      before?.remove();
    });
  }
}
