import {
  type Call,
  durationSeconds,
  type Instant,
  isLive,
  isSeated,
  type Participant,
  ringDeadlineOf,
  type UserId,
} from '@parley/domain';
import type { CallView, Call as WireCall, Participant as WireParticipant } from '@parley/protocol';
import type { StoredCall } from './call-record.ts';

/** RFC 3339 in UTC with milliseconds. */
const at = (instant: Instant): string => new Date(instant).toISOString();
const atOrNull = (instant: Instant | null): string | null => (instant === null ? null : at(instant));

/** The `Call` of the contract. */
export function wireCall({ call, roomName, names }: StoredCall): WireCall {
  return {
    id: call.id,
    teamId: call.teamId,
    channelId: call.channelId,
    callType: call.callType,
    status: call.status,
    endReason: isLive(call) ? null : call.endReason,
    initiatorId: call.initiatorId,
    roomName,
    mediaEngine: call.media.engine,
    mediaEpoch: call.media.epoch,
    locked: call.locked,
    createdAt: at(call.createdAt),
    connectedAt: atOrNull(connectedAt(call)),
    endedAt: atOrNull(isLive(call) ? null : call.endedAt),
    durationSeconds: durationSeconds(call),
    version: call.version,
    participants: call.participants.map((p) => wireParticipant(p, call, names)),
  };
}

/** What a device needs beyond the `Call`. After a transition: `callView({ ...stored, call: next })`. */
export function callView(stored: StoredCall): CallView {
  const { call } = stored;
  return {
    call: wireCall(stored),
    ringExpiresAt: atOrNull(ringDeadlineOf(call)),
    membershipEpoch: call.membershipEpoch,
    seats: call.participants.filter(isSeated).map((p) => ({ userId: p.userId, ...p.seat })),
  };
}

const connectedAt = (call: Call): Instant | null =>
  call.status === 'ringing' || call.status === 'connecting' ? null : call.connectedAt;

/** As they were written last: of a call of many, few people change with each event. */
const written = new WeakMap<Participant, WireParticipant>();

function wireParticipant(p: Participant, call: Call, names: ReadonlyMap<UserId, string>): WireParticipant {
  const displayName = names.get(p.userId) ?? '';
  const role = p.userId === call.hostId ? 'host' : p.isGuest ? 'guest' : 'member';
  const before = written.get(p);
  if (before?.displayName === displayName && before.role === role) return before;
  const person: WireParticipant = {
    userId: p.userId,
    displayName,
    state: p.state,
    joinedAt: p.state === 'joined' || p.state === 'left' ? atOrNull(p.joinedAt) : null,
    leftAt: p.state === 'left' ? at(p.leftAt) : null,
    isMuted: p.isMuted,
    videoEnabled: p.videoEnabled,
    role,
    handRaisedAt: atOrNull(p.handRaisedAt),
    mediaEpoch: p.mediaEpoch,
    waiting: p.state === 'ringing' && p.waiting,
    onHold: isSeated(p) && p.onHold,
  };
  written.set(p, person);
  return person;
}
