import type { Call, FinishedCall, LiveCall, Participant, RingingCall } from './call.ts';
import { isLive, isSeated, participantOf } from './call.ts';
import type { RefusalCode } from './errors.ts';
import type { CallEvent, CreatedEvent, Effect } from './events.ts';
import {
  canAccept,
  canCancel,
  canDecline,
  canEnd,
  canLeave,
  canReport,
  canReportMedia,
  unreachable,
  type Verdict,
} from './guards.ts';
import type { Instant, UserId } from './ids.ts';
import { type EndWay, OUTCOMES } from './outcomes.ts';
import { hasVideo } from './values.ts';

export type Transition =
  | { readonly kind: 'accepted'; readonly call: Call; readonly effects: readonly Effect[] }
  /** The call is so already: nothing to write, and no event. */
  | { readonly kind: 'unchanged'; readonly call: Call }
  | { readonly kind: 'refused'; readonly code: RefusalCode };

/** The first state of a call. What may be created is for `checkRecipients` and the store to say. */
export function create(event: CreatedEvent, now: Instant): RingingCall {
  const { data } = event;
  const initiator: Participant = {
    userId: event.actorId,
    isMuted: false,
    videoEnabled: hasVideo(data.callType),
    state: 'connecting',
    seat: event.seat,
  };
  const recipients = data.recipientIds.map(
    (userId): Participant => ({ userId, isMuted: false, videoEnabled: false, state: 'ringing' }),
  );
  return {
    status: 'ringing',
    id: data.id,
    teamId: data.teamId,
    channelId: data.channelId,
    callType: data.callType,
    initiatorId: event.actorId,
    createdAt: now,
    updatedAt: now,
    version: 1,
    media: { engine: data.engine, epoch: 1 },
    membershipEpoch: 1,
    ringExpiresAt: now + data.ringTimeoutMs,
    participants: [initiator, ...recipients],
  };
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
      return canAccept(call, event.actorId, event.seat.deviceId, now);
    case 'declined':
      return canDecline(call, event.actorId);
    case 'cancelled':
      return canCancel(call, event.actorId);
    case 'timed_out':
      if (!isLive(call)) return 'call_ended';
      if (call.status !== 'ringing') return 'not_ringing';
      return now >= call.ringExpiresAt ? 'yes' : 'not_due';
    case 'busy':
      if (!isLive(call)) return 'call_ended';
      return call.status === 'ringing' && participantOf(call, event.userId)?.state === 'ringing'
        ? 'yes'
        : 'not_ringing';
    case 'media_connected': {
      const verdict = canReportMedia(call, event.actorId, event.deviceId);
      return verdict === 'yes' && participantOf(call, event.actorId)?.state === 'joined' ? 'already' : verdict;
    }
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
    case 'ended':
      if (event.actorId !== null) return canEnd(call, event.actorId);
      if (!isLive(call)) return 'call_ended';
      return call.status === 'connecting' && now >= call.connectExpiresAt ? 'yes' : 'not_due';
    default:
      return unreachable(event);
  }
}

function apply(call: LiveCall, event: CallEvent, now: Instant): Transition {
  switch (event.type) {
    case 'accepted': {
      const participants = change(call, event.actorId, (p) => ({
        userId: p.userId,
        isMuted: p.isMuted,
        videoEnabled: hasVideo(call.callType) && !event.data.audioOnly,
        state: 'connecting',
        seat: event.seat,
      }));
      return accepted({
        ...common(call, now),
        status: 'connecting',
        connectExpiresAt: now + event.data.connectTimeoutMs,
        membershipEpoch: call.membershipEpoch + 1,
        participants,
      });
    }
    case 'media_connected':
      return accepted(
        join(
          call,
          change(call, event.actorId, (p) => (isSeated(p) ? { ...p, state: 'joined', joinedAt: now } : p)),
          now,
        ),
      );
    case 'media_state':
      return accepted({
        ...call,
        updatedAt: now,
        version: call.version + 1,
        participants: change(call, event.actorId, (p) => ({ ...p, ...event.data })),
      });
    case 'declined':
      return finish(call, 'declined', now);
    case 'cancelled':
      return finish(call, 'cancelled', now);
    case 'timed_out':
      return finish(call, 'no_answer', now);
    case 'busy':
      return finish(call, 'busy', now);
    case 'left':
      return finish(call, call.status === 'ringing' ? 'cancelled' : event.data.reason, now);
    case 'dropped':
      return finish(call, call.status === 'ringing' ? 'caller_lost' : 'dropped', now);
    case 'ended':
      if (event.actorId === null) return finish(call, 'media_failed', now);
      if (call.status === 'ringing') return finish(call, 'cancelled', now);
      // Of two people only the one who called is a host; the other one's *end* is a hang-up.
      return finish(call, event.actorId === call.initiatorId ? 'ended_by_host' : 'hangup', now);
    default:
      return unreachable(event);
  }
}

const accepted = (call: Call, effects: readonly Effect[] = []): Transition => ({ kind: 'accepted', call, effects });

/** The fields that every state has, one event further. */
function common(call: LiveCall, now: Instant) {
  const { id, teamId, channelId, callType, initiatorId, createdAt, media, membershipEpoch } = call;
  return {
    id,
    teamId,
    channelId,
    callType,
    initiatorId,
    createdAt,
    media,
    membershipEpoch,
    updatedAt: now,
    version: call.version + 1,
  };
}

const change = (call: Call, userId: UserId, to: (p: Participant) => Participant): readonly Participant[] =>
  call.participants.map((p) => (p.userId === userId ? to(p) : p));

/** `connected` is when media flows on both sides, not when somebody taps. */
function join(call: LiveCall, participants: readonly Participant[], now: Instant): LiveCall {
  const joined = participants.filter((p) => p.state === 'joined').length;
  if (call.status === 'connecting' && joined >= 2) {
    return { ...common(call, now), status: 'connected', connectedAt: now, participants };
  }
  return { ...call, updatedAt: now, version: call.version + 1, participants };
}

/** Ends the call by a row of the outcome table. */
function finish(call: LiveCall, way: EndWay, now: Instant): Transition {
  const outcome = OUTCOMES[way];
  const finished: FinishedCall = {
    ...common(call, now),
    status: outcome.status,
    endReason: outcome.reason,
    connectedAt: call.status === 'connected' ? call.connectedAt : null,
    endedAt: now,
    membershipEpoch: call.membershipEpoch + 1,
    participants: call.participants.map((p) => unseat(p, outcome.unseated, now)),
  };
  const effects = call.participants.flatMap((p): Effect[] => {
    const notification = outcome.notify[p.userId === call.initiatorId ? 'initiator' : 'recipient'];
    return notification === null ? [] : [{ type: 'notify', userId: p.userId, notification }];
  });
  return accepted(finished, effects);
}

function unseat(p: Participant, unseated: 'declined' | 'missed' | 'busy', now: Instant): Participant {
  const { userId, isMuted, videoEnabled } = p;
  switch (p.state) {
    case 'connecting':
      return { userId, isMuted, videoEnabled, state: 'left', joinedAt: null, leftAt: now };
    case 'joined':
      return { userId, isMuted, videoEnabled, state: 'left', joinedAt: p.joinedAt, leftAt: now };
    case 'invited':
    case 'ringing':
      return { userId, isMuted, videoEnabled, state: unseated };
    case 'left':
    case 'declined':
    case 'missed':
    case 'busy':
      return p;
    default:
      return unreachable(p);
  }
}
