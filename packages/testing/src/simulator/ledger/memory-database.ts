import { type Claims, type Database, DatabaseUnavailable, type Sql } from '@parley/server/src/ports/database.ts';
import { LockTable } from './lock-table.ts';
import { statementOf } from './statements.ts';
import { Tables } from './tables.ts';
import { type Ground, Transaction } from './transaction.ts';

/** Postgres' `deadlock_detected` and `serialization_failure`: the adapters of the server try so often too. */
const ATTEMPTS = 3;

export interface MemoryLedgerOptions {
  /** The database's clock, in whole milliseconds. */
  now(): number;
  uuid(): string;
  pause(kind: 'round trip' | 'statement'): Promise<void>;
}

/** What one process has of the database: its connections go with it. */
export interface MemoryConnection extends Database {
  /** The process is gone: what it had begun is undone. */
  kill(): void;
  /** Nothing gets through from now on. Of what is being committed nobody knows whether it was. */
  cut(): void;
  mend(): void;
  /** Whether anything gets through. */
  readonly reachable: boolean;
  /** Nothing is being read or written: whatever was committed has been answered. */
  readonly idle: boolean;
}

/**
 * The ledger in memory, for any number of processes: tables, row locks, and the server's statements. It is an adapter of the
 * server's `Database`, so that the real stores and use cases run on it.
 */
export class MemoryLedger {
  readonly tables = new Tables();
  readonly ground: Ground;
  /** Told of each commit, right after it. */
  onCommit: (tx: Transaction) => void = () => undefined;
  /** How many transactions were given up because they waited in a circle. */
  deadlocks = 0;

  constructor(options: MemoryLedgerOptions) {
    const { tables } = this;
    this.ground = { tables, locks: new LockTable<Transaction>(), ...options };
  }

  /** @param pause of this process alone: a dead one does not go on */
  connect(pause = this.ground.pause): MemoryConnection {
    const ground = { ...this.ground, pause };
    const open = new Set<Transaction>();
    let isCut = false;
    const checkLine = () => {
      if (isCut) throw new DatabaseUnavailable('the database cannot be reached');
    };
    const attempt = async <T>(claims: Claims | null, run: (sql: Sql) => Promise<T>): Promise<T> => {
      checkLine();
      const tx = new Transaction(ground, claims, statementOf);
      open.add(tx);
      try {
        const result = await run(tx);
        await ground.pause('round trip');
        tx.commit();
        this.onCommit(tx);
        // The commit's answer has its own way back, on which it may be lost.
        await ground.pause('round trip');
        checkLine();
        return result;
      } catch (error) {
        tx.rollback();
        throw error;
      } finally {
        open.delete(tx);
      }
    };
    const perform = async <T>(claims: Claims | null, run: (sql: Sql) => Promise<T>): Promise<T> => {
      for (let n = 1; ; n += 1) {
        try {
          return await attempt(claims, run);
        } catch (error) {
          if (!isDeadlock(error) || n === ATTEMPTS) throw error;
          this.deadlocks += 1;
        }
      }
    };
    return {
      tx: (run) => perform(null, run),
      readAs: (claims, run) => perform(claims, run),
      once: (text, params) => perform(null, (sql) => sql.query(text, params)),
      close: async () => undefined,
      kill: () => {
        for (const tx of open) tx.rollback(new DatabaseUnavailable('the process is gone'));
      },
      cut: () => {
        isCut = true;
        for (const tx of open) tx.rollback(new DatabaseUnavailable('the connection broke'));
      },
      mend: () => {
        isCut = false;
      },
      get reachable() {
        return !isCut;
      },
      get idle() {
        return open.size === 0;
      },
    };
  }
}

const isDeadlock = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '40P01';
