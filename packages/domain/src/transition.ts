import type { Call, LiveCall, Participant, RingingCall } from './call.ts';
import { isLive, isOfTwo, isSeated, participantOf } from './call.ts';
import { isMediaOverdue } from './deadlines.ts';
import type { CallEvent, CreatedEvent, Effect } from './events.ts';
import { finish, leaveSeat } from './finish.ts';
import {
  canAdmit,
  canHandOver,
  canInvite,
  canLock,
  canMoveMedia,
  canMute,
  canRaiseHand,
  canRemove,
  canReportNoPath,
} from './group-guards.ts';
import {
  canAccept,
  canCancel,
  canDecline,
  canEnd,
  canHold,
  canLeave,
  canMove,
  canReport,
  canReportMedia,
  unreachable,
  type Verdict,
} from './guards.ts';
import type { Instant } from './ids.ts';
import { accept, admit, hold, invite, move, remove, toMediaServer } from './membership.ts';
import { accepted, change, common, newcomer, settled, type Transition, whoHosts } from './steps.ts';
import { hasVideo, isGroupType } from './values.ts';

export type { Transition } from './steps.ts';

/** The first state of a call. What may be created is for `checkRecipients` and the store to say. */
export function create(event: CreatedEvent, now: Instant): LiveCall {
  const { data } = event;
  const ringUntil = now + data.ringTimeoutMs;
  const initiator: Participant = {
    ...newcomer(event.actorId),
    videoEnabled: hasVideo(data.callType),
    state: 'connecting',
    seat: event.seat,
    onHold: false,
  };
  const recipients = data.recipientIds.map(
    (userId): Participant => ({ ...newcomer(userId), state: 'ringing', ringUntil, waiting: false }),
  );
  const call: RingingCall = {
    status: 'ringing',
    id: data.id,
    teamId: data.teamId,
    channelId: data.channelId,
    callType: data.callType,
    initiatorId: event.actorId,
    hostId: event.actorId,
    locked: false,
    beganAsPair: !isGroupType(data.callType),
    createdAt: now,
    updatedAt: now,
    version: 1,
    media: { engine: data.engine, epoch: 1 },
    membershipEpoch: 1,
    ringExpiresAt: ringUntil,
    participants: [initiator, ...recipients],
  };
  // Nobody is awaited: it runs from its beginning.
  if (recipients.length > 0) return call;
  const { ringExpiresAt: _, ...rest } = call;
  return { ...rest, status: 'connected', connectedAt: now };
}

/**
 * What an event makes of a call: pure and total over all pairs of state and event. An event that does not fit is
 * refused with a code; it never throws and never half-applies. A `now` before the call's newest event counts as that
 * event's instant.
 */
export function transition(call: Call, event: CallEvent, at: Instant): Transition {
  const now = Math.max(at, call.updatedAt);
  const verdict = judge(call, event, now);
  if (verdict === 'already') return { kind: 'unchanged', call };
  if (verdict !== 'yes') return { kind: 'refused', code: verdict };
  // A call that has ended admits no event: `judge` has answered for it.
  if (!isLive(call)) return { kind: 'refused', code: 'call_ended' };
  return apply(call, event, now);
}

function judge(call: Call, event: CallEvent, now: Instant): Verdict {
  switch (event.type) {
    case 'accepted':
      return canAccept(call, event.actorId, event.seat.deviceId, event.data, now);
    case 'declined':
      return canDecline(call, event.actorId);
    case 'cancelled':
      return canCancel(call, event.actorId);
    case 'timed_out':
      if (!isLive(call)) return 'call_ended';
      if (!call.participants.some((p) => p.state === 'ringing')) return 'not_ringing';
      return call.participants.some((p) => p.state === 'ringing' && now >= p.ringUntil) ? 'yes' : 'not_due';
    case 'busy':
      if (!isLive(call)) return 'call_ended';
      return call.status === 'ringing' && !isGroupType(call.callType) && isRinging(call, event.userId)
        ? 'yes'
        : 'not_ringing';
    case 'waiting': {
      if (!isLive(call)) return 'call_ended';
      const { userIds, waiting } = event.data;
      const rung = call.participants.filter((p) => p.state === 'ringing' && userIds.includes(p.userId));
      if (rung.length === 0) return 'not_ringing';
      return rung.some((p) => p.state === 'ringing' && p.waiting !== waiting) ? 'yes' : 'already';
    }
    case 'hold':
      return canHold(call, event.actorId, event.data.onHold);
    case 'moved':
      return canMove(call, event.actorId, event.seat);
    case 'media_connected':
      return canReportMedia(call, event.actorId, event.deviceId, event.data?.epoch);
    case 'media_state': {
      const verdict = canReport(call, event.actorId, event.deviceId);
      const person = participantOf(call, event.actorId);
      const same = person?.isMuted === event.data.isMuted && person.videoEnabled === event.data.videoEnabled;
      return verdict === 'yes' && same ? 'already' : verdict;
    }
    case 'left':
      return canLeave(call, event.actorId);
    case 'dropped':
      return canLeave(call, event.userId);
    case 'invited':
      return canInvite(call, event.actorId, event.data.userIds);
    case 'admitted':
      return canAdmit(call, event.actorId, event.data);
    case 'removed':
      return canRemove(call, event.actorId, event.data.userId);
    case 'muted':
      return canMute(call, event.actorId, event.data.userId);
    case 'locked':
      return canLock(call, event.actorId, event.data.locked);
    case 'host':
      return canHandOver(call, event.actorId, event.data.userId);
    case 'hand':
      return canRaiseHand(call, event.actorId, event.data.raised);
    case 'media_plan':
      return event.actorId === null
        ? canMoveMedia(call, event.data)
        : canReportNoPath(call, event.actorId, event.deviceId, event.data.epoch);
    case 'media_reconciled':
      return isLive(call) ? 'yes' : 'call_ended';
    case 'ended':
      if (event.actorId !== null) return canEnd(call, event.actorId);
      if (!isLive(call)) return 'call_ended';
      return isMediaOverdue(call, now) ? 'yes' : 'not_due';
    default:
      return unreachable(event);
  }
}

function apply(call: LiveCall, event: CallEvent, now: Instant): Transition {
  switch (event.type) {
    case 'accepted':
      return accept(call, event, now);
    case 'invited':
      return invite(call, event, now);
    case 'admitted':
      return admit(call, event, now);
    case 'removed':
      return unansweredOr(remove(call, event.data.userId, now), [], now);
    case 'media_plan':
      return accepted(
        event.data.reason === 'server_gone'
          ? { ...call, ...common(call, now), media: { engine: 'p2p', epoch: call.media.epoch + 1 } }
          : settled(toMediaServer({ ...call, ...common(call, now) }), now),
      );
    case 'media_connected': {
      const epoch = event.data?.epoch ?? call.media.epoch;
      const participants = change(call, event.actorId, (p): Participant => {
        if (p.state === 'joined') return { ...p, mediaEpoch: Math.max(epoch, p.mediaEpoch ?? 0) };
        return p.state === 'connecting' ? { ...p, state: 'joined', joinedAt: now, mediaEpoch: epoch } : p;
      });
      return accepted(settled({ ...call, ...common(call, now), participants }, now));
    }
    case 'media_state':
      return accepted({
        ...call,
        ...common(call, now),
        participants: change(call, event.actorId, (p) => ({ ...p, ...event.data })),
      });
    case 'waiting': {
      const { userIds, waiting } = event.data;
      const participants = call.participants.map(
        (p): Participant => (p.state === 'ringing' && userIds.includes(p.userId) ? { ...p, waiting } : p),
      );
      return accepted({ ...call, ...common(call, now), participants });
    }
    case 'media_reconciled':
      return accepted({ ...call, ...common(call, now) });
    case 'hold':
      return accepted(hold({ ...call, ...common(call, now) }, event.actorId, event.data, now));
    case 'moved':
      return accepted(move({ ...call, ...common(call, now) }, event, now));
    case 'muted':
      return accepted({
        ...call,
        ...common(call, now),
        participants: change(call, event.data.userId, (p) => ({ ...p, isMuted: true })),
      });
    case 'hand':
      return accepted({
        ...call,
        ...common(call, now),
        participants: change(call, event.actorId, (p) => ({ ...p, handRaisedAt: event.data.raised ? now : null })),
      });
    case 'locked':
      return accepted({ ...call, ...common(call, now), locked: event.data.locked });
    case 'host':
      return accepted({ ...call, ...common(call, now), hostId: event.data.userId });
    case 'declined': {
      const participants = change(call, event.actorId, (p) => ({ ...baseOf(p), state: 'declined' as const }));
      return unansweredOr({ ...call, ...common(call, now), participants }, [], now);
    }
    case 'timed_out': {
      const due = (p: Participant) => p.state === 'ringing' && now >= p.ringUntil;
      const effects = call.participants
        .filter((p) => due(p))
        .map((p): Effect => ({ type: 'notify', userId: p.userId, notification: 'missed' }));
      const participants = call.participants.map((p): Participant => (due(p) ? { ...baseOf(p), state: 'missed' } : p));
      return unansweredOr({ ...call, ...common(call, now), participants }, effects, now);
    }
    case 'cancelled':
      return finish(call, 'cancelled', now);
    case 'busy':
      return finish(call, 'busy', now);
    case 'left':
      if (call.status === 'ringing') return finish(call, 'cancelled', now);
      return goOrEnd(call, event.actorId, event.data.reason, now);
    case 'dropped':
      if (call.status === 'ringing') return finish(call, 'caller_lost', now);
      return goOrEnd(call, event.userId, 'dropped', now);
    case 'ended':
      if (event.actorId === null) return finish(call, 'media_failed', now);
      if (call.status === 'ringing') return finish(call, 'cancelled', now);
      // Of two people only the one who called is a host; the other one's *end* is a hang-up.
      return finish(call, event.actorId === call.hostId ? 'ended_by_host' : 'hangup', now);
    default:
      return unreachable(event);
  }
}

const isRinging = (call: Call, userId: string) => participantOf(call, userId)?.state === 'ringing';

/** What every state of a person has. */
function baseOf(p: Participant) {
  const { userId, isMuted, videoEnabled, isGuest, barred, handRaisedAt, mediaEpoch } = p;
  return { userId, isMuted, videoEnabled, isGuest, barred, handRaisedAt, mediaEpoch };
}

/** A call that rings goes on while it rings for somebody: the last answer decides. */
function unansweredOr(call: LiveCall, effects: readonly Effect[], now: Instant): Transition {
  if (call.status !== 'ringing' || call.participants.some((p) => p.state === 'ringing')) return accepted(call, effects);
  const asked = call.participants.filter((p) => p.userId !== call.initiatorId && !p.barred);
  const way = asked.length > 0 && asked.every((p) => p.state === 'declined') ? 'declined' : 'no_answer';
  const end = finish({ ...call, version: call.version - 1 }, way, now);
  return end.kind === 'accepted' ? { ...end, effects: [...effects, ...end.effects] } : end;
}

/** Whoever goes ends a call of two; a group goes on without them, and ends with the last. */
function goOrEnd(call: LiveCall, userId: string, way: 'hangup' | 'media_failed' | 'dropped', now: Instant): Transition {
  const isLast = call.participants.filter(isSeated).every((p) => p.userId === userId);
  if (isOfTwo(call) || isLast) return finish(call, way, now);
  const participants = change(call, userId, (p) => leaveSeat(p, now));
  return accepted({
    ...call,
    ...common(call, now),
    membershipEpoch: call.membershipEpoch + 1,
    participants,
    hostId: whoHosts(call.hostId, participants),
  });
}
