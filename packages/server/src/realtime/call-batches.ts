import type { CallEventRecord, CallView } from '@parley/protocol';
import type { Timers } from '../ports/timers.ts';
import { BOUNDS } from './bounds.ts';
import type { Session } from './session.ts';

interface Batch {
  view: CallView;
  readonly events: CallEventRecord[];
  readonly guests: Set<Session>;
}

/**
 * Changes of a call of several people, told together: the first at once, and what follows within a moment in one message. A hundred who
 * come in within a second are a few messages for each of those who are there, and not a hundred.
 */
export class CallBatches {
  /** What waits of each call of which something was told a moment ago; null where nothing does. */
  readonly #batches = new Map<string, Batch | null>();
  readonly #timers: Timers;
  readonly #send: (batch: Batch) => void;

  constructor(timers: Timers, send: (batch: Batch) => void) {
    this.#timers = timers;
    this.#send = send;
  }

  add(view: CallView, events: readonly CallEventRecord[], guests: Iterable<Session>): void {
    const { id } = view.call;
    const waiting = this.#batches.get(id);
    if (waiting === undefined) {
      this.#open(id);
      this.#send({ view, events: [...events], guests: new Set(guests) });
    } else if (waiting === null) {
      this.#batches.set(id, { view, events: [...events], guests: new Set(guests) });
    } else {
      if (view.call.version > waiting.view.call.version) waiting.view = view;
      waiting.events.push(...events);
      for (const guest of guests) waiting.guests.add(guest);
    }
  }

  /** What waits of this call, at once. */
  flush(callId: string): void {
    const batch = this.#batches.get(callId);
    if (!batch) return;
    this.#batches.set(callId, null);
    this.#send(batch);
  }

  #open(callId: string): void {
    this.#batches.set(callId, null);
    this.#timers.setTimeout(() => {
      const batch = this.#batches.get(callId);
      this.#batches.delete(callId);
      if (!batch) return;
      this.#open(callId);
      this.#send(batch);
    }, BOUNDS.bigCallMs);
  }
}
