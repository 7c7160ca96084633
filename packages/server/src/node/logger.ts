import { pino } from 'pino';
import type { Logger } from '../ports/logger.ts';
import type { Config } from './config.ts';

/** JSON lines on standard error: standard output is for the one line with the address. */
export function createLogger(level: Config['logLevel']): Logger {
  // In a terminal a line for each request would bury the address.
  const chosen = level ?? (process.stderr.isTTY ? 'warn' : 'info');
  return pino(
    { level: chosen, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
}
