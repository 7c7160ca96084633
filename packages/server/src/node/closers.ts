/** What has been opened so far, to be closed in the opposite order; what is opened while it closes is closed at once. */
export class Closers {
  readonly #open: (() => unknown)[] = [];
  #closing = false;

  async add(closer: () => unknown): Promise<void> {
    if (this.#closing) await closer();
    else this.#open.push(closer);
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const closer of this.#open.splice(0).reverse()) await closer();
  }
}
