import type { SessionInfo } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

/** Where a person is signed in, the newest use first. */
export async function findSessions(
  sql: Sql,
  person: { readonly userId: string; readonly sessionId: string; readonly skewMs: number },
): Promise<SessionInfo[]> {
  const rows = await sql.query<{ id: string; made: Date; used: Date; agent: string | null }>(
    `select id, "createdAt" as made, "updatedAt" as used, "userAgent" as agent
       from identity.session
      where "userId" = $1 and "expiresAt" > clock_timestamp() + $2::float8 * interval '1 millisecond'
      order by "updatedAt" desc, id limit 200`,
    [person.userId, person.skewMs],
  );
  return rows.map(({ id, made, used, agent }) => ({
    id,
    createdAt: made.toISOString(),
    lastUsedAt: used.toISOString(),
    userAgent: agent,
    isCurrent: id === person.sessionId,
  }));
}

/** Ends these sessions of a person, or all where `sessionId` is null. @returns those that there were */
export async function deleteSessions(sql: Sql, userId: string, sessionId: string | null): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    'delete from identity.session where "userId" = $1 and ($2::uuid is null or id = $2::uuid) returning id',
    [userId, sessionId],
  );
  return rows.map(({ id }) => id);
}

/** Whether somebody is blocked, or a tombstone. */
export async function isBlocked(sql: Sql, userId: string, skewMs: number): Promise<boolean> {
  const rows = await sql.query(
    `select 1 as found from auth.users
      where id = $1 and (deleted_at is not null
        or banned_until > clock_timestamp() + $2::float8 * interval '1 millisecond')`,
    [userId, skewMs],
  );
  return rows.length > 0;
}

/** What a password must not be made of. */
export async function findAccount(sql: Sql, userId: string): Promise<{ email: string; displayName: string }> {
  const [row] = await sql.query<{ email: string; name: string }>(
    `select u.email, p.display_name as name from identity."user" u join public.profiles p on p.id = u.id where u.id = $1`,
    [userId],
  );
  return { email: row?.email ?? '', displayName: row?.name ?? '' };
}
