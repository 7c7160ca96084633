import type { Call } from './call.ts';
import { isSeated, participantOf } from './call.ts';
import type { RefusalCode } from './errors.ts';
import type { DeviceId, Instant, UserId } from './ids.ts';
import { type CallType, isGroupType } from './values.ts';

/** `yes`: apply it. `already`: it is so already, nothing to write. Otherwise the code of the refusal. */
export type Verdict = 'yes' | 'already' | RefusalCode;

export function canAccept(call: Call, userId: UserId, deviceId: DeviceId, now: Instant): Verdict {
  const person = participantOf(call, userId);
  if (!person) return 'not_in_call';
  switch (call.status) {
    case 'ended':
    case 'missed':
    case 'rejected':
      return 'call_ended';
    case 'ringing':
      if (userId === call.initiatorId) return 'own_call';
      return now < call.ringExpiresAt ? 'yes' : 'not_ringing';
    case 'connecting':
    case 'connected':
      if (userId === call.initiatorId) return 'own_call';
      if (!isSeated(person)) return 'not_ringing';
      return person.seat.deviceId === deviceId ? 'already' : 'answered_elsewhere';
    default:
      return unreachable(call);
  }
}

export function canDecline(call: Call, userId: UserId): Verdict {
  const person = participantOf(call, userId);
  if (!person) return 'not_in_call';
  switch (call.status) {
    case 'ended':
    case 'missed':
    case 'rejected':
      return 'call_ended';
    case 'ringing':
      return userId === call.initiatorId ? 'own_call' : 'yes';
    case 'connecting':
    case 'connected':
      if (userId === call.initiatorId) return 'own_call';
      return isSeated(person) ? 'answered_elsewhere' : 'not_ringing';
    default:
      return unreachable(call);
  }
}

export function canCancel(call: Call, userId: UserId): Verdict {
  if (!participantOf(call, userId)) return 'not_in_call';
  switch (call.status) {
    case 'ended':
    case 'missed':
    case 'rejected':
      return 'call_ended';
    case 'ringing':
      return userId === call.initiatorId ? 'yes' : 'not_initiator';
    case 'connecting':
    case 'connected':
      return userId === call.initiatorId ? 'not_ringing' : 'not_initiator';
    default:
      return unreachable(call);
  }
}

/** Whoever holds a seat can leave; `canEnd` asks the same, as each of two people may end a call of two. */
export function canLeave(call: Call, userId: UserId): Verdict {
  const person = participantOf(call, userId);
  if (!person) return 'not_in_call';
  switch (call.status) {
    case 'ended':
    case 'missed':
    case 'rejected':
      return 'call_ended';
    case 'ringing':
    case 'connecting':
    case 'connected':
      return isSeated(person) ? 'yes' : 'not_accepted';
    default:
      return unreachable(call);
  }
}

export function canEnd(call: Call, userId: UserId): Verdict {
  const verdict = canLeave(call, userId);
  if (verdict !== 'yes') return verdict;
  return isGroupType(call.callType) && userId !== call.initiatorId ? 'not_allowed' : 'yes';
}

/** Reports that a device makes of itself: only the device that holds the seat may. */
export function canReport(call: Call, userId: UserId, deviceId: DeviceId): Verdict {
  const person = participantOf(call, userId);
  if (!person) return 'not_in_call';
  switch (call.status) {
    case 'ended':
    case 'missed':
    case 'rejected':
      return 'call_ended';
    case 'ringing':
    case 'connecting':
    case 'connected':
      if (!isSeated(person)) return 'not_accepted';
      return person.seat.deviceId === deviceId ? 'yes' : 'other_device';
    default:
      return unreachable(call);
  }
}

/** Media can only flow once somebody has accepted. */
export function canReportMedia(call: Call, userId: UserId, deviceId: DeviceId): Verdict {
  const verdict = canReport(call, userId, deviceId);
  return verdict === 'yes' && call.status === 'ringing' ? 'not_accepted' : verdict;
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
  if (isGroupType(type)) return null;
  if (recipients.length === 0) return 'recipients_missing';
  return recipients.length === 1 ? null : 'recipients_too_many';
}

/** A new state makes the compiler ask for every answer. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
