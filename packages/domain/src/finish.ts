import type { FinishedCall, LiveCall, Participant } from './call.ts';
import type { Effect } from './events.ts';
import { unreachable } from './guards.ts';
import type { Instant } from './ids.ts';
import { type EndWay, OUTCOMES, type Outcome } from './outcomes.ts';
import { accepted, type Transition } from './steps.ts';

/** Ends the call by a row of the outcome table. */
export function finish(call: LiveCall, way: EndWay, now: Instant): Transition {
  const outcome = OUTCOMES[way];
  const finished: FinishedCall = {
    id: call.id,
    teamId: call.teamId,
    channelId: call.channelId,
    callType: call.callType,
    initiatorId: call.initiatorId,
    hostId: call.hostId,
    locked: call.locked,
    beganAsPair: call.beganAsPair,
    createdAt: call.createdAt,
    media: call.media,
    updatedAt: now,
    version: call.version + 1,
    status: outcome.status,
    endReason: outcome.reason,
    connectedAt: call.status === 'connected' ? call.connectedAt : null,
    endedAt: now,
    membershipEpoch: call.membershipEpoch + 1,
    participants: call.participants.map((p) => unseat(p, outcome.unseated, now)),
  };
  return accepted(
    finished,
    call.participants.flatMap((p) => told(call, p, outcome)),
  );
}

/** Whom it still rings for has missed it; whoever has answered, or missed it before, was told then. */
function told(call: LiveCall, p: Participant, { notify, status }: Outcome): Effect[] {
  const notification =
    p.userId === call.initiatorId
      ? notify.initiator
      : p.state === 'ringing'
        ? (notify.recipient ?? (status === 'ended' ? 'missed' : null))
        : null;
  return notification === null ? [] : [{ type: 'notify', userId: p.userId, notification }];
}

/** The seat is given up, and with it what the person showed. */
export function leaveSeat(p: Participant, now: Instant): Participant {
  const { userId, isMuted, videoEnabled, isGuest, barred } = p;
  const common = { userId, isMuted, videoEnabled, isGuest, barred, handRaisedAt: null, mediaEpoch: null };
  switch (p.state) {
    case 'connecting':
      return { ...common, state: 'left', joinedAt: null, leftAt: now };
    case 'joined':
      return { ...common, state: 'left', joinedAt: p.joinedAt, leftAt: now };
    default:
      return p;
  }
}

function unseat(p: Participant, unseated: 'declined' | 'missed' | 'busy', now: Instant): Participant {
  switch (p.state) {
    case 'connecting':
    case 'joined':
      return leaveSeat(p, now);
    case 'invited':
    case 'ringing': {
      const { userId, isMuted, videoEnabled, isGuest, barred } = p;
      return { userId, isMuted, videoEnabled, isGuest, barred, handRaisedAt: null, mediaEpoch: null, state: unseated };
    }
    case 'left':
    case 'declined':
    case 'missed':
    case 'busy':
      return p;
    default:
      return unreachable(p);
  }
}
