import { z } from 'zod';
import { CALL_COMMAND_NAMES, CreateCall } from './commands.ts';
import { Problem } from './problems.ts';
import {
  CallEventRecord,
  CallMessage,
  CallView,
  ChannelCall,
  Knock,
  MediaCredentials,
  Member,
  Message,
  Notification,
  Participant,
  Seat,
  User,
} from './resources.ts';
import { Timestamp, Uuid } from './scalars.ts';

/** Largest frame in either direction, in bytes. */
export const MAX_FRAME_BYTES = 65_536;
/** Largest relayed payload, in characters: leaves room for the envelope. */
export const MAX_RELAY_CHARS = 60_000;
export const PROTOCOL_VERSION = 1;

/** Close codes of the socket. 4000–4099: do not come back with the same input; 4100–4199: come back and resume. */
export const CLOSE = {
  /** Three frames in a row that were no messages. */
  badFrames: 4000,
  /** No hello in time, or a token that is not valid. */
  unauthenticated: 4001,
  /** The same instance has connected again; this is the older socket. */
  replaced: 4002,
  /** The version of the protocol is not spoken here. */
  version: 4003,
  flood: 4004,
  /** The token ran out and was not renewed: come back with a new one. */
  tokenExpired: 4100,
  /** No answer to the server's pings. */
  heartbeat: 4101,
  /** The queue was full: the client reads too slowly. */
  slowConsumer: 4102,
  /** The server stops or drains. */
  goingAway: 4103,
} as const;

/** The id in any case on the way in, as everywhere. */
const Topic = z
  .string()
  .regex(/^(?:call|channel|team):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'not a topic')
  .toLowerCase();

/** One character as people see it, of whatever length. */
const Emoji = z
  .string()
  .min(1)
  .max(32)
  .regex(/^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\u200d|\ufe0f)+$/u, 'not an emoji');

const Hello = z.strictObject({
  t: z.literal('hello'),
  v: z.literal(PROTOCOL_VERSION),
  token: z.string().min(1).max(4096),
  deviceId: Uuid,
  instanceId: Uuid,
  /** The newest that the client has seen: of each live call, and of its inbox. */
  resume: z
    .strictObject({
      calls: z.record(Uuid, z.int().min(0)).refine((calls) => Object.keys(calls).length <= 50, 'too many calls'),
      inbox: z.int().min(0),
    })
    .optional(),
});

export const ClientMessage = z.discriminatedUnion('t', [
  Hello,
  /** Renews the token of the open socket; it must be of the same person. */
  z.strictObject({ t: z.literal('token'), token: z.string().min(1).max(4096) }),
  z.strictObject({ t: z.literal('pong'), n: z.int().min(0), flowing: z.array(Uuid).max(10).optional() }),
  /** Asks for a sign of life: the network may have changed under the socket. */
  z.strictObject({ t: z.literal('ping'), n: z.int().min(0) }),
  z.strictObject({ t: z.literal('subscribe'), topic: Topic }),
  z.strictObject({ t: z.literal('unsubscribe'), topic: Topic }),
  z.strictObject({
    t: z.literal('command'),
    /** Idempotency key, and what the answer refers to. */
    id: Uuid,
    name: z.enum(['create', ...CALL_COMMAND_NAMES]),
    /** Absent with `create`. */
    callId: Uuid.optional(),
    /** Checked against the schema of the command. */
    body: z.record(z.string(), z.unknown()),
  }),
  /** Missing events of one call, or a snapshot. */
  z.strictObject({ t: z.literal('resume'), callId: Uuid, after: z.int().min(0).max(999_999_999) }),
  /** A ringing device tells the caller's instance that it can take part. */
  z.strictObject({ t: z.literal('ready'), callId: Uuid, ringId: Uuid }),
  z.strictObject({
    t: z.literal('relay'),
    callId: Uuid,
    to: Uuid,
    epoch: z.int().min(1),
    generation: z.int().min(0),
    payload: z.string().max(MAX_RELAY_CHARS),
  }),
  /** Shown to whoever sits in the call, and kept nowhere. */
  z.strictObject({ t: z.literal('reaction'), callId: Uuid, emoji: Emoji }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;
export type Hello = z.infer<typeof Hello>;

/** Small and complete: nothing is fetched before it rings, and it fits a push (4 KiB). */
export const Ring = z.strictObject({
  callId: Uuid,
  ringId: Uuid,
  callType: CreateCall.shape.callType,
  caller: User,
  team: z.strictObject({ id: Uuid, name: z.string() }),
  expiresAt: Timestamp,
});
export type Ring = z.infer<typeof Ring>;

const Sender = z.strictObject({ userId: Uuid, deviceId: Uuid, instanceId: Uuid });

export const PresenceState = z.enum(['online', 'in_call']);

export const ServerMessage = z.discriminatedUnion('t', [
  z.strictObject({
    t: z.literal('welcome'),
    v: z.literal(PROTOCOL_VERSION),
    user: User,
    instanceId: Uuid,
    serverTime: Timestamp,
    heartbeatMs: z.int(),
    leaseMs: z.int(),
    /** Every live call of the person: whole, whatever was asked for. */
    calls: z.array(CallView),
    /** Calls named in `resume` that have ended since. */
    ended: z.array(CallView),
    rings: z.array(Ring),
    /** Inbox entries after the number asked for (at most the newest 100), and its newest number. */
    inbox: z.strictObject({ seq: z.int().min(0), items: z.array(Notification) }),
    /** Until then nothing makes a sound on the person's devices; null, or past: it does. */
    doNotDisturbUntil: Timestamp.nullable(),
    /** Where this socket comes from, as the server sees it: another one than before means another network. */
    address: z.string().max(64).optional(),
  }),
  z.strictObject({ t: z.literal('ping'), n: z.int(), at: Timestamp }),
  /** The answer to a `ping` of the client. */
  z.strictObject({ t: z.literal('pong'), n: z.int() }),
  z.strictObject({ t: z.literal('token_ok'), expiresAt: Timestamp }),
  /** Whole state with the events that led to it. A view whose `version` is not newer than the client's is old news. */
  z.strictObject({ t: z.literal('call'), view: CallView, events: z.array(CallEventRecord) }),
  /** What has changed in a call of many people, told together (P98). For whoever has its view of `from` or later. */
  z.strictObject({
    t: z.literal('call_delta'),
    from: z.int().min(1),
    /** As the call is now, with those people and seats alone that are others than before. */
    view: CallView,
    /** Whom the view does not show any more. */
    gone: z.array(Uuid),
    /** What has changed about whoever hears it; left out where nothing has. */
    own: z
      .strictObject({
        person: Participant,
        seat: Seat.nullable(),
        /** Those that name them. */
        events: z.array(CallEventRecord),
      })
      .optional(),
  }),
  z.strictObject({ t: z.literal('ring'), ring: Ring }),
  z.strictObject({ t: z.literal('ready'), callId: Uuid, from: Sender }),
  z.strictObject({ t: z.literal('inbox'), item: Notification }),
  z.strictObject({ t: z.literal('message'), message: Message }),
  /** Something of the team changed (members, channels): read it again. */
  z.strictObject({ t: z.literal('team'), teamId: Uuid, changed: z.enum(['members', 'channels']) }),
  /** Somebody of the team has another name, picture or do-not-disturb. */
  z.strictObject({ t: z.literal('person'), teamId: Uuid, person: Member }),
  z.strictObject({
    t: z.literal('presence'),
    teamId: Uuid,
    kind: z.enum(['sync', 'join', 'leave']),
    people: z.array(z.strictObject({ userId: Uuid, state: PresenceState })),
  }),
  z.strictObject({
    t: z.literal('relay'),
    callId: Uuid,
    from: Sender,
    epoch: z.int(),
    generation: z.int(),
    payload: z.string(),
  }),
  z.strictObject({ t: z.literal('reaction'), callId: Uuid, userId: Uuid, emoji: z.string() }),
  /** Who waits before a call, whole; to the members who sit in it. */
  z.strictObject({ t: z.literal('knocks'), callId: Uuid, knocks: z.array(Knock) }),
  /** To the guest who waits. */
  z.strictObject({
    t: z.literal('knock'),
    knockId: Uuid,
    status: z.enum(['waiting', 'admitted', 'denied']),
    callId: Uuid.nullable(),
  }),
  /** A line of the chat of a call, to whoever sits in it. */
  z.strictObject({ t: z.literal('call_message'), message: CallMessage }),
  /** The call that runs in a channel, or none any more; to whoever listens to the channel, and after each `subscribed`. */
  z.strictObject({ t: z.literal('channel_call'), channelId: Uuid, call: ChannelCall.nullable() }),
  z.strictObject({ t: z.literal('subscribed'), topic: Topic }),
  z.strictObject({ t: z.literal('ack'), id: Uuid, status: z.int(), view: CallView }),
  /** With what the way to the media server is made, before the `ack` of the command that gave the seat (P44). */
  z.strictObject({ t: z.literal('media'), callId: Uuid, epoch: z.int().min(1), credentials: MediaCredentials }),
  z.strictObject({
    t: z.literal('error'),
    /** The command's id, or what else the error is about. */
    ref: z.string().nullable(),
    problem: Problem,
    /** Milliseconds after which it is worth trying again. */
    retryAfterMs: z.int().min(0).optional(),
  }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;
export type PresenceState = z.infer<typeof PresenceState>;
