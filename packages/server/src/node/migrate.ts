import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { toDatabaseError } from './database-errors.ts';

/** One connection of its own: migrations hold a lock across their transactions. */
export interface MigrationConnection {
  /** Several statements at once, without parameters. */
  exec(text: string): Promise<void>;
  query<R extends object>(text: string, params?: readonly unknown[]): Promise<R[]>;
}

/** A folder of `NNNN_name.sql`; files are recorded as `name/NNNN_name.sql`. */
export interface MigrationSet {
  readonly name: string;
  readonly folder: string;
}

const folderOf = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

/** What Supabase or the host app would bring. */
export const HOST_SET: MigrationSet = { name: 'host', folder: folderOf('db/host') };
/** The call tables: what goes into anybody's Supabase project. */
export const CALLS_SET: MigrationSet = { name: 'calls', folder: folderOf('supabase/migrations') };

/** Any number that nobody else uses for an advisory lock of this database. */
const LOCK = 7275391;

export class MigrationError extends Error {
  readonly code = 'migration_failed';
  readonly category = 'bug';
}

export interface MigrationReport {
  /** Names of the files that this run applied, in order. */
  readonly applied: readonly string[];
}

/**
 * Brings a database up to date: each file in a transaction of its own, recorded with its hash, so that a run that was
 * cut off goes on where it stopped. Two servers that start at the same moment wait for one another.
 * @throws MigrationError when a file that has been applied is not what it was, or one fails
 * @throws DatabaseUnavailable
 */
export async function migrate(
  connection: MigrationConnection,
  sets: readonly MigrationSet[] = [HOST_SET, CALLS_SET],
  onApplied: (name: string) => void = () => {},
): Promise<MigrationReport> {
  await connection.query('select pg_advisory_lock($1)', [LOCK]);
  try {
    await connection.exec(`
      create schema if not exists parley;
      create table if not exists parley.migrations (
        name text primary key,
        sha256 text not null,
        applied_at timestamptz not null default clock_timestamp()
      );
      comment on table parley.migrations is 'Files that have been applied to this database, with the hash of each.';
      alter table parley.migrations enable row level security;
    `);
    const rows = await connection.query<{ name: string; sha256: string }>('select name, sha256 from parley.migrations');
    const known = new Map(rows.map((row) => [row.name, row.sha256]));
    const applied: string[] = [];
    for (const set of sets) {
      for (const file of await filesOf(set)) {
        const text = await readFile(`${set.folder}/${file}`, 'utf8');
        const name = `${set.name}/${file}`;
        const sha256 = createHash('sha256').update(text).digest('hex');
        const before = known.get(name);
        if (before === sha256) continue;
        if (before !== undefined) {
          throw new MigrationError(
            `The migration ${name} has changed since it was applied to this database. Put the file back as it was, and make the change in a new one.`,
          );
        }
        await apply(connection, name, text, sha256);
        applied.push(name);
        onApplied(name);
      }
    }
    return { applied };
  } catch (error) {
    throw toDatabaseError(error);
  } finally {
    await connection.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => undefined);
  }
}

async function filesOf(set: MigrationSet): Promise<string[]> {
  const files = (await readdir(set.folder)).filter((file) => file.endsWith('.sql')).sort();
  const odd = files.find((file) => !/^\d{4}_[a-z0-9_]+\.sql$/.test(file));
  if (odd !== undefined) throw new MigrationError(`${set.name}/${odd} is not named like a migration (NNNN_name.sql).`);
  return files;
}

async function apply(connection: MigrationConnection, name: string, text: string, sha256: string): Promise<void> {
  await connection.exec('begin');
  try {
    await connection.exec(text);
    await connection.query('insert into parley.migrations (name, sha256) values ($1, $2)', [name, sha256]);
    await connection.exec('commit');
  } catch (error) {
    await connection.exec('rollback').catch(() => undefined);
    const mapped = toDatabaseError(error);
    if (mapped !== error) throw mapped;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`The migration ${name} failed: ${reason}`, { cause: error });
  }
}

/** `host` only where no Supabase or other host has brought people of its own. */
async function setsFor(connection: MigrationConnection): Promise<readonly MigrationSet[]> {
  const [row] = await connection.query<{ users: boolean; ours: boolean }>(
    `select to_regclass('auth.users') is not null as users, to_regclass('auth.issuer_subjects') is not null as ours`,
  );
  return row?.users === true && !row.ours ? [CALLS_SET] : [HOST_SET, CALLS_SET];
}

/** Migrates a Postgres server over a connection that it opens and closes. */
export async function migratePg(connectionString: string): Promise<MigrationReport> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 5_000,
    application_name: 'parley-migrate',
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const connection: MigrationConnection = {
      exec: async (text) => {
        await client.query(text);
      },
      query: async <R extends object>(text: string, params: readonly unknown[] = []) =>
        (await client.query<R & pg.QueryResultRow>(text, [...params])).rows,
    };
    return await migrate(connection, await setsFor(connection));
  } catch (error) {
    throw toDatabaseError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Migrates an embedded Postgres. */
export async function migratePGlite(pglite: PGlite): Promise<MigrationReport> {
  const connection: MigrationConnection = {
    exec: async (text) => {
      await pglite.exec(text);
    },
    query: async <R extends object>(text: string, params: readonly unknown[] = []) =>
      (await pglite.query<R>(text, [...params])).rows,
  };
  return migrate(connection, await setsFor(connection));
}
