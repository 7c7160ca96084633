import type { KeyValueStore } from '../ports/platform.ts';

/** Over `localStorage` or `sessionStorage`; where a browser refuses them (private modes), memory has to do. */
export function webStorage(open: () => Storage): KeyValueStore {
  const memory = new Map<string, string>();
  const attempt = <T>(run: (storage: Storage) => T, otherwise: () => T): T => {
    try {
      return run(open());
    } catch {
      return otherwise();
    }
  };
  return {
    get: async (key) =>
      attempt<string | null>(
        (storage) => storage.getItem(key) ?? memory.get(key) ?? null,
        () => memory.get(key) ?? null,
      ),
    set: async (key, value) => {
      attempt(
        (storage) => storage.setItem(key, value),
        () => {
          memory.set(key, value);
        },
      );
    },
    remove: async (key) => {
      memory.delete(key);
      attempt(
        (storage) => storage.removeItem(key),
        () => undefined,
      );
    },
    onChange(key, listener) {
      const heard = (event: StorageEvent) => {
        // A null key: all of it was cleared.
        const isOurs = attempt(
          (storage) => event.storageArea === storage,
          () => false,
        );
        if (isOurs && (event.key === key || event.key === null)) listener();
      };
      globalThis.addEventListener('storage', heard);
      return () => globalThis.removeEventListener('storage', heard);
    },
  };
}
