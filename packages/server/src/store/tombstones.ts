import type { Sql } from '../ports/database.ts';

/** Holds a person's row until the transaction ends: nobody deletes them twice at once. */
export async function lockPerson(sql: Sql, userId: string): Promise<void> {
  await sql.query('select 1 as locked from auth.users where id = $1 for update', [userId]);
}

/** A team whose only owner goes falls to whoever of the others has been in it longest. */
export async function passOnOwnership(sql: Sql, teamId: string, leaverId: string): Promise<void> {
  await sql.query('select user_id from public.team_members where team_id = $1 order by user_id for update', [teamId]);
  await sql.query(
    `update public.team_members heir set role = 'owner'
      where heir.team_id = $1
        and not exists (
          select from public.team_members o where o.team_id = $1 and o.role = 'owner' and o.user_id <> $2
        )
        and heir.user_id = (
          select m.user_id from public.team_members m
           where m.team_id = $1 and m.user_id <> $2 order by m.joined_at, m.user_id limit 1
        )`,
    [teamId, leaverId],
  );
}

/**
 * Makes a tombstone of a person who is in no team and no live call any more: the row stays for the history of others, and
 * everything that says who it was goes.
 */
export async function entomb(
  sql: Sql,
  person: { readonly userId: string; readonly name: string; readonly skewMs: number },
): Promise<void> {
  const { userId, name, skewMs } = person;
  const own = [
    'public.call_notifications where user_id = $1',
    'public.idempotency_keys where user_id = $1',
    // What their devices measured says how and where they were connected; the calls keep their own figures.
    'public.call_metrics where user_id = $1',
    'public.devices where user_id = $1',
    'public.call_preferences where user_id = $1',
    // With it go its sessions, their refresh tokens, and the password.
    'identity."user" where id = $1',
  ];
  for (const rows of own) await sql.query(`delete from ${rows}`, [userId]);
  await sql.query(
    `update auth.users
        set email = null, deleted_at = date_trunc('milliseconds', clock_timestamp() + $2::float8 * interval '1 millisecond')
      where id = $1`,
    [userId, skewMs],
  );
  await sql.query(
    `update public.profiles
        set display_name = $2, picture = null, picture_type = null, picture_hash = null, updated_at = clock_timestamp()
      where id = $1`,
    [userId, name],
  );
}
