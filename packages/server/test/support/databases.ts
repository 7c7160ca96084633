import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { describe, it } from 'vitest';
import { migratePGlite, migratePg } from '../../src/node/migrate.ts';
import { openPg } from '../../src/node/pg.ts';
import { openPGlite, startPGlite } from '../../src/node/pglite.ts';
import type { Database } from '../../src/ports/database.ts';

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
const missing: string | null = await withAdmin((client) => client.query('select 1')).then(
  () => null,
  (error: unknown) => (error instanceof Error ? error.message : String(error)) || 'nobody answers',
);

/** An embedded one, in memory. */
export async function openTestPGlite(): Promise<TestDatabase> {
  const pglite = await startPGlite();
  await migratePGlite(pglite);
  const db = openPGlite(pglite);
  return { db, url: null, close: () => db.close() };
}

/** An empty database of the Postgres server, not migrated. */
export async function createDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `parley_test_${randomUUID().replaceAll('-', '')}`;
  await withAdmin((client) => client.query(`create database ${name}`));
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await withAdmin((client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** One of its own on the Postgres server. */
export async function openTestPostgres(): Promise<TestDatabase> {
  const { url, drop } = await createDatabase();
  await migratePg(url);
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

/**
 * Registers a suite for each database: `eachDatabase((name, open) => { … })`. Without a Postgres its half fails under
 * CI and is skipped elsewhere, with the reason printed.
 */
export function eachDatabase(suite: (name: DatabaseName, open: () => Promise<TestDatabase>) => void): void {
  describe('on PGlite', () => suite('PGlite', openTestPGlite));
  onPostgres('on Postgres', () => suite('Postgres', openTestPostgres));
}

/** A suite that makes sense on a real server alone (more than one connection). */
export function onPostgres(title: string, suite: () => void): void {
  if (missing === null) {
    describe(title, suite);
  } else if (process.env.CI === 'true') {
    it(`${title}: a Postgres is there`, () => {
      throw new Error(`No Postgres for the tests: ${missing}`);
    });
  } else {
    console.warn(`Skipped ${title}: ${missing}. Set TEST_DATABASE_URL to run it.`);
    describe.skip(title, suite);
  }
}
