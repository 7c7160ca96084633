import type { Sql } from '../ports/database.ts';

/** Clears away old keys, instances and devices, `limit` rows of each at most. Returns how many rows went. */
export async function tidy(sql: Sql, limit: number, skewMs: number): Promise<number> {
  const [row] = await sql.query<{ gone: number }>('select parley.tidy($1, $2) as gone', [limit, skewMs]);
  return row?.gone ?? 0;
}
