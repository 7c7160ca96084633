import { CALL_STATUSES, CALL_TYPES, END_REASONS, MEDIA_ENGINES, PARTICIPANT_STATES } from '@parley/domain';
import { z } from 'zod';
import { Timestamp, Uuid } from './scalars.ts';

export const User = z.strictObject({ id: Uuid, displayName: z.string() });
export type User = z.infer<typeof User>;

/** SHA-256 of a picture in hex. */
export const PictureHash = z.string().regex(/^[0-9a-f]{64}$/, 'not a hash');
/** Kinds of pictures of people. */
export const PICTURE_TYPES = ['image/jpeg', 'image/webp'] as const;
/** Largest picture of a person, in bytes, and its longest side in pixels. */
export const MAX_PICTURE_BYTES = 102_400;
export const MAX_PICTURE_SIDE = 512;

/** As `doNotDisturbUntil`: until the person ends it. */
export const FOR_GOOD = '9999-12-31T23:59:59.999Z';

/** Somebody of a team, as the others of it see them. */
export const Member = User.extend({
  /** Of the picture, at `/api/people/:userId/pictures/:hash`; null for initials. */
  picture: PictureHash.nullable(),
  /** Until then calls make no sound on their devices; null, or past: they do. */
  doNotDisturbUntil: Timestamp.nullable(),
});
export type Member = z.infer<typeof Member>;

export const HIDE_ADDRESS = ['never', 'until_answer', 'always'] as const;

/** What a person has chosen, on all their devices. */
export const PersonSettings = Member.extend({
  /** Null where a foreign issuer keeps the accounts. */
  email: z.string().nullable(),
  hideAddress: z.enum(HIDE_ADDRESS),
  /** Whether there is a relay: without one an address cannot be hidden. */
  relayAvailable: z.boolean(),
});
export type PersonSettings = z.infer<typeof PersonSettings>;

/** `host` passes on when its holder leaves; a `guest` came by a link and belongs to no team. */
export const PARTICIPANT_ROLES = ['host', 'member', 'guest'] as const;

export const Participant = z.strictObject({
  userId: Uuid,
  displayName: z.string(),
  state: z.enum(PARTICIPANT_STATES),
  joinedAt: Timestamp.nullable(),
  leftAt: Timestamp.nullable(),
  isMuted: z.boolean(),
  videoEnabled: z.boolean(),
  role: z.enum(PARTICIPANT_ROLES),
  /** Since when the hand is up; null: it is down. */
  handRaisedAt: Timestamp.nullable(),
  /** The newest epoch of the media plan whose media this person's seat has reported; null before the first report. */
  mediaEpoch: z.int().min(1).nullable(),
  /** While it rings for the person: they are in another call, and it rings quietly. */
  waiting: z.boolean(),
  /** The person talks in another call, and comes back to this one. */
  onHold: z.boolean(),
});
export type Participant = z.infer<typeof Participant>;

/** So many people are in the view of a call at most; beyond that they come by pages. */
export const PARTICIPANTS_IN_VIEW = 50;

export const Call = z.strictObject({
  id: Uuid,
  teamId: Uuid,
  channelId: Uuid.nullable(),
  callType: z.enum(CALL_TYPES),
  status: z.enum(CALL_STATUSES),
  endReason: z.enum(END_REASONS).nullable(),
  initiatorId: Uuid,
  roomName: z.string(),
  mediaEngine: z.enum(MEDIA_ENGINES),
  mediaEpoch: z.int().min(1),
  /** Nobody new comes in. */
  locked: z.boolean(),
  createdAt: Timestamp,
  connectedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  /** Whole seconds since `connectedAt`, by the server's clock; null unless it connected and has ended. */
  durationSeconds: z.int().min(0).nullable(),
  /** Sequence number of the newest event. */
  version: z.int().min(1),
  /** Of a call of more than `PARTICIPANTS_IN_VIEW` people those who sit in it or are rung, so many at most: the rest by pages. */
  participants: z.array(Participant),
  /** Of such a call: how many people it has had, and how many sit in it. */
  counts: z.strictObject({ total: z.int(), seated: z.int() }).optional(),
});
export type Call = z.infer<typeof Call>;

export const CallEventRecord = z.strictObject({
  seq: z.int().min(1),
  type: z.string(),
  actorId: Uuid.nullable(),
  deviceId: Uuid.nullable(),
  at: Timestamp,
  data: z.record(z.string(), z.unknown()),
});
export type CallEventRecord = z.infer<typeof CallEventRecord>;

export const Team = z.strictObject({ id: Uuid, name: z.string(), role: z.enum(['owner', 'member']) });
export type Team = z.infer<typeof Team>;

export const Channel = z.strictObject({
  id: Uuid,
  teamId: Uuid,
  name: z.string(),
  kind: z.enum(['channel', 'direct']),
  /** The two people of a direct channel; empty otherwise. */
  memberIds: z.array(Uuid),
});
export type Channel = z.infer<typeof Channel>;

/** What a call of two people has come to; the same for both, who have different words for it. */
export const CallOfMessage = Call.pick({
  id: true,
  callType: true,
  status: true,
  endReason: true,
  initiatorId: true,
  durationSeconds: true,
});
export type CallOfMessage = z.infer<typeof CallOfMessage>;

export const Message = z.strictObject({
  id: Uuid,
  channelId: Uuid,
  author: User,
  type: z.enum(['text', 'call', 'call_invite']),
  /** Of a message that is no text: for readers that do not know its type. */
  content: z.string(),
  /** Of a message of type `call`. */
  call: CallOfMessage.nullable(),
  createdAt: Timestamp,
});
export type Message = z.infer<typeof Message>;

export const Notification = z.strictObject({
  id: Uuid,
  /** Gapless within the person's inbox, from 1. */
  seq: z.int().min(1),
  callId: Uuid,
  type: z.enum(['missed', 'rejected']),
  createdAt: Timestamp,
  readAt: Timestamp.nullable(),
});
export type Notification = z.infer<typeof Notification>;

export const Session = z.strictObject({
  accessToken: z.string(),
  refreshToken: z.string(),
  /** When the access token expires. */
  expiresAt: Timestamp,
  user: User,
});
export type Session = z.infer<typeof Session>;

/** Somewhere where a person is signed in. */
export const SessionInfo = z.strictObject({
  id: Uuid,
  createdAt: Timestamp,
  lastUsedAt: Timestamp,
  /** What the browser said of itself when it signed in. */
  userAgent: z.string().nullable(),
  /** Whether it is the one that asks. */
  isCurrent: z.boolean(),
});
export type SessionInfo = z.infer<typeof SessionInfo>;

export const Invitation = z.strictObject({
  id: Uuid,
  token: z.string(),
  url: z.string(),
  expiresAt: Timestamp,
  /** Null for as many people as it is given to. */
  maxUses: z.int().nullable(),
});
export type Invitation = z.infer<typeof Invitation>;

/** A link into a team that is still good, without its token: that is shown once. */
export const InvitationInfo = z.strictObject({
  id: Uuid,
  createdAt: Timestamp,
  expiresAt: Timestamp,
  maxUses: z.int().nullable(),
  uses: z.int().min(0),
  /** Null for somebody who is not there any more. */
  createdBy: User.nullable(),
});
export type InvitationInfo = z.infer<typeof InvitationInfo>;

/** Where a link leads, for whoever holds it. */
export const InvitationPreview = z.strictObject({
  teamName: z.string(),
  /** Whoever made the link; null when they are gone. */
  invitedBy: z.string().nullable(),
});
export type InvitationPreview = z.infer<typeof InvitationPreview>;

/** What the app must know before anybody signed in. */
export const PublicConfig = z.strictObject({
  version: z.string(),
  demo: z.boolean(),
  /** False where a foreign issuer keeps the accounts. */
  builtInAccounts: z.boolean(),
  /** Whom the sign-in page offers; empty outside demo mode. */
  people: z.array(z.strictObject({ id: Uuid, email: z.string(), displayName: z.string() })),
});
export type PublicConfig = z.infer<typeof PublicConfig>;

export const Health = z.strictObject({
  status: z.enum(['ready', 'unavailable']),
  database: z.enum(['ready', 'unavailable']),
  sfu: z.enum(['ready', 'starting', 'absent']),
});
export type Health = z.infer<typeof Health>;

export const IceServer = z.strictObject({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
});
export type IceServer = z.infer<typeof IceServer>;

export const MediaCredentials = z.strictObject({
  engine: z.enum(MEDIA_ENGINES),
  url: z.string().nullable(),
  token: z.string().nullable(),
  roomName: z.string(),
  uid: z.string(),
  expiresAt: Timestamp,
  iceServers: z.array(IceServer),
  /** Use the relays alone, so that nobody learns this device's address. */
  relayOnly: z.boolean(),
});
export type MediaCredentials = z.infer<typeof MediaCredentials>;

/** With what a connection can be made ready before there is a call. */
export const IceConfiguration = MediaCredentials.pick({ iceServers: true, relayOnly: true, expiresAt: true });
export type IceConfiguration = z.infer<typeof IceConfiguration>;

/** Where a person sits. */
export const Seat = z.strictObject({ userId: Uuid, deviceId: Uuid, instanceId: Uuid });
export type Seat = z.infer<typeof Seat>;

/** What a person's device needs beyond the `Call`: where everybody sits, and the deadline of a ring. */
export const CallView = z.strictObject({
  call: Call,
  ringExpiresAt: Timestamp.nullable(),
  membershipEpoch: z.int().min(1),
  seats: z.array(Seat),
});
export type CallView = z.infer<typeof CallView>;

/** A call that runs in a channel, as those see it who read there: enough for *Join call*. */
export const ChannelCall = z.strictObject({
  id: Uuid,
  channelId: Uuid,
  callType: z.enum(CALL_TYPES),
  status: z.enum(CALL_STATUSES),
  initiatorId: Uuid,
  createdAt: Timestamp,
  locked: z.boolean(),
  /** How many sit in it. */
  count: z.int().min(0),
  /** The first few of them. */
  people: z.array(User).max(5),
  version: z.int().min(1),
});
export type ChannelCall = z.infer<typeof ChannelCall>;

/** A link into a call; its token is shown once, to whoever made it. */
export const CallLink = z.strictObject({
  id: Uuid,
  token: z.string(),
  url: z.string(),
  teamId: Uuid,
  channelId: Uuid.nullable(),
  callType: z.enum(CALL_TYPES),
  expiresAt: Timestamp,
});
export type CallLink = z.infer<typeof CallLink>;

/** Where a link leads, for whoever holds it. */
export const CallLinkPreview = z.strictObject({
  /** Of the link, not its token. */
  id: Uuid,
  teamName: z.string(),
  /** Who made the link. */
  madeBy: z.string(),
  callType: z.enum(CALL_TYPES),
  /** Whether somebody is in the call. */
  isLive: z.boolean(),
  /** How many. */
  count: z.int().min(0),
  /** Whoever asks is in the team and goes in directly; without a token nobody is. */
  isMember: z.boolean(),
  expiresAt: Timestamp,
});
export type CallLinkPreview = z.infer<typeof CallLinkPreview>;

/** Somebody who waits before a call. */
export const Knock = z.strictObject({
  id: Uuid,
  /** Of the link by which they came: `/api/call-links/:token/admit` takes it in place of the token. */
  linkId: Uuid,
  displayName: z.string(),
  at: Timestamp,
});
export type Knock = z.infer<typeof Knock>;

/** A guest's session: for the one call alone, and not to be renewed. */
export const GuestSession = z.strictObject({ accessToken: z.string(), expiresAt: Timestamp, user: User });
export type GuestSession = z.infer<typeof GuestSession>;

/** `admitted`: `accept` brings one in. */
export const KnockAnswer = z.strictObject({
  status: z.enum(['waiting', 'admitted', 'denied']),
  knockId: Uuid.nullable(),
  /** Null while nobody is in the call. */
  callId: Uuid.nullable(),
  /** For a guest who came without a token. */
  session: GuestSession.nullable(),
});
export type KnockAnswer = z.infer<typeof KnockAnswer>;

/** One line of the chat of a call. */
export const CallMessage = z.strictObject({
  id: Uuid,
  callId: Uuid,
  author: User,
  content: z.string(),
  createdAt: Timestamp,
});
export type CallMessage = z.infer<typeof CallMessage>;
