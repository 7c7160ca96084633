import { z } from 'zod';
import {
  AcceptCall,
  CALL_COMMAND_NAMES,
  CALL_COMMANDS,
  type CallCommandName,
  CallMetrics,
  ChangePassword,
  ChangeSettings,
  CreateCall,
  CreateChannel,
  CreateInvitation,
  CreateTeam,
  DEVICE_COMMANDS,
  DeleteAccount,
  Empty,
  EventsQuery,
  HistoryQuery,
  OpenDirect,
  ReadNotifications,
  Refresh,
  SendMessage,
  SignIn,
  SignOut,
  SignUp,
} from './commands.ts';
import type { ErrorCode } from './problems.ts';
import {
  Call,
  CallEventRecord,
  Channel,
  ChannelCall,
  Health,
  Invitation,
  InvitationInfo,
  InvitationPreview,
  MediaCredentials,
  Member,
  Message,
  Notification,
  PersonSettings,
  PICTURE_TYPES,
  PictureHash,
  PublicConfig,
  Session,
  SessionInfo,
  Team,
  User,
} from './resources.ts';
import { Cursor, page } from './scalars.ts';

/** One route of the REST edge: what the OpenAPI document and the 405 answers are made of. */
export interface RouteSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:names` of parameters; an id is a UUID. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly auth: 'public' | 'bearer';
  readonly headers?: Readonly<Record<string, 'required' | 'optional'>>;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Instead of JSON: the body as it is, of one of these types. */
  readonly bodyTypes?: readonly string[];
  /** By status; null where there is no body. */
  readonly responses: Readonly<Record<number, z.ZodType | null>>;
  /** `application/json` where nothing is said. */
  readonly contentType?: string;
  /** Beside those of `commonErrors`. */
  readonly errors: readonly ErrorCode[];
}

const Cursors = z.strictObject({ cursor: Cursor.optional() });
const COMMAND = { 'Idempotency-Key': 'required', 'X-Device-Id': 'optional', 'X-Instance-Id': 'optional' } as const;
const DEVICE_COMMAND = { ...COMMAND, 'X-Device-Id': 'required' } as const;
const DEVICE = { 'X-Device-Id': 'required', 'X-Instance-Id': 'optional' } as const;
const COMMAND_ERRORS = ['idempotency_key_required', 'idempotency_key_reused', 'device_required'] as const;

const auth: RouteSpec[] = [
  {
    method: 'POST',
    path: '/api/auth/sign-up',
    summary: 'Create an account',
    auth: 'public',
    body: SignUp,
    responses: { 201: Session },
    errors: ['email_taken', 'password_common', 'rate_limited', 'not_found'],
  },
  {
    method: 'POST',
    path: '/api/auth/sign-in',
    summary: 'Begin a session',
    auth: 'public',
    body: SignIn,
    responses: { 200: Session },
    errors: ['credentials_invalid', 'forbidden', 'rate_limited', 'not_found'],
  },
  {
    method: 'POST',
    path: '/api/auth/refresh',
    summary: 'Exchange the refresh token for a new pair; a used one is honoured for ten seconds more',
    auth: 'public',
    body: Refresh,
    responses: { 200: Session },
    errors: ['refresh_invalid', 'rate_limited', 'not_found'],
  },
  {
    method: 'POST',
    path: '/api/auth/sign-out',
    summary:
      'End the session of the access token, or of the refresh token in the body; `everywhere` ends all of the person’s',
    auth: 'bearer',
    body: SignOut,
    responses: { 204: null },
    errors: ['not_found'],
  },
  {
    method: 'GET',
    path: '/api/auth/sessions',
    summary: 'Where I am signed in',
    auth: 'bearer',
    responses: { 200: page(SessionInfo) },
    errors: ['not_found'],
  },
  {
    method: 'DELETE',
    path: '/api/auth/sessions/:sessionId',
    summary: 'End one of my sessions, and its sockets',
    auth: 'bearer',
    responses: { 204: null },
    errors: ['not_found'],
  },
  {
    method: 'POST',
    path: '/api/auth/password',
    summary: 'Change my password; all my other sessions end',
    auth: 'bearer',
    body: ChangePassword,
    responses: { 204: null },
    errors: ['credentials_invalid', 'password_common', 'rate_limited', 'not_found'],
  },
];

const team: RouteSpec[] = [
  {
    method: 'GET',
    path: '/api/me',
    summary: 'Who am I',
    auth: 'bearer',
    responses: { 200: User },
    errors: [],
  },
  {
    method: 'DELETE',
    path: '/api/me',
    summary: 'Delete my account; what I wrote and whom I called stays, under the name of nobody',
    auth: 'bearer',
    body: DeleteAccount,
    responses: { 204: null },
    errors: ['credentials_invalid', 'rate_limited', 'not_found'],
  },
  {
    method: 'GET',
    path: '/api/me/settings',
    summary: 'What I have chosen, on all my devices',
    auth: 'bearer',
    responses: { 200: PersonSettings },
    errors: [],
  },
  {
    method: 'PATCH',
    path: '/api/me/settings',
    summary: 'Change some of it; whoever knows me hears of what they may see',
    auth: 'bearer',
    body: ChangeSettings,
    responses: { 200: PersonSettings },
    errors: [],
  },
  {
    method: 'PUT',
    path: '/api/me/picture',
    summary: 'My picture: at most 100 KiB, and 512 pixels each way',
    auth: 'bearer',
    bodyTypes: PICTURE_TYPES,
    responses: { 200: z.strictObject({ picture: PictureHash }) },
    errors: ['picture_invalid', 'rate_limited'],
  },
  {
    method: 'DELETE',
    path: '/api/me/picture',
    summary: 'Take my picture away',
    auth: 'bearer',
    responses: { 204: null },
    errors: [],
  },
  {
    method: 'GET',
    path: '/api/people/:userId/pictures/:hash',
    summary: 'The picture of somebody whom I may know; another one has another address',
    auth: 'bearer',
    contentType: 'image/*',
    responses: { 200: z.string() },
    errors: ['not_found'],
  },
  {
    method: 'GET',
    path: '/api/teams',
    summary: 'My teams',
    auth: 'bearer',
    responses: { 200: page(Team) },
    errors: [],
  },
  {
    method: 'POST',
    path: '/api/teams',
    summary: 'Make a team, with a channel general; its maker owns it',
    auth: 'bearer',
    body: CreateTeam,
    responses: { 201: Team },
    errors: ['forbidden'],
  },
  {
    method: 'GET',
    path: '/api/teams/:teamId/members',
    summary: 'People of a team, by name',
    auth: 'bearer',
    query: Cursors,
    responses: { 200: page(Member) },
    errors: ['not_found'],
  },
  {
    method: 'DELETE',
    path: '/api/teams/:teamId/members/:userId',
    summary: 'Leave a team, or as its owner remove somebody; their part in its live calls ends',
    auth: 'bearer',
    responses: { 204: null },
    errors: ['not_found', 'forbidden', 'last_owner'],
  },
  {
    method: 'GET',
    path: '/api/teams/:teamId/channels',
    summary: 'Channels of a team, and my direct ones',
    auth: 'bearer',
    responses: { 200: page(Channel) },
    errors: ['not_found'],
  },
  {
    method: 'POST',
    path: '/api/teams/:teamId/channels',
    summary: 'Make a channel',
    auth: 'bearer',
    body: CreateChannel,
    responses: { 201: Channel },
    errors: ['not_found'],
  },
  {
    method: 'POST',
    path: '/api/teams/:teamId/invitations',
    summary: 'Make a link that lets people into the team, for seven days',
    auth: 'bearer',
    body: CreateInvitation,
    responses: { 201: Invitation },
    errors: ['not_found'],
  },
  {
    method: 'GET',
    path: '/api/teams/:teamId/invitations',
    summary: 'Links that I may revoke and that still let people in, newest first; at most 100',
    auth: 'bearer',
    responses: { 200: page(InvitationInfo) },
    errors: ['not_found'],
  },
  {
    method: 'POST',
    path: '/api/teams/:teamId/direct',
    summary: 'The direct channel with somebody, made on first use',
    auth: 'bearer',
    body: OpenDirect,
    responses: { 200: Channel, 201: Channel },
    errors: ['not_found', 'recipient_is_self', 'recipient_not_in_team'],
  },
  {
    method: 'GET',
    path: '/api/invitations/:token',
    summary: 'The name of the team that a link leads to, for whoever holds the link',
    auth: 'public',
    responses: { 200: InvitationPreview },
    errors: ['not_found', 'invitation_invalid'],
  },
  {
    method: 'DELETE',
    path: '/api/invitations/:token',
    summary: 'Revoke a link that I made, or as an owner any into the team; asked with its id or its token',
    auth: 'bearer',
    responses: { 204: null },
    errors: ['not_found'],
  },
  {
    method: 'POST',
    path: '/api/invitations/:token/accept',
    summary: 'Come into the team of the link',
    auth: 'bearer',
    body: Empty,
    responses: { 200: Team },
    errors: ['not_found', 'invitation_invalid', 'forbidden'],
  },
  {
    method: 'GET',
    path: '/api/channels/:channelId/messages',
    summary: 'Messages, newest first',
    auth: 'bearer',
    query: Cursors,
    responses: { 200: page(Message) },
    errors: ['not_found'],
  },
  {
    method: 'POST',
    path: '/api/channels/:channelId/messages',
    summary: 'Write a message',
    auth: 'bearer',
    headers: { 'Idempotency-Key': 'optional' },
    body: SendMessage,
    responses: { 200: Message, 201: Message },
    errors: ['not_found', 'idempotency_key_required', 'idempotency_key_reused'],
  },
];

const channelCall: RouteSpec = {
  method: 'GET',
  path: '/api/channels/:channelId/call',
  summary: 'The call that runs in a channel, or null',
  auth: 'bearer',
  responses: { 200: z.strictObject({ call: ChannelCall.nullable() }) },
  errors: ['not_found'],
};

const SUMMARIES = {
  accept: 'Accept a call that rings; the first device wins',
  decline: 'Decline a call that rings, on all devices',
  cancel: 'Cancel one’s own call while it rings',
  leave: 'Leave; a one-to-one call ends for both',
  end: 'End a call for everyone',
  'media-connected': 'Report that media flows',
  'media-state': 'Report the own microphone and camera',
  'media-plan': 'Report that media finds no direct path: it moves to the media server',
  invite: 'Ring further people; at their accept a call of two becomes a group',
  remove: 'As the host, take somebody out, who does not come in again',
  mute: 'As the host, turn somebody’s microphone off',
  lock: 'As the host, let nobody new in, or open the door again',
  host: 'As the host, hand that over',
  hand: 'Raise or lower the own hand',
} as const satisfies Record<CallCommandName, string>;

const calls: RouteSpec[] = [
  {
    method: 'POST',
    path: '/api/calls',
    summary: 'Call somebody; 200 where the call exists already',
    auth: 'bearer',
    headers: DEVICE_COMMAND,
    body: CreateCall,
    responses: { 200: Call, 201: Call },
    errors: [
      ...COMMAND_ERRORS,
      'not_found',
      'recipient_is_self',
      'recipients_missing',
      'recipients_too_many',
      'recipients_repeated',
      'recipient_not_in_team',
      'too_many_live_calls',
      'rate_limited',
      'call_locked',
      'call_full',
      'removed_from_call',
    ],
  },
  {
    method: 'GET',
    path: '/api/calls',
    summary: 'History of a team, or of all my teams, newest first',
    auth: 'bearer',
    query: HistoryQuery,
    responses: { 200: page(Call) },
    errors: ['not_found'],
  },
  {
    method: 'GET',
    path: '/api/calls/:id',
    summary: 'A call',
    auth: 'bearer',
    responses: { 200: Call },
    errors: ['not_found'],
  },
  {
    method: 'GET',
    path: '/api/calls/:id/events',
    summary: 'What happened in a call, in order',
    auth: 'bearer',
    query: EventsQuery,
    responses: { 200: page(CallEventRecord).partial({ nextCursor: true }) },
    errors: ['not_found'],
  },
  {
    method: 'POST',
    path: '/api/calls/:id/token',
    summary: 'Credentials for the media of a live call',
    auth: 'bearer',
    headers: DEVICE,
    body: Empty,
    responses: { 200: MediaCredentials },
    errors: ['device_required', 'not_found', 'call_ended', 'other_device', 'sfu_unavailable'],
  },
  {
    method: 'POST',
    path: '/api/calls/:id/metrics',
    summary:
      'What my device measured in a call, until an hour after its end: a sample, the closing figures, or my opinion',
    auth: 'bearer',
    headers: { 'X-Device-Id': 'optional', 'X-Instance-Id': 'optional' },
    body: CallMetrics,
    responses: { 204: null },
    errors: ['device_required', 'not_found', 'call_ended', 'rate_limited'],
  },
  ...CALL_COMMAND_NAMES.map(
    (name): RouteSpec => ({
      method: 'POST',
      path: `/api/calls/:id/${name}`,
      summary: SUMMARIES[name],
      auth: 'bearer',
      headers: DEVICE_COMMANDS.has(name) ? DEVICE_COMMAND : COMMAND,
      body: name === 'accept' ? AcceptCall : CALL_COMMANDS[name],
      responses: { 200: Call },
      errors: [
        ...COMMAND_ERRORS,
        'not_found',
        'call_ended',
        'answered_elsewhere',
        'own_call',
        'not_initiator',
        'not_ringing',
        'not_in_call',
        'not_accepted',
        'other_device',
        'not_allowed',
        ...(name === 'accept'
          ? (['too_many_live_calls', 'removed_from_call', 'call_locked', 'call_full'] as const)
          : []),
        ...(name === 'invite' ? (['recipient_not_in_team', 'call_locked', 'call_full', 'rate_limited'] as const) : []),
        ...(name === 'media-plan' ? (['sfu_unavailable'] as const) : []),
      ],
    }),
  ),
  {
    method: 'GET',
    path: '/api/notifications',
    summary: 'Missed and rejected calls, newest first',
    auth: 'bearer',
    query: Cursors,
    responses: { 200: page(Notification) },
    errors: [],
  },
  {
    method: 'POST',
    path: '/api/notifications/read',
    summary: 'Mark as read, on all devices',
    auth: 'bearer',
    body: ReadNotifications,
    responses: { 204: null },
    errors: [],
  },
];

const system: RouteSpec[] = [
  {
    method: 'POST',
    path: '/api/media/webhook',
    summary: 'What the media server tells; signed by it, and nothing for clients',
    auth: 'public',
    responses: { 204: null },
    errors: ['body_too_large'],
  },
  {
    method: 'GET',
    path: '/api/config',
    summary: 'What the app must know before anybody signed in',
    auth: 'public',
    responses: { 200: PublicConfig },
    errors: [],
  },
  {
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This description',
    auth: 'public',
    responses: { 200: z.record(z.string(), z.unknown()) },
    errors: [],
  },
  {
    method: 'GET',
    path: '/api/realtime',
    summary: 'WebSocket; see the protocol’s SPEC.md',
    auth: 'public',
    responses: { 101: null },
    errors: ['bad_request', 'forbidden'],
  },
  {
    method: 'GET',
    path: '/health/live',
    summary: 'The process runs',
    auth: 'public',
    responses: { 200: z.strictObject({ status: z.literal('ok') }) },
    errors: [],
  },
  {
    method: 'GET',
    path: '/health/ready',
    summary: 'The server can work; does not wait for the SFU',
    auth: 'public',
    responses: { 200: Health, 503: Health },
    errors: [],
  },
  {
    method: 'GET',
    path: '/metrics',
    summary: 'Prometheus',
    auth: 'public',
    contentType: 'text/plain',
    responses: { 200: z.string() },
    errors: [],
  },
];

export const ROUTES: readonly RouteSpec[] = [...auth, ...team, channelCall, ...calls, ...system];

/** What every route of this kind can answer. */
export function commonErrors(route: RouteSpec): ErrorCode[] {
  return [
    ...(route.auth === 'bearer' ? (['unauthenticated', 'token_invalid', 'token_expired'] as const) : []),
    ...(/:[A-Za-z]*[iI]d\b/.test(route.path) ? (['bad_id'] as const) : []),
    ...(route.query === undefined ? [] : (['bad_request'] as const)),
    ...(route.body === undefined
      ? []
      : (['bad_json', 'bad_request', 'body_too_large', 'unsupported_media_type'] as const)),
    ...(route.bodyTypes === undefined ? [] : (['body_too_large', 'unsupported_media_type'] as const)),
    'internal',
    'database_unavailable',
  ];
}
