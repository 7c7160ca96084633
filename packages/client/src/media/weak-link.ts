import type { ConnectionWatch } from '../quality/connection-watch.ts';

/** The own picture is held back first; if that does not help for so long, the others' are too. */
const AFTER_MS = 10_000;
/** What is tried again too early makes the pictures come and go. */
const AT_LEAST_MS = 30_000;

/** Whether the connection is so weak that it had better carry sound alone. */
export class WeakLink {
  #since: number | null = null;
  #heldAt: number | null = null;

  get holds(): boolean {
    return this.#heldAt !== null;
  }

  look({ quality, holdsVideo }: Pick<ConnectionWatch, 'quality' | 'holdsVideo'>, now: number): void {
    if (this.#heldAt !== null) {
      if (quality === 'good' && now - this.#heldAt >= AT_LEAST_MS) this.reset();
      return;
    }
    if (quality !== 'weak' || !holdsVideo) {
      this.#since = null;
      return;
    }
    this.#since ??= now;
    if (now - this.#since >= AFTER_MS) this.#heldAt = now;
  }

  reset(): void {
    this.#since = null;
    this.#heldAt = null;
  }
}
