import { isLiveStatus, isSeatedState } from '@parley/domain';
import { type CallView, PARTICIPANTS_IN_VIEW, type Participant, type Call as WireCall } from '@parley/protocol';

const isSeated = ({ state }: Participant) => isSeatedState(state);

const RANKS = 6;

/**
 * Who is looked at first: the host, raised hands, those who can be heard, the others who sit there, those for whom it rings,
 * everybody else.
 */
function rankOf(person: Participant): number {
  if (person.role === 'host' && isSeated(person)) return 0;
  if (person.handRaisedAt !== null) return 1;
  if (isSeated(person)) return person.isMuted ? 3 : 2;
  return person.state === 'ringing' || person.state === 'invited' ? 4 : RANKS - 1;
}

export const isBig = ({ participants }: Pick<WireCall, 'participants'>): boolean =>
  participants.length > PARTICIPANTS_IN_VIEW;

/** What everybody is shown of a call of many: the same for all, so that it is found out and written once. */
export interface Shown {
  /** Ids of whom everybody sees. */
  readonly ids: ReadonlySet<string>;
  readonly counts: NonNullable<WireCall['counts']>;
}

export function shownIn({ participants }: WireCall): Shown {
  const ranks: Participant[][] = Array.from({ length: RANKS }, () => []);
  let seated = 0;
  for (const person of participants) {
    ranks[rankOf(person)]?.push(person);
    if (isSeated(person)) seated += 1;
  }
  const ids = new Set(
    ranks
      .flat()
      .slice(0, PARTICIPANTS_IN_VIEW)
      .map(({ userId }) => userId),
  );
  return { ids, counts: { total: participants.length, seated } };
}

/**
 * A call as one person gets it: of many people some, with themselves, in the order of the call, and how many there are. What costs
 * a client does not grow with the call; the others are read page by page.
 */
export function callFor(call: WireCall, userId: string | null): WireCall {
  if (!isBig(call)) return call;
  const { ids, counts } = shownIn(call);
  const participants = call.participants.filter((p) => ids.has(p.userId) || p.userId === userId);
  return { ...call, participants, counts };
}

/** The same of a view: seats of those who are in it. */
export function viewFor(view: CallView, userId: string | null): CallView {
  const call = callFor(view.call, userId);
  if (!isBig(view.call) || !isLiveStatus(view.call.status)) return { ...view, call };
  const shown = new Set(call.participants.map((p) => p.userId));
  return { ...view, call, seats: view.seats.filter((seat) => shown.has(seat.userId)) };
}
