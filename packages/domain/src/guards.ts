import type { Call, Participant, Seat } from './call.ts';
import { isLive, isOfTwo, isSeated, participantOf } from './call.ts';
import type { RefusalCode } from './errors.ts';
import type { AcceptedData } from './events.ts';
import type { DeviceId, Instant, UserId } from './ids.ts';
import { MAX_PARTICIPANTS, MESH_SEATS } from './limits.ts';
import { type CallType, isGroupType } from './values.ts';

/** `yes`: apply it. `already`: it is so already, nothing to write. Otherwise the code of the refusal. */
export type Verdict = 'yes' | 'already' | RefusalCode;

export function canAccept(
  call: Call,
  userId: UserId,
  deviceId: DeviceId,
  data: Pick<AcceptedData, 'joins' | 'mediaServer'>,
  now: Instant,
): Verdict {
  const person = participantOf(call, userId);
  if (!person && !(isGroupType(call.callType) && data.joins)) return 'not_in_call';
  if (!isLive(call)) return 'call_ended';
  const verdict = isGroupType(call.callType)
    ? canEnterGroup(call, person, deviceId)
    : canAnswer(call, person, deviceId, now);
  return verdict === 'yes' && !hasRoom(call, person, data.mediaServer ?? false) ? 'call_full' : verdict;
}

/** In a call of two only a ring is answered: whoever left has ended it. */
function canAnswer(call: Call, person: Participant | undefined, deviceId: DeviceId, now: Instant): Verdict {
  if (person === undefined) return 'not_in_call';
  if (person.userId === call.initiatorId) return 'own_call';
  if (isSeated(person)) return person.seat.deviceId === deviceId ? 'already' : 'answered_elsewhere';
  if (person.state === 'invited') return 'yes';
  return person.state === 'ringing' && now < person.ringUntil ? 'yes' : 'not_ringing';
}

/** A group is open to whoever was ever asked, and those who were in it come back; a lock keeps all out but these and the rung. */
function canEnterGroup(call: Call, person: Participant | undefined, deviceId: DeviceId): Verdict {
  if (person && isSeated(person)) {
    if (call.status === 'ringing') return 'own_call';
    return person.seat.deviceId === deviceId ? 'already' : 'answered_elsewhere';
  }
  if (person?.barred) return 'removed_from_call';
  const isExpected = person?.state === 'ringing' || person?.state === 'invited' || person?.state === 'left';
  return call.locked && !isExpected ? 'call_locked' : 'yes';
}

function hasRoom(call: Call, person: Participant | undefined, mediaServer: boolean): boolean {
  if (person === undefined && call.participants.length >= MAX_PARTICIPANTS) return false;
  return call.media.engine !== 'p2p' || mediaServer || call.participants.filter(isSeated).length < MESH_SEATS;
}

export function canDecline(call: Call, userId: UserId): Verdict {
  const person = participantOf(call, userId);
  if (!person) return 'not_in_call';
  if (!isLive(call)) return 'call_ended';
  if (userId === call.initiatorId && (isSeated(person) || !isGroupType(call.callType))) return 'own_call';
  if (isSeated(person)) return 'answered_elsewhere';
  return person.state === 'ringing' || person.state === 'invited' ? 'yes' : 'not_ringing';
}

export function canCancel(call: Call, userId: UserId): Verdict {
  if (!participantOf(call, userId)) return 'not_in_call';
  if (!isLive(call)) return 'call_ended';
  if (userId !== call.initiatorId) return 'not_initiator';
  return call.status === 'ringing' ? 'yes' : 'not_ringing';
}

/** Whoever holds a seat can leave. */
export function canLeave(call: Call, userId: UserId): Verdict {
  const person = participantOf(call, userId);
  if (!person) return 'not_in_call';
  if (!isLive(call)) return 'call_ended';
  return isSeated(person) ? 'yes' : 'not_accepted';
}

/** Whoever sits in a call that was answered may turn to another one and come back. */
export function canHold(call: Call, userId: UserId, onHold: boolean): Verdict {
  const verdict = canLeave(call, userId);
  if (verdict !== 'yes') return verdict;
  if (call.status === 'ringing') return 'not_accepted';
  const person = participantOf(call, userId);
  return person !== undefined && isSeated(person) && person.onHold === onHold ? 'already' : 'yes';
}

/** Whoever sits in a call that was answered may take it to another of their devices, or to another tab. */
export function canMove(call: Call, userId: UserId, { deviceId, instanceId }: Seat): Verdict {
  const verdict = canLeave(call, userId);
  if (verdict !== 'yes') return verdict;
  if (call.status === 'ringing') return 'not_accepted';
  const person = participantOf(call, userId);
  const isThere = person !== undefined && isSeated(person) && person.seat.instanceId === instanceId;
  return isThere && person.seat.deviceId === deviceId ? 'already' : 'yes';
}

/** Each of two people may end a call of two; a group is the host's to end. */
export function canEnd(call: Call, userId: UserId): Verdict {
  const verdict = canLeave(call, userId);
  if (verdict !== 'yes') return verdict;
  return isOfTwo(call) || userId === call.hostId ? 'yes' : 'not_allowed';
}

/** Reports that a device makes of itself: only the device that holds the seat may. */
export function canReport(call: Call, userId: UserId, deviceId: DeviceId): Verdict {
  const person = participantOf(call, userId);
  if (!person) return 'not_in_call';
  if (!isLive(call)) return 'call_ended';
  if (!isSeated(person)) return 'not_accepted';
  return person.seat.deviceId === deviceId ? 'yes' : 'other_device';
}

/** Media can only flow once somebody has accepted, and by a plan that there is. */
export function canReportMedia(
  call: Call,
  userId: UserId,
  deviceId: DeviceId,
  epoch: number = call.media.epoch,
): Verdict {
  const verdict = canReport(call, userId, deviceId);
  if (verdict !== 'yes') return verdict;
  if (call.status === 'ringing') return 'not_accepted';
  if (epoch > call.media.epoch) return 'not_due';
  const person = participantOf(call, userId);
  return person?.state === 'joined' && (person.mediaEpoch ?? 0) >= epoch ? 'already' : 'yes';
}

export type RecipientsProblem =
  | 'recipient_is_self'
  | 'recipients_missing'
  | 'recipients_too_many'
  | 'recipients_repeated';

/** Whom a call of this type can be made to. Group types may ring nobody (members join). */
export function checkRecipients(
  type: CallType,
  initiatorId: UserId,
  recipients: readonly UserId[],
): RecipientsProblem | null {
  if (recipients.includes(initiatorId)) return 'recipient_is_self';
  if (new Set(recipients).size !== recipients.length) return 'recipients_repeated';
  if (isGroupType(type)) return recipients.length < MAX_PARTICIPANTS ? null : 'recipients_too_many';
  if (recipients.length === 0) return 'recipients_missing';
  return recipients.length === 1 ? null : 'recipients_too_many';
}

/** A new state makes the compiler ask for every answer. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
