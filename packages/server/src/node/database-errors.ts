import { DatabaseUnavailable } from '../ports/database.ts';

/** Times that a transaction is tried again after a serialisation failure or a deadlock. */
const RETRIES = 3;

/** What the operating system and the drivers say when there is no connection, or no longer. */
const NO_CONNECTION =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE|EHOSTUNREACH|EAI_AGAIN|Connection terminated|connection timeout|timeout exceeded when trying to connect|Query read timeout|after calling end on the pool|not queryable|PGlite is clos/i;

const codeOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
};

/**
 * Classes 08 (connection), 53 (no resources: 53100 is a full disk), 57 (shut down, cancelled by a time-out) and 58 (an error of the
 * system below it), lock time-outs, a server that takes no writes (25006: a standby, or one that was made read-only), and a
 * transaction that lost to others too often: come back later. Everything else is thrown as it is.
 */
export function toDatabaseError(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const unavailable =
    /^(08|53|57|58)...$/.test(code) ||
    ['25006', '25P03', '40001', '40P01', '55P03'].includes(code) ||
    NO_CONNECTION.test(code) ||
    NO_CONNECTION.test(message);
  return unavailable ? new DatabaseUnavailable(`the database is not available: ${message}`, { cause: error }) : error;
}

const isConflict = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error));

/** Runs a whole transaction, again when it lost against another one, and maps what it throws. */
export async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (isConflict(error) && tries < RETRIES) continue;
      throw toDatabaseError(error);
    }
  }
}
