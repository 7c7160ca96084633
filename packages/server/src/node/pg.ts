import pg from 'pg';
import type { Database, Sql } from '../ports/database.ts';
import { claimsJson } from './claims.ts';
import { toDatabaseError, withRetries } from './database-errors.ts';
import { PARSERS } from './parsers.ts';

export interface PgOptions {
  readonly connectionString: string;
  /** Most connections of this process. Default 10. */
  readonly max?: number;
  /** Told of a connection that broke while it was idle: the next query takes another one. */
  readonly onIdleError?: (error: Error) => void;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => PARSERS[Number(oid)] ?? pg.types.getTypeParser(oid, format),
};

/** A pool whose queries end after ten seconds at most, and whose lost transactions do not hold locks for ever. */
function createPool(options: PgOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 10_000,
    query_timeout: 15_000,
    idle_in_transaction_session_timeout: 15_000,
    keepAlive: true,
    application_name: 'parley',
    types,
  });
  // Without a listener a connection that the server closes would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  return pool;
}

const sqlOf = (client: pg.PoolClient): Sql => ({
  query: async <R extends object>(text: string, params: readonly unknown[] = []) =>
    (await client.query<R & pg.QueryResultRow>(text, [...params])).rows,
});

/** `Database` on a Postgres server. Connects with the first query. */
export function openPg(options: PgOptions): Database {
  const pool = createPool(options);

  /** One attempt; `begin` may be several statements, so that it costs one round trip. */
  async function transaction<T>(begin: (client: pg.PoolClient) => string, run: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on('error', onError);
    try {
      await client.query(begin(client));
      const result = await run(sqlOf(client));
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failed: Error) => {
        broken = failed;
      });
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  return {
    tx: (run) => withRetries(() => transaction(() => 'begin', run)),
    readAs: (claims, run) =>
      withRetries(() =>
        transaction(
          (client) =>
            `begin read only; set local role authenticated; set local request.jwt.claims = ${client.escapeLiteral(claimsJson(claims))}`,
          run,
        ),
      ),
    once: <R extends object>(text: string, params: readonly unknown[] = []) =>
      withRetries(async () => (await pool.query<R & pg.QueryResultRow>(text, [...params])).rows),
    close: async () => {
      await pool.end().catch((error: unknown) => {
        throw toDatabaseError(error);
      });
    },
  };
}
