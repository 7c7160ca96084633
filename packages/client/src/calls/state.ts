import type { CallType, DeviceId, InstanceId } from '@parley/domain';
import type { CallEventRecord, CallView, Notification, OtherCalls, Ring, ServerMessage, User } from '@parley/protocol';
import type { ApiErrorCode } from '../api/api-error.ts';
import type { CallSummary, Notice } from '../model.ts';

/** Who this instance is. */
export interface Self {
  readonly user: User;
  readonly deviceId: DeviceId;
  readonly instanceId: InstanceId;
}

export interface KnownView {
  readonly view: CallView;
  /** Made of a REST answer, which does not say where the others sit: a whole view of the same version replaces it. */
  readonly partial: boolean;
}

/** The call in which this instance takes part, or wants to. */
export interface ActiveEntry {
  /** Commands upon this call are queued here until it has an id. */
  readonly lane: string;
  /** Null until the server has answered to *create*. */
  readonly callId: string | null;
  readonly callType: CallType;
  readonly isInitiator: boolean;
  readonly teamId: string;
  readonly channelId: string | null;
  /** The others, as far as known before there is a view. */
  readonly people: readonly User[];
  /** Camera off from the start, though it is a video call. */
  readonly audioOnly: boolean;
  /** It was found running when this instance came up (a reload): mute and camera are as the ledger has them. */
  readonly restored: boolean;
  /** The server has given this instance the seat: whoever has none after that was taken out of the call. */
  readonly seated: boolean;
  /** The seat in a group was lost, and not by anybody's wish as far as is known here: it is being asked for again. */
  readonly returning?: boolean;
  /** It is being taken over from another device, whose seat it is until the server has answered. */
  readonly moving?: boolean;
  /** What the server says of hold counts. Not while it is being come back to: then it was on hold, and the server has not answered yet. */
  readonly unheld: boolean;
  /** The call that stepped back for this one. */
  readonly turnedFrom: string | null;
}

/** What a create shall come to. */
export type Wanted = Pick<ActiveEntry, 'callType' | 'people' | 'channelId'>;

export interface CallsState {
  readonly self: Self | null;
  /** Live calls of the person, and the newest ended ones (so that late news about them is known to be old). */
  readonly views: ReadonlyMap<string, KnownView>;
  /** Rings that are shown, oldest first. */
  readonly rings: readonly Ring[];
  /** Calls that rang here and whose end is not known yet, shown or not. */
  readonly rang: ReadonlySet<string>;
  readonly active: ActiveEntry | null;
  /** Further calls in which this instance sits: on hold, the oldest first. */
  readonly held: readonly ActiveEntry[];
  /** Those of them that the accept of another call ends. */
  readonly ending: ReadonlySet<string>;
  /** Calls that this instance has left or declined by a tap: whatever still comes of them is not shown. */
  readonly leaving: ReadonlySet<string>;
  /**
   * Creates that were cancelled, or given up, before they were answered: lane → what they were for. What may still come of one, if
   * it has arrived at the server after all, is not shown, and cancelled.
   */
  readonly abandoned: ReadonlyMap<string, Wanted>;
  readonly summaries: readonly CallSummary[];
  readonly notices: readonly Notice[];
  readonly inbox: ReadonlyMap<string, Notification>;
  readonly inboxSeq: number;
}

export const NO_CALLS: CallsState = {
  self: null,
  views: new Map(),
  rings: [],
  rang: new Set(),
  active: null,
  held: [],
  ending: new Set(),
  leaving: new Set(),
  abandoned: new Map(),
  summaries: [],
  notices: [],
  inbox: new Map(),
  inboxSeq: 0,
};

export type Welcome = Extract<ServerMessage, { t: 'welcome' }>;

/** Everything that can happen to the calls of this instance. Instants are by the server's clock. */
export type CallsInput =
  | { readonly type: 'identified'; readonly self: Self | null }
  | { readonly type: 'welcome'; readonly welcome: Welcome; readonly now: number }
  | {
      readonly type: 'view';
      readonly view: CallView;
      readonly events: readonly CallEventRecord[];
      readonly partial?: boolean;
    }
  | { readonly type: 'ring'; readonly ring: Ring; readonly now: number }
  | { readonly type: 'tick'; readonly now: number }
  | { readonly type: 'start_tapped'; readonly entry: ActiveEntry }
  | { readonly type: 'created'; readonly lane: string; readonly view: CallView; readonly partial: boolean }
  | {
      readonly type: 'accept_tapped';
      readonly callId: string;
      readonly audioOnly: boolean;
      readonly others: OtherCalls;
    }
  /** Back to a call that is on hold. */
  | { readonly type: 'resume_tapped'; readonly callId: string }
  /** A call that goes on on another device is wanted here. */
  | { readonly type: 'move_tapped'; readonly callId: string }
  | { readonly type: 'leave_held_tapped'; readonly callId: string; readonly now: number }
  /** Into a call that goes on, without having been rung. */
  | { readonly type: 'join_tapped'; readonly entry: ActiveEntry }
  | { readonly type: 'decline_tapped'; readonly callId: string }
  /** Cancel, leave or end of the active call. */
  | { readonly type: 'leave_tapped'; readonly reason: 'hangup' | 'media_failed'; readonly now: number }
  /** @param target the lane of a create, the id of the call otherwise. */
  | {
      readonly type: 'refused';
      readonly command: 'create' | 'accept' | 'decline' | 'leave' | 'resume';
      readonly target: string;
      readonly code: ApiErrorCode;
      /** Nobody knows whether the command has arrived: it was given up, not refused. */
      readonly unanswered?: boolean;
    }
  | { readonly type: 'gone'; readonly callId: string }
  /** What a seat was lost by: it is not asked for again. */
  | { readonly type: 'lost'; readonly callId: string; readonly by: 'removed' | 'left' | 'dropped' }
  | { readonly type: 'noticed'; readonly notice: Notice }
  | { readonly type: 'summary_dismissed'; readonly callId: string }
  | { readonly type: 'notice_dismissed'; readonly id: string }
  | { readonly type: 'inbox'; readonly item: Notification }
  | { readonly type: 'inbox_read'; readonly ids: readonly string[]; readonly at: string };
