import type { KeyValueStore } from '@parley/client';

export class MemoryStore implements KeyValueStore {
  readonly values: Map<string, string>;

  constructor(values: Iterable<readonly [string, string]> = []) {
    this.values = new Map(values);
  }

  async get(key: string): Promise<string | null> {
    return this.values.get(key) ?? null;
  }

  async set(key: string, value: string): Promise<void> {
    this.values.set(key, value);
  }

  async remove(key: string): Promise<void> {
    this.values.delete(key);
  }

  /** What a duplicated tab gets. */
  copy(): MemoryStore {
    return new MemoryStore(this.values);
  }
}
