import type { CallId, ChannelId, DeviceId, InstanceId, Instant, TeamId, UserId } from './ids.ts';
import { type CallType, type EndReason, isGroupType, isSeatedState, type MediaEngineName } from './values.ts';

/**
 * The call machine.
 *
 *                 accepted                  both sides report media
 *   ● ──▶ ringing ────────▶ connecting ───────────────────────────▶ connected
 *   │        │                  │                                       │
 *   │        │ declined         │ left · lease lost · media failed      │ left · lease lost · ended
 *   │        ▼                  ▼                                       ▼
 *   │     rejected            ended ◀───────────────────────────────────┘
 *   │        ▲
 *   │ busy   │        ringing ──▶ missed   (no answer · cancelled · caller lost)
 *   └────────┘
 *
 * `ended`, `missed` and `rejected` are final. One union member per state, holding what that state has:
 * only `ringing` and `connecting` have a deadline, only a call that was connected has `connectedAt`.
 *
 * A group that rings nobody is `connected` from its beginning. In a group people come and go, and rings of their own run
 * beside the call's state: see SPEC.md.
 */
export type Call = RingingCall | ConnectingCall | ConnectedCall | FinishedCall;

interface CallCommon {
  readonly id: CallId;
  readonly teamId: TeamId;
  readonly channelId: ChannelId | null;
  readonly callType: CallType;
  readonly initiatorId: UserId;
  /** Who may mute, remove, lock and end: the initiator, then whoever it passed on to. Null while guests are among themselves. */
  readonly hostId: UserId | null;
  /** Nobody new comes in. */
  readonly locked: boolean;
  /** A call of two stays one until a third has been in it, whatever carries its media. */
  readonly beganAsPair: boolean;
  readonly createdAt: Instant;
  /** Instant of the newest accepted event: time never runs backwards within a call. */
  readonly updatedAt: Instant;
  /** Sequence number of the newest accepted event, from 1, gapless. */
  readonly version: number;
  readonly media: MediaPlan;
  /** Counts changes in the set of people who hold a seat, and of the devices on which they do. Encryption keys turn with it. */
  readonly membershipEpoch: number;
  /** Ordered: the initiator first, then as invited or come in. */
  readonly participants: readonly Participant[];
}

export interface RingingCall extends CallCommon {
  readonly status: 'ringing';
  /** Unanswered at this instant, the call is missed: the latest of the rings. */
  readonly ringExpiresAt: Instant;
}

export interface ConnectingCall extends CallCommon {
  readonly status: 'connecting';
  /** Without media on both sides at this instant, the call has failed. Null while media is not awaited: one of two is on hold. */
  readonly connectExpiresAt: Instant | null;
}

export interface ConnectedCall extends CallCommon {
  readonly status: 'connected';
  readonly connectedAt: Instant;
}

export interface FinishedCall extends CallCommon {
  readonly status: 'ended' | 'missed' | 'rejected';
  readonly endReason: EndReason;
  readonly connectedAt: Instant | null;
  readonly endedAt: Instant;
}

export type LiveCall = RingingCall | ConnectingCall | ConnectedCall;

/** How media travels. `epoch` starts at 1 and rises whenever the path changes. */
export interface MediaPlan {
  readonly engine: MediaEngineName;
  readonly epoch: number;
}

/** The one instance through which a person takes part. */
export interface Seat {
  readonly deviceId: DeviceId;
  readonly instanceId: InstanceId;
}

export interface ParticipantCommon {
  readonly userId: UserId;
  readonly isMuted: boolean;
  readonly videoEnabled: boolean;
  /** Came by a link, and belongs to no team. */
  readonly isGuest: boolean;
  /** Was removed, and does not come in again unless the host asks them back. */
  readonly barred: boolean;
  readonly handRaisedAt: Instant | null;
  /** The newest epoch of the media plan that this person's seat has reported. */
  readonly mediaEpoch: number | null;
}

export type Participant = ParticipantCommon &
  /** May come in, and nothing rings: somebody let them in. */
  (
    | { readonly state: 'invited' }
    /** Unanswered at `ringUntil`, the person has missed it. `waiting`: they are in another call, and it rings quietly. */
    | { readonly state: 'ringing'; readonly ringUntil: Instant; readonly waiting: boolean }
    /** Accepted (or called) on this seat; no media yet. `onHold`: they talk in another call, and come back to this one. */
    | { readonly state: 'connecting'; readonly seat: Seat; readonly onHold: boolean }
    /** This seat reported that media flows. */
    | { readonly state: 'joined'; readonly seat: Seat; readonly joinedAt: Instant; readonly onHold: boolean }
    | { readonly state: 'left'; readonly joinedAt: Instant | null; readonly leftAt: Instant }
    | { readonly state: 'declined' }
    | { readonly state: 'missed' }
    | { readonly state: 'busy' }
  );

export type SeatedParticipant = Extract<Participant, { state: 'connecting' | 'joined' }>;

export const isLive = (call: Call): call is LiveCall =>
  call.status === 'ringing' || call.status === 'connecting' || call.status === 'connected';

export const isSeated = (p: Participant): p is SeatedParticipant => isSeatedState(p.state);

export const participantOf = (call: Call, userId: UserId): Participant | undefined =>
  call.participants.find((p) => p.userId === userId);

/** Of two people, whatever its type by now: nobody else has ever been in it. It ends for both. */
export function isOfTwo(call: Call): boolean {
  if (!isGroupType(call.callType)) return true;
  return call.beganAsPair && call.participants.filter((p) => isSeated(p) || p.state === 'left').length <= 2;
}

/** Whole seconds of conversation, by the server's clock; null if the call never connected. Never negative. */
export function durationSeconds(call: Call): number | null {
  if (isLive(call) || call.connectedAt === null) return null;
  return Math.max(0, Math.floor((call.endedAt - call.connectedAt) / 1000));
}
