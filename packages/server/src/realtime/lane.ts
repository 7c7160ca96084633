/** Runs tasks one after the other, the first one at once. A task handles its own errors. */
export class Lane {
  readonly #limit: number;
  readonly #queue: (() => Promise<void> | void)[] = [];
  #busy = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False when too many tasks wait: this one is not taken. */
  push(task: () => Promise<void> | void): boolean {
    if (this.#queue.length >= this.#limit) return false;
    this.#queue.push(task);
    void this.#drain();
    return true;
  }

  clear(): void {
    this.#queue.length = 0;
  }

  async #drain(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let task = this.#queue.shift(); task; task = this.#queue.shift()) {
        const running = task();
        // Awaiting only where there is something to wait for keeps the relay synchronous.
        if (running) await running;
      }
    } finally {
      this.#busy = false;
    }
  }
}
