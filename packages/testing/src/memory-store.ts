import type { KeyValueStore } from '@parley/client';

export class MemoryStore implements KeyValueStore {
  readonly values: Map<string, string>;
  readonly #tabs: Set<MemoryStore>;
  readonly #listeners = new Map<string, Set<() => void>>();

  /** @param sibling another tab of the same browser: both have the same values, and each hears what the other changes. */
  constructor(values: Iterable<readonly [string, string]> = [], sibling: MemoryStore | null = null) {
    this.values = sibling?.values ?? new Map(values);
    this.#tabs = sibling === null ? new Set() : sibling.#tabs;
    this.#tabs.add(this);
  }

  async get(key: string): Promise<string | null> {
    return this.values.get(key) ?? null;
  }

  async set(key: string, value: string): Promise<void> {
    this.values.set(key, value);
    this.#tell(key);
  }

  async remove(key: string): Promise<void> {
    this.values.delete(key);
    this.#tell(key);
  }

  onChange(key: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** What a duplicated tab gets. */
  copy(): MemoryStore {
    return new MemoryStore(this.values);
  }

  /** Another tab of this browser. */
  tab(): MemoryStore {
    return new MemoryStore([], this);
  }

  #tell(key: string): void {
    for (const tab of this.#tabs) {
      if (tab !== this) for (const listener of [...(tab.#listeners.get(key) ?? [])]) listener();
    }
  }
}
