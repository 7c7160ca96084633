import type { Database, Sql } from '../../src/ports/database.ts';

/** Counts what goes to the database: statements, and the transactions around some of them. */
export function counting(db: Database): { readonly db: Database; count: number; transactions: number } {
  const counted = { count: 0, transactions: 0 };
  const sqlOf = (sql: Sql): Sql => ({
    query: (text, params) => {
      counted.count += 1;
      return sql.query(text, params);
    },
  });
  return Object.assign(counted, {
    db: {
      tx: <T>(run: (sql: Sql) => Promise<T>) => {
        counted.transactions += 1;
        return db.tx((sql) => run(sqlOf(sql)));
      },
      readAs: <T>(claims: Parameters<Database['readAs']>[0], run: (sql: Sql) => Promise<T>) => {
        counted.transactions += 1;
        return db.readAs(claims, (sql) => run(sqlOf(sql)));
      },
      once: <R extends object>(text: string, params?: readonly unknown[]) => {
        counted.count += 1;
        return db.once<R>(text, params);
      },
      close: () => db.close(),
    },
  });
}
