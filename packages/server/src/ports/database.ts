/** One open transaction (or a single statement). Repositories take this and nothing else. */
export interface Sql {
  /** Rows with the column names of the query. Parameters are `$1 …`; timestamps come back as `Date`, bigint as number. */
  query<R extends object>(text: string, params?: readonly unknown[]): Promise<R[]>;
}

/** The person on whose behalf something is read: becomes `request.jwt.claims` of the transaction. */
export interface Claims {
  readonly sub: string;
  readonly isAnonymous: boolean;
}

/**
 * Postgres as the server sees it; adapters for `pg` and PGlite. A failure of the database itself (classes 08, 53, 57P,
 * or no connection) is thrown as `DatabaseUnavailable`. Never call one of these within the `run` of another: PGlite has one
 * connection and would wait for ever.
 */
export interface Database {
  /** One transaction as the server itself (row-level security does not apply). Serialisation failures and deadlocks are tried again. */
  tx<T>(run: (sql: Sql) => Promise<T>): Promise<T>;
  /** One read-only transaction as this person: `SET LOCAL ROLE authenticated` and the claims, so that row-level security decides. */
  readAs<T>(claims: Claims, run: (sql: Sql) => Promise<T>): Promise<T>;
  /** One statement in its own transaction: one round trip. */
  once<R extends object>(text: string, params?: readonly unknown[]): Promise<R[]>;
  close(): Promise<void>;
}

export class DatabaseUnavailable extends Error {
  readonly code = 'database_unavailable';
  readonly category = 'network';
}
