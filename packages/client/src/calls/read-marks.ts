/** So many ids the server takes at once. */
const BATCH = 200;

/** Tells the server what the person has seen; what it could not be told is told again after the next welcome. */
export class ReadMarks {
  readonly #send: (ids: readonly string[]) => Promise<void>;
  #untold = new Set<string>();

  /** @param send rejects when the server could not be told */
  constructor(send: (ids: readonly string[]) => Promise<void>) {
    this.#send = send;
  }

  async mark(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#untold.add(id);
    await this.tell();
  }

  async tell(): Promise<void> {
    const untold = this.#untold;
    const ids = [...untold];
    for (let from = 0; from < ids.length; from += BATCH) {
      const batch = ids.slice(from, from + BATCH);
      try {
        await this.#send(batch);
      } catch {
        return;
      }
      for (const id of batch) untold.delete(id);
    }
  }

  /** Somebody else is signed in, or nobody. */
  forget(): void {
    this.#untold = new Set();
  }
}
