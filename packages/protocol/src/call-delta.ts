import type { ServerMessage } from './realtime.ts';
import type { CallView } from './resources.ts';

export type CallDelta = Extract<ServerMessage, { t: 'call_delta' }>;

/**
 * The view that a delta makes of the one that is known (P98). Old news gives the known one, and null means that there is something
 * between the two that was not heard: then the whole has to be asked for.
 */
export function mergeCallDelta(known: CallView, { from, view, gone, own }: CallDelta, me: string): CallView | null {
  if (view.call.version <= known.call.version) return known;
  if (known.call.version < from) return null;
  const people = new Map(known.call.participants.map((person) => [person.userId, person]));
  const seats = new Map(known.seats.map((seat) => [seat.userId, seat]));
  for (const userId of gone) {
    // Oneself is in each view, whoever else is.
    if (userId === me) continue;
    people.delete(userId);
    seats.delete(userId);
  }
  for (const person of view.call.participants) {
    people.set(person.userId, person);
    seats.delete(person.userId);
  }
  for (const seat of view.seats) seats.set(seat.userId, seat);
  if (own !== undefined) {
    people.set(me, own.person);
    if (own.seat === null) seats.delete(me);
    else seats.set(me, own.seat);
  }
  return { ...view, call: { ...view.call, participants: [...people.values()] }, seats: [...seats.values()] };
}
