import { DatabaseUnavailable } from '../ports/database.ts';

/** Most that are kept: whoever comes back with the key of an older one gets an answer, and the others hear of it when they ask. */
const MOST = 10_000;

/**
 * Commands whose connection to the database broke: they may have been written, but nobody was told. When the client asks again
 * with the same key and it turns out that they were, it is made up for.
 */
export class Doubts {
  readonly #keys = new Set<string>();

  /** Runs what writes under this key. */
  async watch<T>(userId: string, key: string, write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (error instanceof DatabaseUnavailable && this.#keys.size < MOST) this.#keys.add(`${userId}:${key}`);
      throw error;
    }
  }

  /** Whether this one was in doubt, and is not any more. */
  settle(userId: string, key: string): boolean {
    return this.#keys.delete(`${userId}:${key}`);
  }
}
