import { DatabaseUnavailable } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import type { Logger } from '../ports/logger.ts';

/** What the client is told of an error; what is not an `EdgeError` goes to the log and is told without details. */
export function edgeErrorOf(error: unknown, log: Logger): EdgeError {
  if (error instanceof EdgeError) return error;
  if (error instanceof DatabaseUnavailable) {
    log.warn({ reason: error.message }, 'The database is not available');
    return new EdgeError('database_unavailable', { retryAfter: 2, cause: error });
  }
  const known = error instanceof Error ? error : new Error(String(error));
  log.error({ error: known.name, reason: known.message, stack: known.stack }, 'A socket message failed');
  return new EdgeError('internal', { cause: error });
}
