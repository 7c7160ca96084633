import type { Claims, Sql } from '@parley/server/src/ports/database.ts';
import type { LockMode, LockTable } from './lock-table.ts';
import { type Table, Tables } from './tables.ts';

/** A violated constraint, or an exception of a function; `code` as Postgres would give it. */
export class SqlError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a transaction runs on. */
export interface Ground {
  readonly tables: Tables;
  readonly locks: LockTable<Transaction>;
  /** The database's clock, in milliseconds. */
  now(): number;
  uuid(): string;
  /** Between two statements: others may go on here. */
  pause(kind: 'round trip' | 'statement'): Promise<void>;
}

/** One for all: an error is dear to make. */
const OVER = new Error('the transaction is over');

type Handler = (tx: Transaction, params: readonly unknown[]) => Promise<readonly object[]>;

/**
 * One transaction at *read committed*: each statement sees what was committed before it and what the transaction wrote
 * itself. Writes are seen by others at the commit, locks are held until then.
 */
export class Transaction implements Sql {
  readonly ground: Ground;
  #claims: Claims | null;
  readonly #find: (text: string) => Handler;
  readonly #writes = new Map<Table<unknown>, Map<string, unknown>>();
  #over: Error | null = null;

  constructor(ground: Ground, claims: Claims | null, find: (text: string) => Handler) {
    this.ground = ground;
    this.#claims = claims;
    this.#find = find;
  }

  async query<R extends object>(text: string, params: readonly unknown[] = []): Promise<R[]> {
    this.#check();
    await this.ground.pause('round trip');
    this.#check();
    const rows = await this.#find(text)(this, params);
    this.#check();
    return rows as R[];
  }

  /** The person in whose name it runs; null for the server. */
  get claims(): Claims | null {
    return this.#claims;
  }

  /** The part of a function that runs in the name of a person. */
  async as<T>(claims: Claims, run: () => Promise<T>): Promise<T> {
    const before = this.#claims;
    this.#claims = claims;
    try {
      return await run();
    } finally {
      this.#claims = before;
    }
  }

  /** The end of one statement of a function: the next one sees what others have committed meanwhile. */
  async step(): Promise<void> {
    await this.ground.pause('statement');
    this.#check();
  }

  now(skewMs: unknown): number {
    return this.ground.now() + Number(skewMs ?? 0);
  }

  async lock(table: Table<never> | Table<unknown>, key: string, mode: LockMode): Promise<void> {
    await this.ground.locks.take(this, `${table.name}/${key}`, mode);
    this.#check();
  }

  tryLock(table: Table<never> | Table<unknown>, key: string, mode: LockMode): boolean {
    return this.ground.locks.tryTake(this, `${table.name}/${key}`, mode);
  }

  read<T>(table: Table<T>, key: string): T | undefined {
    const own = this.#writes.get(table as Table<unknown>);
    return own?.has(key) ? (own.get(key) as T) : table.rows.get(key);
  }

  /** All rows, in the order in which they were made. */
  scan<T>(table: Table<T>, fits: (row: T) => boolean): T[] {
    const own = this.#writes.get(table as Table<unknown>) as Map<string, T> | undefined;
    const found: T[] = [];
    for (const [key, row] of table.rows) {
      const seen = own?.has(key) ? own.get(key) : row;
      if (seen !== undefined && fits(seen)) found.push(seen);
    }
    for (const [key, row] of own ?? []) if (!table.rows.has(key) && fits(row)) found.push(row);
    return found;
  }

  write<T>(table: Table<T>, key: string, row: T): void {
    const own = this.#writes.get(table as Table<unknown>) ?? new Map<string, unknown>();
    this.#writes.set(table as Table<unknown>, own.set(key, row));
  }

  /** Rows that this transaction has written in a table. */
  written<T>(table: Table<T>): readonly T[] {
    return [...((this.#writes.get(table as Table<unknown>) as Map<string, T> | undefined)?.values() ?? [])];
  }

  commit(): void {
    this.#check();
    for (const [table, rows] of this.#writes) for (const [key, row] of rows) table.rows.set(key, row);
    this.#end(OVER);
  }

  rollback(why: Error = OVER): void {
    if (!this.#over) this.#end(why);
  }

  #end(why: Error): void {
    this.#over = why;
    this.ground.locks.release(this);
  }

  #check(): void {
    if (this.#over) throw this.#over;
  }
}

export type { Handler };
export { Tables };
