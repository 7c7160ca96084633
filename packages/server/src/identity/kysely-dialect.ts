import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  DeleteQueryNode,
  type Dialect,
  type Driver,
  InsertQueryNode,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  UpdateQueryNode,
} from 'kysely';
import type { Database, Sql } from '../ports/database.ts';

/**
 * Kysely over our own `Database`, so that the auth library shares its connections and its rules: on PGlite there is one
 * connection, and a `BEGIN` that is sent past the adapter's queue would take other people's statements into its transaction.
 */
export class DatabaseDialect implements Dialect {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  createDriver(): Driver {
    return new DatabaseDriver(this.#db);
  }
  createQueryCompiler(): PostgresQueryCompiler {
    return new PostgresQueryCompiler();
  }
  createAdapter(): PostgresAdapter {
    return new PostgresAdapter();
  }
  // biome-ignore lint/suspicious/noExplicitAny: the signature is Kysely's
  createIntrospector(db: Kysely<any>): DatabaseIntrospector {
    return new PostgresIntrospector(db);
  }
}

class DatabaseDriver implements Driver {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async init(): Promise<void> {}
  async destroy(): Promise<void> {}
  async acquireConnection(): Promise<Connection> {
    return new Connection(this.#db);
  }
  async releaseConnection(): Promise<void> {}
  async beginTransaction(connection: Connection): Promise<void> {
    await connection.begin();
  }
  async commitTransaction(connection: Connection): Promise<void> {
    await connection.finish('commit');
  }
  async rollbackTransaction(connection: Connection): Promise<void> {
    await connection.finish('rollback');
  }
}

class RolledBack extends Error {}

class Connection implements DatabaseConnection {
  readonly #db: Database;
  #open: { sql: Sql; end: (how: 'commit' | 'rollback') => void; done: Promise<unknown> } | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Turns the database's callback inside out: the transaction stays open until `finish`. */
  begin(): Promise<void> {
    return new Promise((opened, failed) => {
      let runs = 0;
      const done = this.#db.tx(async (sql) => {
        // A retry of the adapter would find nobody to run its statements again.
        runs += 1;
        if (runs > 1) throw new Error('This transaction cannot be tried again.');
        const how = await new Promise<'commit' | 'rollback'>((end) => {
          this.#open = { sql, end, done };
          opened();
        });
        if (how === 'rollback') throw new RolledBack();
      });
      done.catch(failed);
    });
  }

  async finish(how: 'commit' | 'rollback'): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    open.end(how);
    await open.done.catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  }

  async executeQuery<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
    const { text, countsRows } = countable(compiled);
    const open = this.#open;
    const rows = await (open === undefined
      ? this.#db.once<object>(text, compiled.parameters)
      : open.sql.query<object>(text, compiled.parameters));
    if (countsRows) return { rows: [], numAffectedRows: BigInt(rows.length) };
    return { rows: rows as R[], numAffectedRows: BigInt(rows.length) };
  }

  // biome-ignore lint/correctness/useYield: nothing here is streamed
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming is not supported.');
  }
}

/** Our port gives rows, not counts: a write without RETURNING returns a constant for each row that it touched. */
function countable({ sql, query }: CompiledQuery): { text: string; countsRows: boolean } {
  const writes = DeleteQueryNode.is(query) || UpdateQueryNode.is(query) || InsertQueryNode.is(query);
  if (!writes || query.returning !== undefined) return { text: sql, countsRows: false };
  return { text: `${sql} returning 1 as touched`, countsRows: true };
}
