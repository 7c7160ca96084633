/** Locks among the instances of one device (web: Web Locks among tabs). They go with the instance that holds them. */
export interface Locks {
  /** Runs alone among all instances of this device. */
  exclusive<T>(name: string, run: () => Promise<T>): Promise<T>;
  /**
   * Takes the lock and keeps it until the returned function is called or the instance dies.
   * @param waitMs how long to wait for it; `null` waits for ever. @returns null if it was not to be had in that time.
   */
  hold(name: string, waitMs: number | null): Promise<(() => void) | null>;
}

/** One instance leads, for example the ring tone. */
export interface Leader {
  readonly isLeader: boolean;
  onChange(listener: () => void): () => void;
  stop(): void;
}

/** For platforms with one instance only, such as a phone: nobody else is there to be excluded. */
export function soloLocks(): Locks {
  const queues = new Map<string, Promise<unknown>>();
  const held = new Set<string>();
  return {
    exclusive<T>(name: string, run: () => Promise<T>): Promise<T> {
      const turn = (queues.get(name) ?? Promise.resolve()).then(run, run);
      queues.set(
        name,
        turn.catch(() => undefined),
      );
      return turn;
    },
    async hold(name) {
      if (held.has(name)) return null;
      held.add(name);
      return () => held.delete(name);
    },
  };
}

/** Leads as soon as the lock is free, and until it is stopped. */
export function leaderOf(locks: Locks, name: string): Leader {
  const listeners = new Set<() => void>();
  let release: (() => void) | null = null;
  let stopped = false;
  void locks.hold(name, null).then((held) => {
    if (stopped) return held?.();
    release = held;
    for (const listener of listeners) listener();
  });
  return {
    get isLeader() {
      return release !== null;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      stopped = true;
      listeners.clear();
      release?.();
      release = null;
    },
  };
}
