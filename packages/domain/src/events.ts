import type { Seat } from './call.ts';
import type { CallId, ChannelId, DeviceId, Instant, TeamId, UserId } from './ids.ts';
import type { CallType, MediaEngineName } from './values.ts';

/**
 * Accepted inputs, as `call_events` keeps them. Replaying a call's events in order of their sequence numbers gives its
 * rows again. Session descriptions, candidates and tokens never enter an event.
 */
export interface CreatedEvent {
  readonly type: 'created';
  readonly actorId: UserId;
  readonly seat: Seat;
  readonly data: {
    readonly id: CallId;
    readonly teamId: TeamId;
    readonly channelId: ChannelId | null;
    readonly callType: CallType;
    readonly recipientIds: readonly UserId[];
    /** Milliseconds for which it rings. */
    readonly ringTimeoutMs: number;
    readonly engine: MediaEngineName;
  };
}

/** Who comes back brings along how long media is waited for, in a call that has none yet. */
export type HoldData = { readonly onHold: true } | { readonly onHold: false; readonly connectTimeoutMs: number };

export type CallEvent =
  | { readonly type: 'accepted'; readonly actorId: UserId; readonly seat: Seat; readonly data: AcceptedData }
  | { readonly type: 'declined'; readonly actorId: UserId }
  | { readonly type: 'cancelled'; readonly actorId: UserId }
  /** Rings have passed their deadline: each whose instant it is has missed the call. */
  | { readonly type: 'timed_out' }
  /** A call waits already for the recipient, who is in another one; follows `created` at once. */
  | { readonly type: 'busy'; readonly userId: UserId }
  /** It rings quietly for people who are in another call, or in earnest now that they are in none. */
  | {
      readonly type: 'waiting';
      readonly data: { readonly userIds: readonly UserId[]; readonly waiting: boolean };
    }
  /** Somebody talks in another call and keeps the seat here, or comes back. */
  | { readonly type: 'hold'; readonly actorId: UserId; readonly data: HoldData }
  /** Somebody goes on with the call on another of their devices. */
  | {
      readonly type: 'moved';
      readonly actorId: UserId;
      readonly seat: Seat;
      /** Milliseconds within which media has to flow, in a call that has none yet. */
      readonly data: { readonly connectTimeoutMs: number };
    }
  | {
      readonly type: 'media_connected';
      readonly actorId: UserId;
      readonly deviceId: DeviceId;
      /** Without an epoch: the newest. */
      readonly data?: { readonly epoch?: number | undefined };
    }
  | {
      readonly type: 'media_state';
      readonly actorId: UserId;
      readonly deviceId: DeviceId;
      readonly data: { readonly isMuted: boolean; readonly videoEnabled: boolean };
    }
  | {
      readonly type: 'left';
      readonly actorId: UserId;
      readonly data: { readonly reason: 'hangup' | 'media_failed' };
    }
  /** The seat's lease ran out. */
  | { readonly type: 'dropped'; readonly userId: UserId }
  /** Rings further people, or the same ones again. */
  | { readonly type: 'invited'; readonly actorId: UserId; readonly data: InvitedData }
  /** Somebody was let in, or (a member with a link) let themselves in: nothing rings, they may accept. */
  | {
      readonly type: 'admitted';
      readonly actorId: UserId;
      readonly data: { readonly userId: UserId; readonly isGuest: boolean };
    }
  /** The host takes somebody out, for good. */
  | { readonly type: 'removed'; readonly actorId: UserId; readonly data: { readonly userId: UserId } }
  /** The host turns somebody's microphone off; they may turn it on again. */
  | { readonly type: 'muted'; readonly actorId: UserId; readonly data: { readonly userId: UserId } }
  | { readonly type: 'locked'; readonly actorId: UserId; readonly data: { readonly locked: boolean } }
  /** The host hands that over. */
  | { readonly type: 'host'; readonly actorId: UserId; readonly data: { readonly userId: UserId } }
  | { readonly type: 'hand'; readonly actorId: UserId; readonly data: { readonly raised: boolean } }
  /** Media of this epoch finds no way between two devices: it moves to the media server. */
  | {
      readonly type: 'media_plan';
      readonly actorId: UserId;
      readonly deviceId: DeviceId;
      readonly data: { readonly reason: 'no_direct_path'; readonly epoch: number };
    }
  /** By the server: the media server has come, and groups move to it; or it is gone for good, and those that can be are a mesh. */
  | {
      readonly type: 'media_plan';
      readonly actorId: null;
      readonly deviceId: null;
      readonly data: { readonly reason: 'server_ready' | 'server_gone'; readonly epoch: number };
    }
  /** The media server had it otherwise than the ledger, and was set right: nothing of the call itself changes. */
  | { readonly type: 'media_reconciled'; readonly data: MediaReconciledData }
  /** By a host for everyone, or (without an actor) by the server when no media came in time. */
  | { readonly type: 'ended'; readonly actorId: UserId | null };

export interface AcceptedData {
  /** `glare`: two people called each other, and the second create counts as accept. */
  readonly via: 'accept' | 'glare';
  readonly audioOnly: boolean;
  /** Milliseconds within which media has to flow. */
  readonly connectTimeoutMs: number;
  /** Whether there is a media server at this moment: a third person moves the call to it. */
  readonly mediaServer?: boolean | undefined;
  /** Comes into a group unasked, as those may who see it. */
  readonly joins?: boolean | undefined;
}

export interface InvitedData {
  readonly userIds: readonly UserId[];
  /** Milliseconds for which it rings. */
  readonly ringTimeoutMs: number;
  /** Those of them who are in another call: for them it rings quietly. */
  readonly waitingIds?: readonly UserId[] | undefined;
}

/**
 * How somebody in the room of a call was otherwise than the ledger has them. `not_in_call`: no part in the call at all; `no_seat`: a
 * part, and neither a seat nor a ring; `other_device`: their seat is on another one; `rights`: there rightly, with rights that are not theirs.
 */
export type MediaDifference = 'not_in_call' | 'no_seat' | 'other_device' | 'rights';

export interface MediaReconciledData {
  /** By the name under which they were in the room: null where that named nobody as our tokens do. */
  readonly userId: UserId | null;
  readonly deviceId: DeviceId | null;
  readonly difference: MediaDifference;
  /** Put out of the room, or given the rights that are theirs. */
  readonly action: 'removed' | 'granted';
}

export type CallEventType = CallEvent['type'] | 'created';

/** What an event did to the world outside the call's own rows; the store carries it out in the same transaction. */
export type Effect =
  | { readonly type: 'notify'; readonly userId: UserId; readonly notification: 'missed' | 'rejected' }
  /** The devices of these people ring. */
  | { readonly type: 'ring'; readonly callerId: UserId; readonly userIds: readonly UserId[]; readonly until: Instant };

export interface Recorded<E> {
  readonly seq: number;
  readonly at: Instant;
  readonly event: E;
}
