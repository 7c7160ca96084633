import type { LiveCall, Participant } from './call.ts';
import { isOfTwo, isSeated, participantOf } from './call.ts';
import type { CallEvent, HoldData } from './events.ts';
import { leaveSeat } from './finish.ts';
import { peopleToRing } from './group-guards.ts';
import type { Instant, UserId } from './ids.ts';
import { accepted, change, common, newcomer, settled, type Transition, whoHosts } from './steps.ts';
import { type CallType, hasVideo } from './values.ts';

type Event<T extends CallEvent['type']> = Extract<CallEvent, { type: T }>;

/** Three are a group. */
const GROUP_SEATS = 3;

/**
 * Takes a seat. The third to do so makes a group of a pair, and moves its media to the server where there is one: with none it
 * stays a mesh.
 */
export function accept(call: LiveCall, event: Event<'accepted'>, now: Instant): Transition {
  const before = participantOf(call, event.actorId) ?? newcomer(event.actorId);
  const { userId, isMuted, isGuest } = before;
  const person: Participant = {
    userId,
    isMuted,
    isGuest,
    barred: false,
    handRaisedAt: null,
    mediaEpoch: null,
    videoEnabled: hasVideo(call.callType) && !event.data.audioOnly,
    state: 'connecting',
    seat: event.seat,
    onHold: false,
  };
  const known = participantOf(call, userId) !== undefined;
  const participants = known ? change(call, userId, () => person) : [...call.participants, person];
  const connectExpiresAt = now + event.data.connectTimeoutMs;
  let next: LiveCall = {
    ...call,
    ...common(call, now),
    membershipEpoch: call.membershipEpoch + 1,
    participants,
    hostId: whoHosts(call.hostId, participants),
  };
  if (next.status === 'ringing') {
    const { ringExpiresAt: _, ...rest } = next;
    next = { ...rest, status: 'connecting', connectExpiresAt };
  } else if (next.status === 'connecting') {
    next = { ...next, connectExpiresAt: Math.max(next.connectExpiresAt ?? 0, connectExpiresAt) };
  }
  if (participants.filter(isSeated).length >= GROUP_SEATS) {
    next = event.data.mediaServer && next.media.engine === 'p2p' ? toMediaServer(next) : asGroup(next);
  }
  return accepted(settled(next, now));
}

/** The same people on another path: whoever joined stays joined, and says when the new one carries them. */
export function toMediaServer<C extends LiveCall>(call: C): C {
  return { ...asGroup(call), media: { engine: 'livekit', epoch: call.media.epoch + 1 } };
}

/** What two people began in a channel is theirs, and does not become the channel's because a third was asked. */
function asGroup<C extends LiveCall>(call: C): C {
  const callType: CallType = hasVideo(call.callType) ? 'group_video' : 'group_audio';
  return callType === call.callType ? call : { ...call, callType, channelId: null };
}

export function invite(call: LiveCall, event: Event<'invited'>, now: Instant): Transition {
  const userIds = peopleToRing(call, event.data.userIds);
  const until = now + event.data.ringTimeoutMs;
  const rung = (userId: UserId, isGuest: boolean): Participant => ({
    ...newcomer(userId, isGuest),
    state: 'ringing',
    ringUntil: until,
    waiting: event.data.waitingIds?.includes(userId) ?? false,
  });
  const again = call.participants.map((p) => (userIds.includes(p.userId) ? rung(p.userId, p.isGuest) : p));
  const added = userIds.filter((userId) => !participantOf(call, userId)).map((userId) => rung(userId, false));
  const next = { ...call, ...common(call, now), participants: [...again, ...added] };
  return accepted(next.status === 'ringing' ? { ...next, ringExpiresAt: Math.max(next.ringExpiresAt, until) } : next, [
    { type: 'ring', callerId: event.actorId, userIds, until },
  ]);
}

export function admit(call: LiveCall, event: Event<'admitted'>, now: Instant): Transition {
  const { userId, isGuest } = event.data;
  const person: Participant = { ...newcomer(userId, isGuest), state: 'invited' };
  const known = participantOf(call, userId) !== undefined;
  return accepted({
    ...call,
    ...common(call, now),
    participants: known ? change(call, userId, () => person) : [...call.participants, person],
  });
}

export function remove(call: LiveCall, userId: UserId, now: Instant): LiveCall {
  const person = participantOf(call, userId);
  const wasSeated = person !== undefined && isSeated(person);
  const participants = change(call, userId, (p): Participant => {
    if (isSeated(p)) return { ...leaveSeat(p, now), barred: true };
    if (p.state !== 'ringing' && p.state !== 'invited') return { ...p, barred: true };
    return { ...newcomer(p.userId, p.isGuest), barred: true, state: 'missed' };
  });
  return {
    ...call,
    ...common(call, now),
    membershipEpoch: call.membershipEpoch + (wasSeated ? 1 : 0),
    participants,
    hostId: whoHosts(call.hostId, participants),
  };
}

/** Somebody turns away from the call, or comes back: two who have no media yet wait for none meanwhile. */
export function hold(call: LiveCall, userId: UserId, data: HoldData, now: Instant): LiveCall {
  const participants = change(call, userId, (p): Participant => (isSeated(p) ? { ...p, onHold: data.onHold } : p));
  if (call.status !== 'connecting' || !isOfTwo(call)) return { ...call, participants };
  const isAwaited = !data.onHold && participants.every((p) => !isSeated(p) || !p.onHold);
  return { ...call, participants, connectExpiresAt: isAwaited ? now + data.connectTimeoutMs : null };
}

/** The same person on another device: what they have said of themselves stays, and their media has to come anew. */
export function move(call: LiveCall, { actorId, seat, data }: Event<'moved'>, now: Instant): LiveCall {
  const participants = change(call, actorId, (p): Participant => (isSeated(p) ? { ...p, seat, mediaEpoch: null } : p));
  const moved = { ...call, membershipEpoch: call.membershipEpoch + 1, participants };
  return hold(moved, actorId, { onHold: false, connectTimeoutMs: data.connectTimeoutMs }, now);
}
