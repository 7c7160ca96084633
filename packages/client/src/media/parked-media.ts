import type { CallView } from '@parley/protocol';
import type { Self } from '../calls/state.ts';
import type { EngineSession } from './engine-session.ts';
import type { MediaPaths } from './media-paths.ts';

/** The media of calls that are on hold: their paths stay up, so that coming back takes no new negotiation, and carry nothing. */
export class ParkedMedia {
  readonly #calls = new Map<string, MediaPaths>();

  has(callId: string): boolean {
    return this.#calls.has(callId);
  }

  of(callId: string): MediaPaths | null {
    return this.#calls.get(callId) ?? null;
  }

  /** The session of each that counts for it. */
  leading(): readonly EngineSession[] {
    return [...this.#calls.values()].flatMap(({ leading }) => (leading ? [leading] : []));
  }

  put(callId: string, paths: MediaPaths): void {
    for (const session of paths.sessions) session.park(true);
    this.#calls.set(callId, paths);
  }

  /** For a call that is come back to; null where there is nothing to go on with: then it begins anew. */
  take(callId: string): MediaPaths | null {
    const paths = this.#calls.get(callId);
    if (!paths) return null;
    this.#calls.delete(callId);
    const state = paths.leading?.state;
    if (state === undefined || state === 'failed' || state === 'closed') {
      paths.close();
      return null;
    }
    for (const session of paths.sessions) session.park(false);
    return paths;
  }

  /** What is neither on hold any more nor come back to is over. */
  follow(held: ReadonlyMap<string, CallView | null>, active: string | null, self: Self | null): void {
    for (const [callId, paths] of this.#calls) {
      if (callId === active) continue;
      const view = held.get(callId);
      if (view === undefined) {
        paths.close();
        this.#calls.delete(callId);
      } else if (view && self) {
        for (const { signalling } of paths.sessions) signalling.seats(view, self);
        paths.follow(view, self);
      }
    }
  }

  close(): void {
    for (const paths of this.#calls.values()) paths.close();
    this.#calls.clear();
  }
}
