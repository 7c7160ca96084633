import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { describe } from 'vitest';
import { CALLS_SET, HOST_SET, migratePGlite, migratePg } from '../../src/node/migrate.ts';
import { PARSERS } from '../../src/node/parsers.ts';
import { openPg } from '../../src/node/pg.ts';
import { openPGlite, startPGlite } from '../../src/node/pglite.ts';
import type { Database } from '../../src/ports/database.ts';
import { describeNeeding } from './needing.ts';

export type DatabaseName = 'PGlite' | 'Postgres';

/** A migrated, empty database of one test file. */
export interface TestDatabase {
  readonly db: Database;
  /** Where it can be reached; null for an embedded one. */
  readonly url: string | null;
  /** Closes it, and drops it. */
  close(): Promise<void>;
}

const adminUrl = process.env.TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';

async function withAdmin<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 3_000 });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** Why there is no Postgres, or null when there is one. */
export const postgresLack: string | null = await withAdmin((client) => client.query('select 1')).then(
  () => null,
  (error: unknown) => (error instanceof Error ? error.message : String(error)) || 'nobody answers',
);

/** An embedded one, in memory. Starts from a picture of a migrated one: making a cluster takes seconds each time. */
export async function openTestPGlite(): Promise<TestDatabase> {
  const pglite = await PGlite.create({ parsers: { ...PARSERS }, loadDataDir: await migratedPicture() });
  const db = openPGlite(pglite);
  return { db, url: null, close: () => db.close() };
}

/** Makes once what test files copy: three of them at a time would each make their own, and run out of time on a busy machine. */
export async function prepareDatabases(): Promise<void> {
  await migratedPicture();
  if (postgresLack === null) await migratedTemplate();
}

/** Kept in the cache folder of the modules under a name that changes with the migrations and the version of PGlite. */
async function migratedPicture(): Promise<Blob> {
  const folder = fileURLToPath(new URL('../../../../node_modules/.cache/parley-tests/', import.meta.url));
  const path = join(folder, `pglite-${await migrationsHash()}.tar`);
  const kept = await readFile(path).catch(() => null);
  if (kept !== null) return new Blob([kept]);
  const pglite = await startPGlite();
  await migratePGlite(pglite);
  const picture = await pglite.dumpDataDir('none');
  await pglite.close();
  await mkdir(folder, { recursive: true });
  for (const old of await readdir(folder)) {
    if (old.endsWith('.tar')) await rm(join(folder, old), { force: true });
  }
  // Several test files may do this at once: a file is complete when it has its name.
  const draft = join(folder, `${randomUUID()}.draft`);
  await writeFile(draft, new Uint8Array(await picture.arrayBuffer()));
  await rename(draft, path);
  return picture;
}

/** Changes with the migrations, what applies them, and the versions of what they run on. */
async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['../../package.json', '../../src/node/migrate.ts']) {
    hash.update(await readFile(fileURLToPath(new URL(file, import.meta.url))));
  }
  for (const { folder } of [HOST_SET, CALLS_SET]) {
    for (const file of (await readdir(folder)).sort()) hash.update(file).update(await readFile(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

const urlOf = (name: string): string => {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
};

/** Of all test files that want a template, one makes it. */
const TEMPLATE_LOCK = 7_205_431;

/**
 * A migrated database to copy: fifty times faster than to migrate each. It stays on the server for the next run, under a
 * name that changes with the migrations; those of yesterday go.
 */
async function migratedTemplate(): Promise<string> {
  const name = `parley_template_${await migrationsHash()}`;
  await withAdmin(async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const templates = await client.query<{ datname: string }>(
      `select datname from pg_database where datname like 'parley\\_template\\_%'`,
    );
    if (templates.rows.some(({ datname }) => datname === name)) return;
    for (const { datname } of templates.rows) await client.query(`drop database if exists ${datname}`).catch(() => {});
    const draft = `parley_test_${randomUUID().replaceAll('-', '')}`;
    await client.query(`create database ${draft}`);
    await migratePg(urlOf(draft));
    // It has its name once it is whole.
    await client.query(`alter database ${draft} rename to ${name}`);
  });
  return name;
}

/** An empty database of the Postgres server: not migrated, unless it is a copy of one that is. */
export async function createDatabase(template?: string): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `parley_test_${randomUUID().replaceAll('-', '')}`;
  await withAdmin(async (client) => {
    if (template === undefined) await client.query(`create database ${name}`);
    else {
      // Another copy being made at this moment does not count as use of the template; a connection to it would.
      await client.query(`create database ${name} template ${template}`);
    }
  });
  return {
    url: urlOf(name),
    drop: async () => {
      await withAdmin((client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** Tests of another checkout, with other migrations, may take the template away before it is copied. */
async function copyTemplate(tries = 5): Promise<Awaited<ReturnType<typeof createDatabase>>> {
  try {
    return await createDatabase(await migratedTemplate());
  } catch (error) {
    const gone = error instanceof pg.DatabaseError && error.code === '3D000';
    if (!gone || tries === 0) throw error;
    return await copyTemplate(tries - 1);
  }
}

/** One of its own on the Postgres server. */
export async function openTestPostgres(): Promise<TestDatabase> {
  const { url, drop } = await copyTemplate();
  const db = openPg({ connectionString: url });
  return {
    db,
    url,
    close: async () => {
      await db.close();
      await drop();
    },
  };
}

type Suite = (name: DatabaseName, open: () => Promise<TestDatabase>) => void;

/**
 * Registers a suite for each database: `eachDatabase((name, open) => { … })`. For what is written in SQL, or asks for locks.
 * Without a Postgres its half fails under CI and is skipped elsewhere, with the reason printed.
 */
export function eachDatabase(suite: Suite): void {
  describe('on PGlite', () => suite('PGlite', openTestPGlite));
  onPostgres('on Postgres', () => suite('Postgres', openTestPostgres));
}

/**
 * Registers a suite for one database: what it tests lies above the store, and asks nothing of either that the suites of
 * `eachDatabase` do not hold. Postgres where there is one and under CI, the embedded one elsewhere; both with `PARLEY_LONG=1`.
 */
export function oneDatabase(suite: Suite): void {
  if (process.env.PARLEY_LONG === '1') eachDatabase(suite);
  else if (postgresLack === null || process.env.CI === 'true')
    onPostgres('on Postgres', () => suite('Postgres', openTestPostgres));
  else describe('on PGlite', () => suite('PGlite', openTestPGlite));
}

/** A suite that makes sense on a real server alone (more than one connection). */
export function onPostgres(title: string, suite: () => void): void {
  const need = { what: 'a Postgres', lack: postgresLack, hint: 'Set TEST_DATABASE_URL to run it.' };
  describeNeeding(need, title, suite);
}
