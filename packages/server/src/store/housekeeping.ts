import type { Instant } from '@parley/domain';
import type { Sql } from '../ports/database.ts';

/** The clock that decides deadlines: the database's. */
export async function databaseNow(sql: Sql, skewMs: number): Promise<Instant> {
  const [row] = await sql.query<{ now: number }>('select parley.ms(parley.clock($1)) as now', [skewMs]);
  if (row === undefined) throw new Error('The database told no time.');
  return row.now;
}

/** Clears away old keys, instances and devices, `limit` rows of each at most. Returns how many rows went. */
export async function tidy(sql: Sql, limit: number, skewMs: number): Promise<number> {
  const [row] = await sql.query<{ gone: number }>('select parley.tidy($1, $2) as gone', [limit, skewMs]);
  return row?.gone ?? 0;
}
