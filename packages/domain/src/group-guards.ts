import type { Call, LiveCall, Participant } from './call.ts';
import { isLive, isOfTwo, isSeated, participantOf } from './call.ts';
import { canReport, type Verdict } from './guards.ts';
import type { DeviceId, UserId } from './ids.ts';
import { MAX_PARTICIPANTS, MESH_SEATS } from './limits.ts';
import { isGroupType } from './values.ts';

/** What only makes sense in a group, and only somebody who sits in it can do. */
function canInGroup(call: Call, userId: UserId): Verdict {
  const person = participantOf(call, userId);
  if (!person) return 'not_in_call';
  if (!isLive(call)) return 'call_ended';
  if (!isSeated(person)) return 'not_accepted';
  return isGroupType(call.callType) ? 'yes' : 'not_allowed';
}

/** Two who have moved to the media server are still two: neither has the other's say. */
function canAsHost(call: Call, userId: UserId): Verdict {
  const verdict = canInGroup(call, userId);
  return verdict === 'yes' && (userId !== call.hostId || isOfTwo(call)) ? 'not_allowed' : verdict;
}

/** Those of the people whom it would ring now. */
export const peopleToRing = (call: LiveCall, userIds: readonly UserId[]): readonly UserId[] =>
  [...new Set(userIds)].filter((userId) => {
    const person = participantOf(call, userId);
    return !person || !(isSeated(person) || person.state === 'ringing');
  });

/** Whom a pair rings must have answered before anybody else comes. */
const isUnansweredPair = (call: Call): boolean => call.status === 'ringing' && !isGroupType(call.callType);

/** Who sits in a call brings others, a pair once it was answered; guests bring nobody, and behind a lock the host alone does. */
export function canInvite(call: Call, userId: UserId, userIds: readonly UserId[]): Verdict {
  const person = participantOf(call, userId);
  if (!person) return 'not_in_call';
  if (!isLive(call)) return 'call_ended';
  if (!isSeated(person) || isUnansweredPair(call)) return 'not_accepted';
  if (person.isGuest) return 'not_allowed';
  if (call.locked && userId !== call.hostId) return 'call_locked';
  const wanted = peopleToRing(call, userIds);
  if (wanted.length === 0) return 'already';
  if (userId !== call.hostId && wanted.some((id) => participantOf(call, id)?.barred)) return 'not_allowed';
  const added = wanted.filter((id) => !participantOf(call, id)).length;
  return call.participants.length + added > MAX_PARTICIPANTS ? 'call_full' : 'yes';
}

/** By somebody inside; a member whom a link leads here lets themselves in. */
export function canAdmit(call: Call, actorId: UserId, data: { userId: UserId; isGuest: boolean }): Verdict {
  if (!isLive(call)) return 'call_ended';
  if (isUnansweredPair(call)) return 'not_accepted';
  const isOwn = actorId === data.userId && !data.isGuest;
  const actor = participantOf(call, actorId);
  if (!isOwn) {
    if (!actor) return 'not_in_call';
    if (!isSeated(actor)) return 'not_accepted';
    if (actor.isGuest) return 'not_allowed';
  }
  const person = participantOf(call, data.userId);
  if (person && (isSeated(person) || person.state === 'ringing' || person.state === 'invited')) return 'already';
  if (person?.barred && actorId !== call.hostId) return 'removed_from_call';
  if (call.locked && actorId !== call.hostId) return 'call_locked';
  return !person && call.participants.length >= MAX_PARTICIPANTS ? 'call_full' : 'yes';
}

export function canRemove(call: Call, actorId: UserId, userId: UserId): Verdict {
  const verdict = canAsHost(call, actorId);
  if (verdict !== 'yes') return verdict;
  if (actorId === userId) return 'not_allowed';
  const person = participantOf(call, userId);
  if (!person) return 'not_in_call';
  return person.barred && !isSeated(person) ? 'already' : 'yes';
}

export function canMute(call: Call, actorId: UserId, userId: UserId): Verdict {
  const verdict = canAsHost(call, actorId);
  if (verdict !== 'yes') return verdict;
  const person = seatedOf(call, userId);
  if (!person) return 'not_in_call';
  return person.isMuted ? 'already' : 'yes';
}

export function canLock(call: Call, actorId: UserId, locked: boolean): Verdict {
  const verdict = canAsHost(call, actorId);
  return verdict === 'yes' && call.locked === locked ? 'already' : verdict;
}

export function canHandOver(call: Call, actorId: UserId, userId: UserId): Verdict {
  const verdict = canAsHost(call, actorId);
  if (verdict !== 'yes') return verdict;
  if (actorId === userId) return 'already';
  const person = seatedOf(call, userId);
  if (!person) return 'not_in_call';
  return person.isGuest ? 'not_allowed' : 'yes';
}

export function canRaiseHand(call: Call, userId: UserId, raised: boolean): Verdict {
  const verdict = canInGroup(call, userId);
  if (verdict !== 'yes') return verdict;
  return (participantOf(call, userId)?.handRaisedAt != null) === raised ? 'already' : 'yes';
}

/** A report of an older plan is old news. */
export function canReportNoPath(call: Call, userId: UserId, deviceId: DeviceId, epoch: number): Verdict {
  const verdict = canReport(call, userId, deviceId);
  if (verdict !== 'yes') return verdict;
  if (call.status === 'ringing') return 'not_accepted';
  if (epoch > call.media.epoch) return 'not_due';
  return call.media.engine !== 'p2p' || epoch < call.media.epoch ? 'already' : 'yes';
}

/** Of what the server has seen of the media server, for the plan that it has seen. */
export function canMoveMedia(
  call: Call,
  { reason, epoch }: { readonly reason: 'server_ready' | 'server_gone'; readonly epoch: number },
): Verdict {
  if (!isLive(call)) return 'call_ended';
  if (!isGroupType(call.callType)) return 'not_allowed';
  if (epoch > call.media.epoch) return 'not_due';
  const isThere = reason === 'server_ready' ? call.media.engine !== 'p2p' : call.media.engine === 'p2p';
  if (isThere || epoch < call.media.epoch) return 'already';
  const seats = call.participants.filter(isSeated).length;
  return reason === 'server_gone' && seats > MESH_SEATS ? 'call_full' : 'yes';
}

function seatedOf(call: Call, userId: UserId): Participant | null {
  const person = participantOf(call, userId);
  return person && isSeated(person) ? person : null;
}
