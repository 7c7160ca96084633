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

export type CallEvent =
  | { readonly type: 'accepted'; readonly actorId: UserId; readonly seat: Seat; readonly data: AcceptedData }
  | { readonly type: 'declined'; readonly actorId: UserId }
  | { readonly type: 'cancelled'; readonly actorId: UserId }
  /** The ring's deadline has passed. */
  | { readonly type: 'timed_out' }
  /** The recipient was in another call when this one was made; follows `created` at once. */
  | { readonly type: 'busy'; readonly userId: UserId }
  | { readonly type: 'media_connected'; readonly actorId: UserId; readonly deviceId: DeviceId }
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
  /** By a host for everyone, or (without an actor) by the server when no media came in time. */
  | { readonly type: 'ended'; readonly actorId: UserId | null };

export interface AcceptedData {
  /** `glare`: two people called each other, and the second create counts as accept. */
  readonly via: 'accept' | 'glare';
  readonly audioOnly: boolean;
  /** Milliseconds within which media has to flow. */
  readonly connectTimeoutMs: number;
}

export type CallEventType = CallEvent['type'] | 'created';

/** What an event did to the world outside the call's own rows; the store carries it out in the same transaction. */
export interface Effect {
  readonly type: 'notify';
  readonly userId: UserId;
  readonly notification: 'missed' | 'rejected';
}

export interface Recorded<E> {
  readonly seq: number;
  readonly at: Instant;
  readonly event: E;
}
