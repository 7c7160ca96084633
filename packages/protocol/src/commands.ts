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

export const AcceptCall = z.strictObject({ audioOnly: z.boolean().optional() });
export const LeaveCall = z.strictObject({ reason: z.enum(['hangup', 'media_failed']).optional() });
export const MediaState = z.strictObject({ isMuted: z.boolean(), videoEnabled: z.boolean() });
export const Empty = z.strictObject({});

/** Commands upon a call that exists, by their names in the address and on the socket. */
export const CALL_COMMANDS = {
  accept: AcceptCall,
  decline: Empty,
  cancel: Empty,
  leave: LeaveCall,
  end: Empty,
  'media-connected': Empty,
  'media-state': MediaState,
} as const;
export type CallCommandName = keyof typeof CALL_COMMANDS;
export type CallCommandBody<N extends CallCommandName> = z.infer<(typeof CALL_COMMANDS)[N]>;
export const CALL_COMMAND_NAMES = Object.keys(CALL_COMMANDS) as [CallCommandName, ...CallCommandName[]];

/** Commands that do not make sense without knowing from which device they come. */
export const DEVICE_COMMANDS: ReadonlySet<CallCommandName> = new Set(['accept', 'media-connected', 'media-state']);

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
/** `missed`: those that the person did not get; `incoming` and `outgoing` by who called. */
const HISTORY_FILTERS = ['missed', 'incoming', 'outgoing'] as const;
export type HistoryFilter = (typeof HISTORY_FILTERS)[number];
export const HistoryQuery = z.strictObject({
  teamId: Uuid.optional(),
  only: z.enum(HISTORY_FILTERS).optional(),
  cursor: Cursor.optional(),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;
/** `after`: the newest sequence number that the client has. */
export const EventsQuery = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .optional(),
});
