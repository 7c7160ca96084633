import { isLive, isSeated, participantOf } from '@parley/domain';
import type { CallView } from '@parley/protocol';
import { isBig } from '../store/big-call.ts';
import type { StoredCall } from '../store/call-record.ts';
import type { MediaChange } from './media-effects.ts';

/** Names are not part of a call's version: after so long (milliseconds) they are read again. */
const KEPT_MS = 10_000;
const MOST = 20;

/**
 * Calls of many people as they were last written here. A command that finds such a call unchanged need not read a thousand rows; the
 * row's lock and its version decide, so that what other processes write is noticed.
 */
export class KnownCalls {
  readonly #calls = new Map<string, { readonly stored: StoredCall; readonly readAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(callId: string): StoredCall | null {
    const known = this.#calls.get(callId);
    return known !== undefined && this.#now() - known.readAt < KEPT_MS ? known.stored : null;
  }

  /** In which of them somebody sits, as far as it is known here. */
  seatsOf(userId: string): readonly string[] {
    return [...this.#calls.values()].flatMap(({ stored: { call } }) => {
      const person = participantOf(call, userId);
      return person && isSeated(person) ? [call.id] : [];
    });
  }

  /** What was committed. */
  note({ view, media }: { readonly view: CallView; readonly media?: MediaChange }): void {
    const { id } = view.call;
    if (!media || media.after.version !== view.call.version || !isBig(view.call) || !isLive(media.after)) {
      this.#calls.delete(id);
      return;
    }
    const readAt = this.get(id) === null ? this.#now() : (this.#calls.get(id)?.readAt ?? this.#now());
    const names = new Map(view.call.participants.map(({ userId, displayName }) => [userId, displayName]));
    this.#calls.delete(id);
    this.#calls.set(id, { stored: { call: media.after, roomName: media.room, names }, readAt });
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > MOST && oldest !== undefined) this.#calls.delete(oldest);
  }
}
