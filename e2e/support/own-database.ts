import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** Where tests may make databases. */
export const postgresUrl = process.env.TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';

export interface OwnDatabase {
  readonly name: string;
  readonly url: string;
  /** Ids of the processes that serve it. */
  processes(): Promise<number[]>;
  drop(): Promise<void>;
}

export async function ask<R extends object>(
  at: string,
  statement: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: at, connectionTimeoutMillis: 3_000 });
  await client.connect();
  try {
    return (await client.query<R>(statement, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** @returns why there is no Postgres to be had, or null */
export const missingPostgres = (): Promise<string | null> =>
  ask(postgresUrl, 'select 1').then(
    () => null,
    (error: unknown) => `no Postgres: ${error instanceof Error ? error.message : String(error)}`,
  );

export async function dropDatabase(at: string, name: string): Promise<void> {
  await ask(at, `drop database if exists ${name} with (force)`);
}

/**
 * A database at a real Postgres.
 * @param at of the Postgres, as somebody who may make one
 * @param template the name of one to copy, to which nobody is connected: empty unless said
 */
export async function newDatabase(at: string, template?: string): Promise<OwnDatabase> {
  const name = `parley_e2e_${randomUUID().replaceAll('-', '')}`;
  await ask(at, `create database ${name}${template === undefined ? '' : ` template ${template}`}`);
  const url = new URL(at);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    async processes() {
      const rows = await ask<{ pid: number }>(at, 'select pid from pg_stat_activity where datname = $1', [name]);
      return rows.map(({ pid }) => pid);
    },
    drop: () => dropDatabase(at, name),
  };
}
