import type { Pictures } from '../ui/pictures';

/** So many pictures are kept, the oldest go first: they are small, and teams are large. */
const KEPT = 300;

/** Loads the pictures of people who are on the screen, once each. A picture that cannot be had leaves the initials. */
export class PictureStore implements Pictures {
  readonly #load: (userId: string, hash: string) => Promise<string>;
  readonly #listeners = new Set<() => void>();
  readonly #wanted = new Set<string>();
  readonly #loading = new Set<string>();
  /** By hash. */
  readonly #loaded = new Map<string, string>();
  #hashes: ReadonlyMap<string, string> = new Map();

  constructor(load: (userId: string, hash: string) => Promise<string>) {
    this.#load = load;
  }

  readonly get = (userId: string): string | null => this.#loaded.get(this.#hashes.get(userId) ?? '') ?? null;

  readonly want = (userId: string): void => {
    this.#wanted.add(userId);
    void this.#fetch(userId);
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Who has a picture now, and which. */
  know(hashes: ReadonlyMap<string, string>): void {
    this.#hashes = hashes;
    for (const userId of this.#wanted) void this.#fetch(userId);
    this.#tell();
  }

  async #fetch(userId: string): Promise<void> {
    const hash = this.#hashes.get(userId);
    if (hash === undefined || this.#loaded.has(hash) || this.#loading.has(hash)) return;
    this.#loading.add(hash);
    try {
      const picture = await this.#load(userId, hash);
      const oldest = this.#loaded.size >= KEPT ? this.#loaded.keys().next().value : undefined;
      if (oldest !== undefined) this.#loaded.delete(oldest);
      this.#loaded.set(hash, picture);
      this.#tell();
    } catch {
      // Replaced meanwhile, or out of reach: the next look asks again.
    } finally {
      this.#loading.delete(hash);
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** What an image shows on every platform. */
export function dataUri(type: string, bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return `data:${type};base64,${btoa(text)}`;
}
