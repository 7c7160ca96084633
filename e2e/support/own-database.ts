import { randomUUID } from 'node:crypto';
import pg from 'pg';

export interface OwnDatabase {
  readonly url: string;
  /** Ids of the processes that serve it. */
  processes(): Promise<number[]>;
  drop(): Promise<void>;
}

/** An empty database at a real Postgres. @param at of the Postgres, as somebody who may make one */
export async function newDatabase(at: string): Promise<OwnDatabase> {
  const name = `parley_bench_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: at });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(at);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async processes() {
      const { rows } = await admin.query<{ pid: number }>('select pid from pg_stat_activity where datname = $1', [
        name,
      ]);
      return rows.map(({ pid }) => pid);
    },
    async drop() {
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}
