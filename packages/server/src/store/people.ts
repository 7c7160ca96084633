import type { User } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

/** Somebody's name, as far as whoever asks may know it. */
export async function findPerson(sql: Sql, userId: string): Promise<User | undefined> {
  const [row] = await sql.query<{ id: string; display_name: string }>(
    'select id, display_name from public.profiles where id = $1',
    [userId],
  );
  return row === undefined ? undefined : { id: row.id, displayName: row.display_name };
}
