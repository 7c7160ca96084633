import {
  isGroupType,
  isLiveStatus,
  isSeatedState,
  OUTCOMES,
  type SummaryHeading,
  summaryHeading,
  type UserId,
} from '@parley/domain';
import type { Call, Participant, User } from '@parley/protocol';
import type { CallSummary } from '../model.ts';

/** What a call has come to, for one of its people; null while it lives. Words: the outcome table. */
export function headingOf(
  call: Pick<Call, 'status' | 'endReason' | 'initiatorId'> & Partial<Pick<Call, 'participants'>>,
  me: UserId,
): SummaryHeading | null {
  const { status, endReason, initiatorId, participants } = call;
  if (isLiveStatus(status) || endReason === null) return null;
  return summaryHeading({ status, endReason, initiatorId, ...(participants ? { participants } : {}) }, me);
}

/** The summary of a call that has ended, for one of its people; null while it lives. */
export function summaryOf(call: Call, me: UserId): CallSummary | null {
  const heading = headingOf(call, me);
  const { endReason } = call;
  if (heading === null || endReason === null) return null;
  return {
    callId: call.id,
    callType: call.callType,
    heading,
    endReason,
    durationSeconds: call.durationSeconds,
    people: othersOf(call, me),
    absent: absentOf(call, me),
    teamId: call.teamId,
    channelId: call.channelId,
    callAgain: whomToCallAgain(call, me),
  };
}

export const othersOf = (call: Call, me: UserId): readonly User[] =>
  call.participants.filter((p) => p.userId !== me).map((p) => ({ id: p.userId, displayName: p.displayName }));

/** Whoever reads of a group's call in the history may have no part in it. */
function absentOf({ participants, ...call }: Call, me: UserId): readonly UserId[] {
  const absent = participants.filter((p) => !wasIn(call, p)).map(({ userId }) => userId);
  return participants.some(({ userId }) => userId === me) ? absent : [...absent, me];
}

/** Whoever had a seat in a call that was answered, also where no media came of it; nobody has been in one that only rang. */
function wasIn({ status }: Pick<Call, 'status'>, { state, joinedAt }: Participant): boolean {
  const answered = status === 'connecting' || status === 'connected' || status === 'ended';
  return joinedAt !== null || (answered && (isSeatedState(state) || state === 'left'));
}

function whomToCallAgain(call: Call, me: UserId): UserId | null {
  if (isGroupType(call.callType)) return null;
  return othersOf(call, me)[0]?.id ?? null;
}

/**
 * What the screen shows at the tap, before the server has said what became of it: the same row of the outcome table
 * that the tap will come to, unless the other side was faster.
 * @param now by the server's clock, as `connectedAt` is.
 */
export function summaryAtTap(call: Call, me: UserId, reason: 'hangup' | 'media_failed', now: number): CallSummary {
  const ringing = call.status === 'ringing';
  const row = OUTCOMES[ringing ? 'cancelled' : reason];
  const connected = call.connectedAt === null ? null : Date.parse(call.connectedAt);
  return {
    callId: call.id,
    callType: call.callType,
    heading: row.summary[call.initiatorId === me ? 'initiator' : 'recipient'],
    endReason: row.reason,
    durationSeconds: connected === null ? null : Math.max(0, Math.floor((now - connected) / 1000)),
    people: othersOf(call, me),
    absent: absentOf(call, me),
    teamId: call.teamId,
    channelId: call.channelId,
    callAgain: whomToCallAgain(call, me),
  };
}
