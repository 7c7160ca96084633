import { ERRORS } from '@parley/protocol';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { DatabaseUnavailable } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import type { Logger } from '../ports/logger.ts';
import type { AppEnv } from './env.ts';

/** Seconds after which a client should try again while the database is away. */
const DATABASE_RETRY_SECONDS = 2;

/** Answers an error with a problem document (RFC 9457). What is not an `EdgeError` is logged and told without details. */
export function answerError(error: unknown, c: Context<AppEnv>, log: Logger): Response {
  const edge = toEdgeError(error);
  if (edge.code === 'internal' || edge.code === 'database_unavailable') {
    const known = error instanceof Error ? error : new Error(String(error));
    const fields = { requestId: c.get('requestId'), error: known.name, reason: known.message, stack: known.stack };
    if (edge.code === 'internal') log.error(fields, 'A request failed');
    else log.warn({ requestId: fields.requestId, reason: known.message }, 'The database is not available');
  }
  return problemResponse(edge);
}

export function problemResponse(edge: EdgeError, headers: Record<string, string> = {}): Response {
  const retryAfter = edge.retryAfter;
  return new Response(JSON.stringify(edge.toProblem()), {
    status: edge.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(edge.status === 401 ? { 'www-authenticate': challenge(edge) } : {}),
      ...(retryAfter === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))) }),
      ...headers,
    },
  });
}

/** RFC 9110 §15.5.2 wants one with every 401; RFC 6750 §3.1 names an error only to whoever brought a token. */
function challenge({ code }: EdgeError): string {
  const broughtToken = code === 'token_invalid' || code === 'token_expired';
  return broughtToken ? `Bearer error="invalid_token", error_description="${ERRORS[code].title}"` : 'Bearer';
}

function toEdgeError(error: unknown): EdgeError {
  if (error instanceof EdgeError) return error;
  if (error instanceof DatabaseUnavailable) {
    return new EdgeError('database_unavailable', { retryAfter: DATABASE_RETRY_SECONDS, cause: error });
  }
  if (error instanceof HTTPException && error.status === 404) return new EdgeError('not_found');
  return new EdgeError('internal', { cause: error });
}
