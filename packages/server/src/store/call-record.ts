import type {
  Call,
  CallStatus,
  CallType,
  EndReason,
  Instant,
  MediaEngineName,
  Participant,
  ParticipantStateName,
  Seat,
  UserId,
} from '@parley/domain';
import { isSeated } from '@parley/domain';

/** A call as `parley.call_json` gives it: rows as JSON, instants in milliseconds. */
export interface CallRecord {
  readonly id: string;
  readonly teamId: string;
  readonly channelId: string | null;
  readonly callType: CallType;
  readonly status: CallStatus;
  readonly initiatorId: string;
  readonly hostId: string | null;
  readonly locked: boolean;
  readonly beganAsPair: boolean;
  readonly roomName: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly connectedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly endReason: EndReason | null;
  readonly ringExpiresAt: Instant | null;
  readonly connectExpiresAt: Instant | null;
  readonly mediaEngine: MediaEngineName;
  readonly mediaEpoch: number;
  readonly membershipEpoch: number;
  readonly version: number;
  readonly participants: readonly ParticipantRecord[];
}

export interface ParticipantRecord {
  readonly userId: string;
  readonly displayName: string;
  readonly state: ParticipantStateName;
  readonly joinedAt: Instant | null;
  readonly leftAt: Instant | null;
  readonly isMuted: boolean;
  readonly videoEnabled: boolean;
  readonly isGuest: boolean;
  readonly barred: boolean;
  readonly handRaisedAt: Instant | null;
  readonly mediaEpoch: number | null;
  /** Only while it rings for the person. */
  readonly ringUntil: Instant | null;
  readonly waiting: boolean;
  readonly onHold: boolean;
  readonly deviceId: string | null;
  readonly instanceId: string | null;
  /** Null without a seat, and where row-level security hides the leases of others. */
  readonly leaseExpiresAt: Instant | null;
}

/** A call with what its rows hold beside the machine's state. */
export interface StoredCall {
  readonly call: Call;
  readonly roomName: string;
  /** Display names of the participants. */
  readonly names: ReadonlyMap<UserId, string>;
}

/** A call under its row lock. */
export interface LockedCall extends StoredCall {
  /** The database's clock, after the lock was had. */
  readonly now: Instant;
  /** Who sits there with a lease that has run out: each of them has dropped. */
  readonly lapsed: readonly UserId[];
}

/** @throws Error for rows that no machine could have written: a bug or a damaged database */
export function toStoredCall(record: CallRecord): StoredCall {
  return {
    call: toCall(record),
    roomName: record.roomName,
    names: new Map(record.participants.map((p) => [p.userId, p.displayName])),
  };
}

export function toLockedCall(record: CallRecord, now: Instant): LockedCall {
  const stored = toStoredCall(record);
  const leases = new Map(record.participants.map((p) => [p.userId, p.leaseExpiresAt]));
  const lapsed = stored.call.participants
    .filter((p) => isSeated(p) && (leases.get(p.userId) ?? 0) <= now)
    .map((p) => p.userId);
  return { ...stored, now, lapsed };
}

function toCall(record: CallRecord): Call {
  const common = {
    id: record.id,
    teamId: record.teamId,
    channelId: record.channelId,
    callType: record.callType,
    initiatorId: record.initiatorId,
    hostId: record.hostId,
    locked: record.locked,
    beganAsPair: record.beganAsPair,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    version: record.version,
    media: { engine: record.mediaEngine, epoch: record.mediaEpoch },
    membershipEpoch: record.membershipEpoch,
    participants: record.participants.map((p) => toParticipant(p, record.ringExpiresAt ?? record.createdAt)),
  };
  const has = <T>(value: T | null, column: string): T => required(value, `call ${record.id}`, record.status, column);
  switch (record.status) {
    case 'ringing':
      return { ...common, status: 'ringing', ringExpiresAt: has(record.ringExpiresAt, 'ring_expires_at') };
    case 'connecting':
      return { ...common, status: 'connecting', connectExpiresAt: record.connectExpiresAt };
    case 'connected':
      return { ...common, status: 'connected', connectedAt: has(record.connectedAt, 'connected_at') };
    case 'ended':
    case 'missed':
    case 'rejected':
      return {
        ...common,
        status: record.status,
        endReason: has(record.endReason, 'end_reason'),
        connectedAt: record.connectedAt,
        endedAt: has(record.endedAt, 'ended_at'),
      };
    default:
      return never(record.status);
  }
}

function toParticipant(record: ParticipantRecord, ringUntil: Instant): Participant {
  const { userId, isMuted, videoEnabled, isGuest, barred, handRaisedAt, mediaEpoch, state } = record;
  const common = { userId, isMuted, videoEnabled, isGuest, barred, handRaisedAt, mediaEpoch };
  const has = <T>(value: T | null, column: string): T => required(value, `participant ${userId}`, state, column);
  const seat = (): Seat => ({
    deviceId: has(record.deviceId, 'device_id'),
    instanceId: has(record.instanceId, 'instance_id'),
  });
  switch (state) {
    case 'connecting':
      return { ...common, state, seat: seat(), onHold: record.onHold };
    case 'joined':
      return { ...common, state, seat: seat(), joinedAt: has(record.joinedAt, 'joined_at'), onHold: record.onHold };
    case 'left':
      return { ...common, state, joinedAt: record.joinedAt, leftAt: has(record.leftAt, 'left_at') };
    case 'ringing':
      return { ...common, state, ringUntil: record.ringUntil ?? ringUntil, waiting: record.waiting };
    case 'invited':
    case 'declined':
    case 'missed':
    case 'busy':
      return { ...common, state };
    default:
      return never(state);
  }
}

function required<T>(value: T | null, whose: string, state: string, column: string): T {
  if (value === null) throw new Error(`${whose} is ${state} without ${column}`);
  return value;
}

function never(value: never): never {
  throw new Error(`unknown state ${String(value)}`);
}
