import { isLiveStatus, isSeatedState } from '@parley/domain';
import { type CallView, PARTICIPANTS_IN_VIEW, type Participant, type Call as WireCall } from '@parley/protocol';

const isSeated = ({ state }: Participant) => isSeatedState(state);

/** Who is looked at first: the host, raised hands, those who sit there, those for whom it rings, everybody else. */
function rankOf(person: Participant): number {
  if (person.role === 'host' && isSeated(person)) return 0;
  if (person.handRaisedAt !== null) return 1;
  if (isSeated(person)) return 2;
  return person.state === 'ringing' || person.state === 'invited' ? 3 : 4;
}

export const isBig = ({ participants }: Pick<WireCall, 'participants'>): boolean =>
  participants.length > PARTICIPANTS_IN_VIEW;

/**
 * A call as one person gets it: of many people some, with themselves, in the order of the call, and how many there are. What costs
 * a client does not grow with the call; the others are read page by page.
 */
export function callFor(call: WireCall, userId: string | null): WireCall {
  if (!isBig(call)) return call;
  const chosen = new Set(
    call.participants
      .toSorted((a, b) => rankOf(a) - rankOf(b))
      .slice(0, PARTICIPANTS_IN_VIEW)
      .map((p) => p.userId),
  );
  const participants = call.participants.filter((p) => chosen.has(p.userId) || p.userId === userId);
  return {
    ...call,
    participants,
    counts: { total: call.participants.length, seated: call.participants.filter(isSeated).length },
  };
}

/** The same of a view: seats of those who are in it. */
export function viewFor(view: CallView, userId: string | null): CallView {
  if (!isBig(view.call) || !isLiveStatus(view.call.status)) return { ...view, call: callFor(view.call, userId) };
  const call = callFor(view.call, userId);
  const shown = new Set(call.participants.map((p) => p.userId));
  return { ...view, call, seats: view.seats.filter((seat) => shown.has(seat.userId)) };
}
