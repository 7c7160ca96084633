import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../ports/database.ts';
import { DatabaseUnavailable } from '../ports/database.ts';
import type { Logger } from '../ports/logger.ts';
import type { Config } from './config.ts';
import { MigrationError, migratePGlite, migratePg } from './migrate.ts';
import { openPg } from './pg.ts';
import { openPGlite, startPGlite } from './pglite.ts';
import { Stop } from './stop.ts';

/** The database, up to date. @throws Stop with a sentence where it cannot be had */
export async function openDatabase(config: Config, log: Logger): Promise<Database> {
  try {
    return config.databaseUrl === null ? await embedded(config) : await server(config.databaseUrl, log);
  } catch (error) {
    if (error instanceof MigrationError) throw new Stop(error.message);
    if (error instanceof DatabaseUnavailable) throw new Stop(unreachable(config, reasonOf(error)));
    if (config.databaseUrl !== null && isRefusal(error)) throw new Stop(unreachable(config, reasonOf(error)));
    throw error;
  }
}

async function embedded(config: Config): Promise<Database> {
  const folder = join(config.dataDir, 'postgres');
  const unfinished = join(config.dataDir, 'postgres.unfinished');
  // A very first start that was cut short leaves half a database, with nothing in it that anybody could miss.
  if (existsSync(unfinished)) rmSync(folder, { recursive: true, force: true });
  if (!existsSync(folder)) {
    writeFileSync(unfinished, '');
    mkdirSync(folder, { mode: 0o700 });
  }
  const pglite = await startPGlite(folder).catch((error: unknown) => {
    throw new Stop(unreachable(config, reasonOf(error)));
  });
  await migratePGlite(pglite);
  rmSync(unfinished, { force: true });
  return openPGlite(pglite);
}

async function server(connectionString: string, log: Logger): Promise<Database> {
  await migratePg(connectionString);
  return openPg({
    connectionString,
    onIdleError: (error) => log.warn({ reason: error.message }, 'A database connection broke'),
  });
}

/** Wrong password, no such database, and what else a server says to somebody whom it does not let in. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(?:28|3D)...$/.test(String(error.code));

function reasonOf(error: unknown): string {
  let cause: unknown = error;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  // Node names one error for each address that it tried.
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) cause = cause.errors[0];
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split('\n', 1)[0]?.slice(0, 300) ?? '';
}

function unreachable(config: Config, reason: string): string {
  if (config.databaseUrl === null) return `The embedded database in ${config.dataDir} cannot be opened: ${reason}.`;
  const { hostname, port, pathname } = new URL(config.databaseUrl);
  const place = `${hostname || 'localhost'}:${port || '5432'}${pathname}`;
  return `The database at ${place} (DATABASE_URL) cannot be reached: ${reason}.`;
}
