import type { CallType, ConnectionQuality, EndReason, SummaryHeading, UserId } from '@parley/domain';
import type {
  Call,
  CallMessage,
  CallMetrics,
  CallView,
  Channel,
  ChannelCall,
  Knock,
  Member,
  Message,
  Ring,
  Team,
  User,
} from '@parley/protocol';
import type { DeviceOption, DeviceRole } from './media/device-choice.ts';
import type { CaptureProblem } from './ports/capture.ts';
import type { OutputChoice } from './ports/devices.ts';
import type { MediaConnectionState, MediaStats, MediaStreamLike } from './ports/media-engine.ts';
import type { TransportState } from './ports/signalling-transport.ts';

/** Snapshots that screens draw. A snapshot is immutable; a new one is made when something changed. */
export interface ClientSnapshot {
  /** `loading` until it is known whether somebody is signed in on this device. */
  readonly session: 'loading' | 'signed_out' | 'signed_in';
  readonly connection: TransportState;
  /** Why this client will not connect again by itself: the same instance runs elsewhere, or it is too old. */
  readonly stopped: 'replaced' | 'version' | null;
  readonly me: User | null;
  /** Whoever is signed in came by the link of a call and is in no team. */
  readonly isGuest: boolean;
  /** Calls that ring here, oldest first. */
  readonly incoming: readonly IncomingCall[];
  /** The call in which this instance takes part, from the tap on. */
  readonly active: ActiveCall | null;
  /** Calls in which the person sits besides: on hold, or on another device. */
  readonly others: readonly OtherCall[];
  /** Calls that run in channels, by channel: one can go into them. */
  readonly channelCalls: ReadonlyMap<string, ChannelCall>;
  /** Calls that ended a moment ago on this device, newest first: their summaries. */
  readonly summaries: readonly CallSummary[];
  /** Short notices ("Answered on another device"), which go by themselves. */
  readonly notices: readonly Notice[];
  /** By user id: who is there. */
  readonly presence: ReadonlyMap<UserId, 'online' | 'in_call'>;
  /** Unread entries of the inbox. */
  readonly unreadCalls: number;
  /** The calls behind that number. */
  readonly unseenCalls: readonly string[];
  /** Nothing makes a sound on this person's devices. */
  readonly doNotDisturb: boolean;
  /** What this instance has measured in the call that runs, and in those that it was in a moment ago; by their ids. */
  readonly measured: ReadonlyMap<string, CallMetrics>;
}

/** A call of one's own beside the active one. */
export interface OtherCall {
  readonly callId: string;
  readonly callType: CallType;
  readonly teamId: string;
  readonly channelId: string | null;
  /** The others who are in it. */
  readonly people: readonly User[];
  /** This instance holds the seat: `resume` comes back to it. Otherwise another of one's devices, or tabs, does. */
  readonly here: boolean;
  /** It goes on on another device, from where `moveHere` takes it. */
  readonly movable: boolean;
  readonly onHold: boolean;
}

export interface IncomingCall {
  readonly ring: Ring;
  /** The person is in another call: it is shown quietly. `hold`: the other one can be held meanwhile. */
  readonly waiting: 'hold' | 'end' | null;
  /** False where another tab of this browser leads the ring tone, and while the person is not to be disturbed. */
  readonly audible: boolean;
  /** A tap was made and the server has not answered yet. */
  readonly answering: boolean;
  /** The call as far as it is known; null while only the ring is. */
  readonly call: Call | null;
}

export interface Notice {
  readonly id: string;
  readonly kind:
    | 'answered_elsewhere'
    | 'declined_elsewhere'
    /** The person goes on with it on another device. */
    | 'moved_elsewhere'
    | 'removed'
    | 'dropped'
    | 'muted'
    /** On hold, since the person is in another call on another device. */
    | 'held'
    | 'command_failed'
    | 'media_problem'
    | 'share_refused'
    | 'device';
  /** The code of the error, if there is one. */
  readonly code: string | null;
  /** With `device`. */
  readonly device?: DeviceNews;
}

/** What has become of a device during a call. */
export interface DeviceNews {
  /**
   * `lost`: the chosen one is gone, and the default has its place. `gone`: it was the last of its kind. `back`: it is there again
   * and in use. `moved`: the system has another default. `works`: what kept it from working is over.
   */
  readonly change: 'lost' | 'gone' | 'back' | 'moved' | 'works';
  readonly role: DeviceRole;
  /** Of the device that went, came back or is used now; empty where it is not known. */
  readonly name: string;
}

/** Microphone, camera, speaker and ring tone, as the settings show them. */
export interface DevicesSnapshot {
  readonly microphone: DeviceSnapshot;
  readonly camera: DeviceSnapshot;
  readonly speaker: DeviceSnapshot;
  readonly ring: DeviceSnapshot;
  readonly outputs: OutputChoice;
  /** Cameras in front and at the back. */
  readonly canFlip: boolean;
  /** Own picture, while the camera is open. */
  readonly preview: MediaStreamLike | null;
  readonly mirrored: boolean;
}

export interface DeviceSnapshot {
  /** Devices that are there; none as long as the platform does not tell their names. */
  readonly options: readonly DeviceOption[];
  /** Something of the kind is there, named or not. */
  readonly present: boolean;
  /** The one that is in use, or would be; null: the system's default. */
  readonly chosen: string | null;
  /** Name of the device behind the default, if that is known. */
  readonly behindDefault: string | null;
  /** Name of the remembered one that is not there at the moment; null where it is, or where none was chosen. */
  readonly missing: string | null;
  /** It captures at the moment. */
  readonly open: boolean;
  readonly problem: CaptureProblem | null;
}

export type CallPhase = 'ringing' | 'connecting' | 'connected';

export interface ActiveCall {
  /** Null until the server has answered to *create*. */
  readonly callId: string | null;
  readonly callType: CallType;
  readonly phase: CallPhase;
  readonly isInitiator: boolean;
  readonly teamId: string;
  readonly channelId: string | null;
  /** `reconnecting` is said once the media path is broken, whatever the ledger says. */
  readonly media: MediaConnectionState;
  /** The others who take part, in the order in which they came; while two people's call rings, whom it rings. */
  readonly people: readonly PersonInCall[];
  /** Who speaks, the loudest first. */
  readonly speakers: readonly UserId[];
  /** While it rings: whom one calls is in another call, and is shown it quietly. */
  readonly onAnotherCall: boolean;
  /** Who is rung besides, and has not answered. */
  readonly ringing: readonly User[];
  readonly self: SelfInCall;
  /** By this device's clock, corrected by the server's; null until connected. */
  readonly connectedAt: number | null;
  readonly protection: 'end_to_end' | 'to_server' | null;
  /** Of the last seconds. */
  readonly stats: MediaStats | null;
  /** The connection in a word that does not flicker; null while nothing is known. */
  readonly quality: ConnectionQuality | null;
  /** The connection is too weak for one's own picture: it is off, until the connection is better or somebody insists. */
  readonly videoHeld: boolean;
  readonly view: CallView | null;
  readonly permissionProblems: readonly PermissionProblem[];
  /** Nobody else gets in. */
  readonly locked: boolean;
  /** Guests who ask to be let in; none for whoever cannot let them. */
  readonly knocks: readonly Knock[];
  readonly reactions: readonly CallReaction[];
  /** The chat of the call, oldest first. */
  readonly words: readonly CallMessage[];
  /** This device can share its screen. */
  readonly canShare: boolean;
  /** No pictures are asked for, and none is sent. */
  readonly dataSaver: boolean;
}

export interface PermissionProblem {
  readonly source: 'microphone' | 'camera';
  readonly problem: CaptureProblem;
}

/** What somebody may do in a group: the host may do everything, a guest came by a link and belongs to no team. */
export type CallRole = 'host' | 'member' | 'guest';

/** Shown for some seconds, and kept nowhere. */
export interface CallReaction {
  readonly id: string;
  readonly userId: UserId;
  readonly emoji: string;
}

export interface PersonInCall {
  readonly userId: UserId;
  readonly displayName: string;
  readonly isMuted: boolean;
  readonly videoEnabled: boolean;
  readonly stream: MediaStreamLike | null;
  /** What they share; null: nothing. */
  readonly screen: MediaStreamLike | null;
  readonly speaking: boolean;
  readonly role: CallRole;
  /** By the server's clock, for the order; null: not raised. */
  readonly handRaisedAt: number | null;
  /** Present in the ledger, but no media at the moment. */
  readonly away: boolean;
  /** They talk in another call, and come back. */
  readonly onHold: boolean;
}

export interface SelfInCall {
  readonly userId: UserId;
  readonly displayName: string;
  readonly isMuted: boolean;
  readonly videoEnabled: boolean;
  /** Own picture; null without camera. */
  readonly stream: MediaStreamLike | null;
  /** It is to be shown as in a mirror. */
  readonly mirrored: boolean;
  readonly screen: MediaStreamLike | null;
  readonly role: CallRole;
  readonly handRaisedAt: number | null;
}

export interface CallSummary {
  readonly callId: string;
  readonly callType: CallType;
  readonly heading: SummaryHeading;
  readonly endReason: EndReason;
  readonly durationSeconds: number | null;
  /** The others of it, those for whom it only rang among them. */
  readonly people: readonly User[];
  /** Who of them, and of oneself, was never in it, as far as the ledger knows: it forgets the first time of whoever is asked back. */
  readonly absent: readonly UserId[];
  readonly teamId: string;
  readonly channelId: string | null;
  /** Whom *Call again* calls; null where it would make no sense. */
  readonly callAgain: UserId | null;
}

/** What the chat around the calls needs; held apart from the calls. */
export interface ChatSnapshot {
  /** Null until they have been read once: an account without a team has an empty list. */
  readonly teams: readonly Team[] | null;
  /** By team id. */
  readonly members: ReadonlyMap<string, readonly Member[]>;
  /** By team id. */
  readonly channels: ReadonlyMap<string, readonly Channel[]>;
  /** By channel id, oldest first. */
  readonly messages: ReadonlyMap<string, MessageList>;
}

export interface MessageList {
  /** Oldest first. */
  readonly items: readonly ChatMessage[];
  /** There are older ones, to be had by `loadOlder`. */
  readonly hasOlder: boolean;
  readonly loading: boolean;
}

export interface ChatMessage extends Message {
  /** `sending` and `failed` are only known here; a message of the server's is `sent`. */
  readonly state: 'sent' | 'sending' | 'failed';
}
