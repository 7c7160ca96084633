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
 * Changes of a call of many people, told together: a hundred who come in within a second are a few messages for each of those
 * who are there, and not a hundred.
 */
export class CallBatches {
  readonly #batches = new Map<string, Batch>();
  readonly #timers: Timers;
  readonly #send: (batch: Batch) => void;

  constructor(timers: Timers, send: (batch: Batch) => void) {
    this.#timers = timers;
    this.#send = send;
  }

  add(view: CallView, events: readonly CallEventRecord[], guests: ReadonlySet<Session>): void {
    const { id } = view.call;
    const waiting = this.#batches.get(id);
    if (waiting) {
      if (view.call.version > waiting.view.call.version) waiting.view = view;
      waiting.events.push(...events);
      for (const guest of guests) waiting.guests.add(guest);
      return;
    }
    this.#batches.set(id, { view, events: [...events], guests: new Set(guests) });
    this.#timers.setTimeout(() => this.flush(id), BOUNDS.bigCallMs);
  }

  /** What waits of this call, at once. */
  flush(callId: string): void {
    const batch = this.#batches.get(callId);
    this.#batches.delete(callId);
    if (batch) this.#send(batch);
  }
}
