import type { Call } from './call.ts';
import type { CallEvent, CreatedEvent, Recorded } from './events.ts';
import { create, transition } from './transition.ts';

/**
 * The call that its events make. Events are in the order of their sequence numbers, gapless from 1.
 * @throws Error when the log is not one that the machine could have written: that is a bug or a damaged database.
 */
export function replay(first: Recorded<CreatedEvent>, rest: readonly Recorded<CallEvent>[]): Call {
  let call: Call = create(first.event, first.at);
  for (const { seq, at, event } of rest) {
    if (seq !== call.version + 1) throw new Error(`call ${call.id}: event ${seq} after ${call.version}`);
    const next = transition(call, event, at);
    if (next.kind !== 'accepted') throw new Error(`call ${call.id}: event ${seq} (${event.type}) does not fit`);
    call = next.call;
  }
  return call;
}
