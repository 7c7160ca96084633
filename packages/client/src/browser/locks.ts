import { type Locks, soloLocks } from '../ports/locks.ts';

/** Over the Web Locks API. It exists in secure contexts only; without it each tab stands for itself. */
export function webLocks(manager: LockManager | undefined): Locks {
  if (!manager) return soloLocks();
  return {
    async exclusive<T>(name: string, run: () => Promise<T>): Promise<T> {
      return (await manager.request(name, run)) as T;
    },
    hold(name, waitMs) {
      return new Promise((resolve) => {
        const abort = new AbortController();
        const timer = waitMs === null ? null : setTimeout(() => abort.abort(), waitMs);
        const options: LockOptions = waitMs === null ? {} : { signal: abort.signal };
        manager
          .request(name, options, () => {
            if (timer !== null) clearTimeout(timer);
            // The lock is held for as long as this promise is open.
            return new Promise<void>((release) => resolve(() => release()));
          })
          .catch(() => resolve(null));
      });
    },
  };
}
