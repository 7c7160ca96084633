import type { Sql } from '../ports/database.ts';

/** Somebody of no account. Null where the host takes no guests. */
export async function makeGuest(sql: Sql, displayName: string): Promise<string | null> {
  const [row] = await sql.query<{ id: string | null }>('select parley.make_guest($1) as id', [displayName]);
  return row?.id ?? null;
}

export async function tidyGuests(sql: Sql, limit: number, skewMs: number): Promise<number> {
  const [row] = await sql.query<{ gone: number }>('select parley.tidy_guests($1, $2) as gone', [limit, skewMs]);
  return row?.gone ?? 0;
}
