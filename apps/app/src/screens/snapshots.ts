import type { CaptureProblem, MediaStats, MediaStreamLike } from '@parley/client';
import type { CallType, ConnectionQuality, SummaryHeading } from '@parley/domain';
import type { CallMetrics, HistoryFilter, Rating, RatingReason } from '@parley/protocol';
import type { Presence } from '../ui/Avatar';

/** What screens draw. Times are epoch milliseconds. Screens know no navigator, no socket and no SDK. */

export interface Person {
  readonly id: string;
  readonly displayName: string;
  readonly presence?: Presence;
  /** Calls make no sound on their devices. */
  readonly quiet?: boolean;
}

export interface ChannelRow {
  readonly id: string;
  readonly name: string;
  /** People in a call that runs there. */
  readonly inCall?: number;
  readonly unread?: number;
}

export interface SidebarSnapshot {
  readonly team: { readonly id: string; readonly name: string };
  readonly me: Person;
  readonly channels: readonly ChannelRow[];
  /** The others. */
  readonly people: readonly Person[];
  readonly unreadCalls: number;
  /** The path that is open, for the row that is marked. */
  readonly current: string;
}

export interface MessageItem {
  readonly id: string;
  readonly author: Person;
  readonly text: string;
  readonly at: number;
  readonly state?: 'sending' | 'failed';
  /** What a call has left here; its words take the place of the text. */
  readonly call?: PastCall;
  /** The link of a call was posted: its path. */
  readonly invite?: string;
}

export type CallKind = 'audio' | 'video';
export const kindOf = (type: CallType): CallKind => (type === 'video' || type === 'group_video' ? 'video' : 'audio');

/** A call that goes on in a channel, and that one can join. */
export interface RunningCall {
  readonly callId: string;
  readonly kind: CallKind;
  /** The first few of the others who are in it. */
  readonly people: readonly Person[];
  /** How many are in it. */
  readonly count: number;
  /** Oneself is in it on this device. */
  readonly mine: boolean;
  readonly locked: boolean;
}

/** A call that is over, as one of its people sees it. */
export interface PastCall {
  readonly id: string;
  readonly kind: CallKind;
  readonly direction: 'incoming' | 'outgoing';
  readonly heading: SummaryHeading;
  /** Taken back by the caller before anybody answered. */
  readonly cancelled?: boolean;
  /** Of one that was declined: by oneself, or by whom, as they are called. Absent where several have, or it is not told. */
  readonly declinedBy?: 'self' | { readonly name: string };
  readonly durationSeconds: number | null;
}

export interface CallHistoryItem extends PastCall {
  /** Of a group the one who called, or the first of the others. */
  readonly with: Person;
  /** Of a group: what it is called. */
  readonly group?: string;
  readonly at: number;
  readonly unread?: boolean;
}

export type CallFilter = 'all' | HistoryFilter;

export type Silence = 'quiet' | 'device';

export interface IncomingCallItem {
  readonly id: string;
  readonly kind: CallKind;
  readonly caller: Person;
  readonly team: string;
  /** Of a group: what it is called. */
  readonly group?: string;
  /** A tap was made and the answer is under way. */
  readonly answering: boolean;
  /** It is shown and does not sound: oneself is not to be disturbed, or wants no ring on this device. */
  readonly silent?: Silence | null;
  /** Oneself is in another call, which may be held meanwhile or has to end. */
  readonly waiting?: 'hold' | 'end';
}

/** A call beside the one that is shown: on hold here, or on another device. */
export interface OtherCallItem {
  readonly id: string;
  readonly name: string;
}

export interface PersonOnStage {
  readonly id: string;
  readonly displayName: string;
  readonly stream: MediaStreamLike | null;
  readonly isMuted: boolean;
  readonly videoEnabled: boolean;
  readonly speaking?: boolean;
  /** In the call, but without media at the moment. */
  readonly away?: boolean;
  /** What they share; null: nothing. */
  readonly screen?: MediaStreamLike | null;
  /** In the call, and talking in another one. */
  readonly onHold?: boolean;
}

export interface SelfOnStage extends PersonOnStage {
  /** Null: the device has none, or it may not be used. */
  readonly microphone: CaptureProblem | null;
  readonly camera: CaptureProblem | null;
  /** What the camera at the back of a phone sees is not shown as in a mirror. */
  readonly mirrored?: boolean;
  /** False where the platform cannot share a screen: then the control is not there. */
  readonly canShare?: boolean;
}

export interface PlacingCallSnapshot {
  readonly kind: CallKind;
  readonly phase: 'ringing' | 'connecting';
  /** The server has not heard of it yet: there is no connection. */
  readonly offline: boolean;
  /** Whom one calls has no app open, as far as the server knows: a push may still reach a phone. */
  readonly away?: boolean;
  /** Whom one calls is in another call, and is shown this one quietly. */
  readonly onAnotherCall?: boolean;
  readonly with: Person;
  readonly self: SelfOnStage;
}

export interface ActiveCallSnapshot {
  readonly kind: CallKind;
  /** The other's name, or the channel's. */
  readonly title: string;
  readonly others: readonly PersonOnStage[];
  readonly self: SelfOnStage;
  /** By this device's clock; null until the server says connected. */
  readonly connectedAt: number | null;
  readonly reconnecting: boolean;
  readonly protection: 'end_to_end' | 'to_server' | null;
  readonly quality: ConnectionQuality | null;
  /** One's own picture is off since the connection is too weak for it. */
  readonly videoHeld: boolean;
  /** Sound alone: no pictures of the others. */
  readonly dataSaver?: boolean;
  /** For the curious: of the last seconds, and of the call so far. */
  readonly stats: MediaStats | null;
  readonly soFar: CallMetrics | null;
  readonly notices: readonly { readonly id: string; readonly text: string }[];
}

export interface CallSummarySnapshot {
  readonly kind: CallKind;
  readonly heading: SummaryHeading;
  readonly with: Person;
  /** Of a group: what it is called. */
  readonly group?: string;
  /** Everybody who was in it, oneself included. */
  readonly participants: readonly string[];
  readonly durationSeconds: number | null;
  /** Oneself took it back while it rang. */
  readonly cancelled?: boolean;
  readonly problem?: 'dropped' | 'media_failed';
  readonly protection?: 'end_to_end' | 'to_server';
  /** Where this device has measured the call: in a word, and in figures. */
  readonly quality?: ConnectionQuality | null;
  readonly figures?: CallMetrics;
  /** What somebody thinks of it; null where they are not asked. */
  readonly opinion?: {
    readonly rating: Rating | null;
    readonly reasons: readonly RatingReason[];
    /** It could not be told. */
    readonly failed: boolean;
  } | null;
}

/** Code of an error as the server or the client gives it; the words come from the catalogue. */
export type ErrorCode = string;
