import type { Clock, Locks } from '@parley/client';

interface Waiting {
  readonly tab: object;
  readonly grant: () => void;
}

/** Locks of one device with any number of tabs; closing a tab frees what it held, as a browser does. */
export class FakeLockManager {
  readonly #clock: Clock;
  readonly #held = new Map<string, object>();
  readonly #queues = new Map<string, Waiting[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  tab(): { locks: Locks; close(): void } {
    const tab = {};
    return {
      locks: {
        exclusive: async (name, run) => {
          await this.#acquire(name, tab);
          try {
            return await run();
          } finally {
            this.#release(name, tab);
          }
        },
        hold: (name, waitMs) =>
          new Promise((resolve) => {
            let open = true;
            const timer =
              waitMs === null
                ? null
                : this.#clock.setTimeout(() => {
                    open = false;
                    resolve(null);
                  }, waitMs);
            void this.#acquire(name, tab).then(() => {
              if (timer !== null) this.#clock.clearTimeout(timer);
              if (open) resolve(() => this.#release(name, tab));
              else this.#release(name, tab);
            });
          }),
      },
      close: () => {
        for (const [name, queue] of this.#queues) {
          this.#queues.set(
            name,
            queue.filter((waiting) => waiting.tab !== tab),
          );
        }
        for (const [name, owner] of [...this.#held]) if (owner === tab) this.#release(name, tab);
      },
    };
  }

  #acquire(name: string, tab: object): Promise<void> {
    return new Promise((resolve) => {
      const grant = () => {
        this.#held.set(name, tab);
        resolve();
      };
      if (this.#held.has(name)) this.#queues.set(name, [...(this.#queues.get(name) ?? []), { tab, grant }]);
      else grant();
    });
  }

  #release(name: string, tab: object): void {
    if (this.#held.get(name) !== tab) return;
    this.#held.delete(name);
    const [next, ...rest] = this.#queues.get(name) ?? [];
    this.#queues.set(name, rest);
    next?.grant();
  }
}
