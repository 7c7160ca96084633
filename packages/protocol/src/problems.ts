import type { ErrorCategory } from '@parley/domain';
import { REFUSALS, type RefusalCode } from '@parley/domain';
import { z } from 'zod';

/** Codes of the edge, beside the machine's refusals: HTTP status, who can help, and a title for logs. */
const EDGE = {
  bad_json: [400, 'bug', 'The body is not JSON.'],
  bad_request: [400, 'bug', 'The request does not fit the schema.'],
  bad_id: [400, 'bug', 'An id is not a UUID.'],
  device_required: [400, 'bug', 'The header X-Device-Id is missing or not a UUID.'],
  idempotency_key_required: [400, 'bug', 'The header Idempotency-Key is missing or not a UUID.'],
  password_common: [422, 'user', 'The password is among those that are tried first.'],
  picture_invalid: [422, 'user', 'This is not a picture of a kind and size that is kept here.'],
  recipient_is_self: [422, 'user', 'A person cannot call themselves.'],
  recipients_missing: [422, 'user', 'A call needs somebody to call.'],
  recipients_too_many: [422, 'user', 'A one-to-one call has one recipient.'],
  recipients_repeated: [422, 'user', 'A recipient is named twice.'],
  recipient_not_in_team: [422, 'user', 'The recipient is not in this team.'],
  unauthenticated: [401, 'permission', 'The access token is missing.'],
  token_invalid: [401, 'permission', 'The access token is not valid.'],
  token_expired: [401, 'permission', 'The access token has expired.'],
  credentials_invalid: [401, 'user', 'The email or the password is wrong.'],
  refresh_invalid: [401, 'permission', 'The refresh token is not valid.'],
  forbidden: [403, 'permission', 'This is not allowed.'],
  not_found: [404, 'user', 'There is no such thing, or it is not yours to see.'],
  method_not_allowed: [405, 'bug', 'The method is not supported here.'],
  email_taken: [409, 'user', 'There is an account with this email.'],
  last_owner: [409, 'user', 'A team keeps an owner: its last one cannot go.'],
  invitation_invalid: [410, 'user', 'The invitation has expired or was revoked.'],
  link_expired: [410, 'user', 'The link has expired.'],
  link_revoked: [410, 'user', 'The link was revoked.'],
  body_too_large: [413, 'bug', 'The body is larger than is taken here.'],
  unsupported_media_type: [415, 'bug', 'The body must be application/json.'],
  idempotency_key_reused: [422, 'bug', 'The key was used for another command.'],
  too_many_live_calls: [429, 'user', 'The person takes part in too many calls.'],
  rate_limited: [429, 'user', 'Too many requests.'],
  internal: [500, 'bug', 'Something went wrong here.'],
  sfu_unavailable: [503, 'network', 'Group calls are not available: no media server.'],
  issuer_unavailable: [503, 'network', 'The issuer of the access tokens cannot be reached.'],
  database_unavailable: [503, 'network', 'The database is not available.'],
  // Only on the socket.
  bad_frame: [400, 'bug', 'The frame is not JSON, or does not fit the schema.'],
  frame_too_large: [413, 'bug', 'The frame is larger than 64 KiB.'],
  hello_required: [401, 'bug', 'The first message must be a hello.'],
  hello_repeated: [409, 'bug', 'There was a hello already.'],
  unknown_topic: [404, 'bug', 'There is no such topic, or it is not yours to see.'],
  peer_not_in_call: [404, 'user', 'That instance does not take part in this call.'],
  peer_away: [404, 'network', 'That instance takes part in this call, but is not connected at the moment.'],
  stale_epoch: [409, 'network', 'The media plan of this call has another epoch.'],
  ring_unknown: [404, 'user', 'There is no such ring for this device.'],
} as const satisfies Record<string, readonly [number, ErrorCategory, string]>;

const REFUSAL_STATUS: Record<RefusalCode, number> = {
  call_ended: 409,
  answered_elsewhere: 409,
  own_call: 409,
  not_initiator: 403,
  not_ringing: 409,
  not_in_call: 404,
  not_accepted: 409,
  other_device: 409,
  not_allowed: 403,
  removed_from_call: 403,
  call_locked: 409,
  call_full: 409,
  not_due: 409,
};

export type ErrorCode = keyof typeof EDGE | RefusalCode;

export interface ErrorInfo {
  readonly status: number;
  readonly category: ErrorCategory;
  readonly title: string;
}

export const ERRORS: Readonly<Record<ErrorCode, ErrorInfo>> = {
  ...(Object.fromEntries(
    Object.entries(EDGE).map(([code, [status, category, title]]) => [code, { status, category, title }]),
  ) as Record<keyof typeof EDGE, ErrorInfo>),
  ...(Object.fromEntries(
    Object.entries(REFUSALS).map(([code, title]) => [
      code,
      { status: REFUSAL_STATUS[code as RefusalCode], category: 'user', title },
    ]),
  ) as Record<RefusalCode, ErrorInfo>),
};

export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];

/** RFC 9457 problem document; `code` is the stable part. */
export const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: z.enum(ERROR_CODES as [ErrorCode, ...ErrorCode[]]),
  detail: z.string().optional(),
  /** Where in the input, for `bad_request`. */
  errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

export function problem(code: ErrorCode, detail?: string, errors?: { path: string; message: string }[]): Problem {
  const { status, title } = ERRORS[code];
  return {
    type: 'about:blank',
    title,
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
  };
}
