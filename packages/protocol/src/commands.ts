import { CALL_TYPES } from '@parley/domain';
import { z } from 'zod';
import { HIDE_ADDRESS } from './resources.ts';
import { Cursor, Email, Name, Password, Text, Timestamp, Uuid } from './scalars.ts';

/** Bodies of requests. Unknown fields are refused. */
export const CreateCall = z.strictObject({
  teamId: Uuid,
  channelId: Uuid.nullable(),
  callType: z.enum(CALL_TYPES),
  recipientIds: z.array(Uuid).max(1000),
});
export type CreateCall = z.infer<typeof CreateCall>;

/** What becomes of the other calls in which the person sits; left out, they are put on hold. */
const OTHER_CALLS = ['hold', 'end'] as const;
export type OtherCalls = (typeof OTHER_CALLS)[number];
export const AcceptCall = z.strictObject({ audioOnly: z.boolean().optional(), others: z.enum(OTHER_CALLS).optional() });
export const LeaveCall = z.strictObject({ reason: z.enum(['hangup', 'media_failed']).optional() });
export const MediaState = z.strictObject({ isMuted: z.boolean(), videoEnabled: z.boolean() });
export const Empty = z.strictObject({});

/** Without an epoch: the newest. */
const MediaConnected = z.strictObject({ epoch: z.int().min(1).optional() });
/** Media of this epoch finds no way between two devices: the call moves to the media server. */
const MediaPlanReport = z.strictObject({ reason: z.literal('no_direct_path'), epoch: z.int().min(1) });
const InvitePeople = z.strictObject({ userIds: z.array(Uuid).min(1).max(100) });
const OnePerson = z.strictObject({ userId: Uuid });
const LockCall = z.strictObject({ locked: z.boolean() });
/** `false` comes back to the call, and puts the person's other calls on hold. */
const HoldCall = z.strictObject({ onHold: z.boolean() });
const RaiseHand = z.strictObject({ raised: z.boolean() });

/** A link into the call of a channel, into one that runs, or into one that its first member begins. */
export const CreateCallLink = z.strictObject({
  /** The link is posted there, and leads to the call of the channel. */
  channelId: Uuid.nullable().optional(),
  /** A call that runs, in which one sits. */
  callId: Uuid.nullable().optional(),
  callType: z.enum(['group_audio', 'group_video']).optional(),
  expiresInSeconds: z
    .int()
    .min(60)
    .max(30 * 86_400)
    .optional(),
});
export type CreateCallLink = z.infer<typeof CreateCallLink>;
/** A guest gives a name; a member needs none. */
export const KnockAtCall = z.strictObject({ displayName: Name.optional() });
export const AdmitGuest = z.strictObject({ knockId: Uuid, admit: z.boolean() });
export const SendCallMessage = z.strictObject({ content: Text.trim().min(1).max(2000) });

/** Commands upon a call that exists, by their names in the address and on the socket. */
export const CALL_COMMANDS = {
  accept: AcceptCall,
  decline: Empty,
  cancel: Empty,
  leave: LeaveCall,
  end: Empty,
  'media-connected': MediaConnected,
  'media-state': MediaState,
  'media-plan': MediaPlanReport,
  invite: InvitePeople,
  remove: OnePerson,
  mute: OnePerson,
  lock: LockCall,
  host: OnePerson,
  hand: RaiseHand,
  hold: HoldCall,
  move: Empty,
} as const;
export type CallCommandName = keyof typeof CALL_COMMANDS;
export type CallCommandBody<N extends CallCommandName> = z.infer<(typeof CALL_COMMANDS)[N]>;
export const CALL_COMMAND_NAMES = Object.keys(CALL_COMMANDS) as [CallCommandName, ...CallCommandName[]];

/** Commands that do not make sense without knowing from which device they come. */
export const DEVICE_COMMANDS: ReadonlySet<CallCommandName> = new Set([
  'accept',
  'move',
  'media-connected',
  'media-state',
  'media-plan',
]);

export const SignUp = z.strictObject({ email: Email, password: Password, displayName: Name });
export const SignIn = z.strictObject({
  email: z.string().trim().toLowerCase().max(254),
  password: z.string().max(128),
});
export const Refresh = z.strictObject({ refreshToken: z.string().min(1).max(500) });
/** Without a refresh token the session of the access token ends; `everywhere` ends all of the person's. */
export const SignOut = z.strictObject({
  refreshToken: z.string().min(1).max(500).optional(),
  everywhere: z.boolean().optional(),
});
/** The password again: a token that somebody found must not be enough. */
export const DeleteAccount = z.strictObject({ password: z.string().max(128) });
/** What is left out stays as it is. `doNotDisturbUntil`: null ends it, `FOR_GOOD` is until somebody ends it. */
export const ChangeSettings = z.strictObject({
  displayName: Name.optional(),
  doNotDisturbUntil: Timestamp.nullable().optional(),
  hideAddress: z.enum(HIDE_ADDRESS).optional(),
});
export type ChangeSettings = z.infer<typeof ChangeSettings>;
/** All other sessions end with it. */
export const ChangePassword = z.strictObject({ currentPassword: z.string().max(128), newPassword: Password });
/** A link is good for as many people as it is given to, or for so many. */
export const CreateInvitation = z.strictObject({ maxUses: z.int().min(1).max(1000).optional() });
export const CreateTeam = z.strictObject({ name: Name });
export const CreateChannel = z.strictObject({ name: Name });
export const OpenDirect = z.strictObject({ userId: Uuid });
export const SendMessage = z.strictObject({ content: Text.trim().min(1).max(4000) });
export const ReadNotifications = z.strictObject({ ids: z.array(Uuid).max(200) });
const Percent = z.number().min(0).max(100);
const Milliseconds = z.int().min(0).max(600_000);
const Kbps = z.int().min(0).max(1_000_000);
const Codec = z.string().regex(/^[A-Za-z0-9._-]{1,32}$/);
/** What a device can say of its network; `unknown` where its platform keeps that to itself. */
export const NETWORK_TYPES = ['wifi', 'cellular', 'ethernet', 'unknown'] as const;
/** `web` where a browser does not say on what it runs. */
export const DEVICE_TYPES = ['ios', 'android', 'web', 'web-desktop', 'web-mobile'] as const;
export type DeviceType = (typeof DEVICE_TYPES)[number];
/** How somebody found a call. */
export const RATINGS = ['good', 'fair', 'bad'] as const;
export type Rating = (typeof RATINGS)[number];
export const RATING_REASONS = ['choppy_sound', 'echo', 'delay', 'frozen_picture', 'dropped'] as const;
export type RatingReason = (typeof RATING_REASONS)[number];

/**
 * What one device measured in a call so far, or in the end. Whatever is left out or null stays as it was told before: a
 * later sample replaces an earlier one, and a rating does not touch the figures.
 */
export const CallMetrics = z.strictObject({
  /** Counts the samples of a device; figures older than those that are there are passed over. */
  sequence: z.int().min(0).max(1_000_000).optional(),
  /** The call is over for this device. */
  closing: z.boolean().optional(),
  /** From the accept to the first media. */
  joinLatencyMs: Milliseconds.nullable().optional(),
  /** With media. The server takes no more of it than there was of the call. */
  durationSeconds: z.int().min(0).max(31_536_000).nullable().optional(),
  /** Of what came in, over the whole call; then the worst few seconds of it. */
  packetLossPercent: Percent.nullable().optional(),
  worstLossPercent: Percent.nullable().optional(),
  /** Of what went out, as the other side told it. */
  sentLossPercent: Percent.nullable().optional(),
  /** What came in, and what went out. */
  avgBitrateKbps: Kbps.nullable().optional(),
  sentBitrateKbps: Kbps.nullable().optional(),
  roundTripMs: Milliseconds.nullable().optional(),
  worstRoundTripMs: Milliseconds.nullable().optional(),
  jitterMs: Milliseconds.nullable().optional(),
  /** How often a picture stood still, and for how long altogether. */
  freezeCount: z.int().min(0).max(1_000_000).nullable().optional(),
  freezeMs: z.int().min(0).max(2_147_483_647).nullable().optional(),
  /** Of the sound, what had to be made up. */
  concealedPercent: Percent.nullable().optional(),
  /** Whether the own microphone and camera were ever on. */
  audioEnabled: z.boolean().nullable().optional(),
  videoEnabled: z.boolean().nullable().optional(),
  path: z.enum(['direct', 'relay', 'server']).nullable().optional(),
  audioCodec: Codec.nullable().optional(),
  videoCodec: Codec.nullable().optional(),
  networkType: z.enum(NETWORK_TYPES).nullable().optional(),
  deviceType: z.enum(DEVICE_TYPES).nullable().optional(),
  rating: z.enum(RATINGS).optional(),
  ratingReasons: z.array(z.enum(RATING_REASONS)).max(RATING_REASONS.length).optional(),
});
export type CallMetrics = z.infer<typeof CallMetrics>;

/** `missed`: those that the person did not get; `incoming` and `outgoing` by who called. */
const HISTORY_FILTERS = ['missed', 'incoming', 'outgoing'] as const;
export type HistoryFilter = (typeof HISTORY_FILTERS)[number];
/** `with`: calls of two, with that person alone. */
export const HistoryQuery = z.strictObject({
  teamId: Uuid.optional(),
  only: z.enum(HISTORY_FILTERS).optional(),
  with: Uuid.optional(),
  cursor: Cursor.optional(),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;
/** `name`: part of a name, in any case. `here`: those alone who sit in the call, or whom it rings. */
export const PeopleQuery = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  only: z.enum(['here']).optional(),
  cursor: Cursor.optional(),
});
export type PeopleQuery = z.infer<typeof PeopleQuery>;
/** `after`: the newest sequence number that the client has. */
export const EventsQuery = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .optional(),
});
