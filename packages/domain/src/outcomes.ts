import type { FinishedCall, Participant } from './call.ts';
import type { UserId } from './ids.ts';
import type { EndReason, NotificationType } from './values.ts';

/** Every way in which a call can end; a group's differ in what its people were told before, not in the rows. */
export const END_WAYS = [
  'declined',
  'cancelled',
  'no_answer',
  'busy',
  'caller_lost',
  'hangup',
  'dropped',
  'media_failed',
  'ended_by_host',
] as const;
export type EndWay = (typeof END_WAYS)[number];

/** Heading of a summary; the user interface has the words. */
export type SummaryHeading = 'call_ended' | 'call_missed' | 'no_answer' | 'call_declined' | 'on_another_call';

export interface Outcome {
  /** Number of the row in SPEC.md. */
  readonly row: string;
  readonly status: FinishedCall['status'];
  readonly reason: EndReason;
  /** State of each person who held no seat when it ended; whoever held one has `left`. */
  readonly unseated: 'declined' | 'missed' | 'busy';
  readonly notify: { readonly initiator: NotificationType | null; readonly recipient: NotificationType | null };
  readonly summary: { readonly initiator: SummaryHeading; readonly recipient: SummaryHeading };
}

const NOBODY = { initiator: null, recipient: null } as const;
const ENDED = { initiator: 'call_ended', recipient: 'call_ended' } as const;
const spoken = (row: string, reason: EndReason): Outcome => ({
  row,
  status: 'ended',
  reason,
  unseated: 'missed',
  notify: NOBODY,
  summary: ENDED,
});

/** The outcome table of SPEC.md. Code and tests read from it; nothing else decides what an end means. */
export const OUTCOMES: Readonly<Record<EndWay, Outcome>> = {
  declined: {
    row: 'O1',
    status: 'rejected',
    reason: 'declined',
    unseated: 'declined',
    notify: { initiator: 'rejected', recipient: null },
    summary: { initiator: 'call_declined', recipient: 'call_declined' },
  },
  cancelled: {
    row: 'O2',
    status: 'missed',
    reason: 'cancelled',
    unseated: 'missed',
    notify: { initiator: null, recipient: 'missed' },
    summary: { initiator: 'call_ended', recipient: 'call_missed' },
  },
  no_answer: {
    row: 'O3',
    status: 'missed',
    reason: 'no_answer',
    unseated: 'missed',
    notify: { initiator: null, recipient: 'missed' },
    summary: { initiator: 'no_answer', recipient: 'call_missed' },
  },
  busy: {
    row: 'O4',
    status: 'rejected',
    reason: 'busy',
    unseated: 'busy',
    notify: { initiator: 'rejected', recipient: 'missed' },
    summary: { initiator: 'on_another_call', recipient: 'call_missed' },
  },
  caller_lost: {
    row: 'O5',
    status: 'missed',
    reason: 'dropped',
    unseated: 'missed',
    notify: { initiator: null, recipient: 'missed' },
    summary: { initiator: 'call_ended', recipient: 'call_missed' },
  },
  hangup: spoken('O6', 'hangup'),
  dropped: spoken('O7', 'dropped'),
  media_failed: spoken('O8', 'media_failed'),
  ended_by_host: spoken('O9', 'ended_by_host'),
};

/** What of a finished call decides its words; people may be left out where they are not known, as in a message of the chat. */
export interface EndedCall extends Pick<FinishedCall, 'status' | 'endReason' | 'initiatorId'> {
  readonly participants?: readonly { readonly userId: UserId; readonly state: Participant['state'] }[];
}

/** What a person's summary is headed with: on every screen, from the same facts. */
export function summaryHeading(call: EndedCall, userId: UserId): SummaryHeading {
  const state = call.participants?.find((p) => p.userId === userId)?.state;
  // Of a group that went on without them, or that nobody else answered either.
  if (call.status === 'ended' && state === 'missed') return 'call_missed';
  if (state === 'declined') return 'call_declined';
  const side = userId === call.initiatorId ? 'initiator' : 'recipient';
  return OUTCOMES[endWay(call)].summary[side];
}

/** The row of the table that a finished call stands for. */
export function endWay(call: Pick<FinishedCall, 'status' | 'endReason'>): EndWay {
  const found = END_WAYS.find((way) => OUTCOMES[way].status === call.status && OUTCOMES[way].reason === call.endReason);
  // Every finished call was made from a row, so that there is always one.
  return found ?? 'hangup';
}
