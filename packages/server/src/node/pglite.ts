import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import type { Database, Sql } from '../ports/database.ts';
import { claimsJson } from './claims.ts';
import { withRetries } from './database-errors.ts';
import { PARSERS } from './parsers.ts';

interface Queryable {
  query<R>(text: string, params?: unknown[]): Promise<{ rows: R[] }>;
}

const sqlOf = (connection: Queryable): Sql => ({
  query: async <R extends object>(text: string, params: readonly unknown[] = []) =>
    (await connection.query<R>(text, [...params])).rows,
});

/**
 * The embedded Postgres itself: in a folder, or in memory without one.
 * @throws when the folder cannot be written, or holds something else
 */
export async function startPGlite(dataDir?: string): Promise<PGlite> {
  const options: PGliteOptions = { parsers: { ...PARSERS } };
  return dataDir === undefined ? PGlite.create(options) : PGlite.create(dataDir, options);
}

/** `Database` on an embedded Postgres: one connection, so that transactions queue. */
export function openPGlite(pglite: PGlite): Database {
  return {
    tx: (run) => withRetries(() => pglite.transaction((tx) => run(sqlOf(tx)))),
    readAs: (claims, run) =>
      withRetries(() =>
        pglite.transaction(async (tx) => {
          await tx.exec('set transaction read only; set local role authenticated');
          await tx.query(`select set_config('request.jwt.claims', $1, true)`, [claimsJson(claims)]);
          return run(sqlOf(tx));
        }),
      ),
    once: <R extends object>(text: string, params: readonly unknown[] = []) =>
      withRetries(() => sqlOf(pglite).query<R>(text, params)),
    close: () => pglite.close(),
  };
}
