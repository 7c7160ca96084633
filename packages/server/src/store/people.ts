import type { Call } from '@parley/domain';
import type { Member, User } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

/** Somebody's name, as far as whoever asks may know it. */
export async function findPerson(sql: Sql, userId: string): Promise<User | undefined> {
  const [row] = await sql.query<{ id: string; display_name: string }>(
    'select id, display_name from public.profiles where id = $1',
    [userId],
  );
  return row === undefined ? undefined : { id: row.id, displayName: row.display_name };
}

export interface MemberRow {
  readonly id: string;
  readonly display_name: string;
  readonly picture_hash: string | null;
  readonly quiet_until: Date | null;
}

export const toMember = (row: MemberRow): Member => ({
  id: row.id,
  displayName: row.display_name,
  picture: row.picture_hash,
  doNotDisturbUntil: row.quiet_until?.toISOString() ?? null,
});

/** The names that are known, and those of whoever has come into the call since. Asked as the server. */
export async function namesOf(
  sql: Sql,
  known: ReadonlyMap<string, string>,
  { participants }: Pick<Call, 'participants'>,
): Promise<ReadonlyMap<string, string>> {
  const missing = participants.filter(({ userId }) => !known.has(userId)).map(({ userId }) => userId);
  if (missing.length === 0) return known;
  const rows = await sql.query<{ id: string; display_name: string }>(
    'select id, display_name from parley.people where id = any ($1::uuid[])',
    [missing],
  );
  return new Map([...known, ...rows.map((row): [string, string] => [row.id, row.display_name])]);
}
