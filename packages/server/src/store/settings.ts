import type { ChangeSettings, Member, PersonSettings } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';
import { type MemberRow, toMember } from './people.ts';

type Kept = Omit<PersonSettings, 'relayAvailable'>;

/** What a person has chosen; undefined for somebody who is not there any more. Asked as the server. */
export async function findSettings(sql: Sql, userId: string): Promise<Kept | undefined> {
  const [row] = await sql.query<MemberRow & { email: string | null; hide_address: Kept['hideAddress'] | null }>(
    `select p.id, p.display_name, p.picture_hash, q.do_not_disturb_until as quiet_until, q.hide_address, u.email
       from public.profiles p
       join auth.users u on u.id = p.id and u.deleted_at is null
       left join public.call_preferences q on q.user_id = p.id
      where p.id = $1`,
    [userId],
  );
  if (row === undefined) return undefined;
  return { ...toMember(row), email: row.email, hideAddress: row.hide_address ?? 'never' };
}

/** Writes what is named and leaves the rest as it is. */
export async function saveSettings(sql: Sql, userId: string, change: ChangeSettings): Promise<void> {
  const { displayName, doNotDisturbUntil, hideAddress } = change;
  if (displayName !== undefined) {
    await sql.query('update public.profiles set display_name = $2, updated_at = clock_timestamp() where id = $1', [
      userId,
      displayName,
    ]);
  }
  if (doNotDisturbUntil === undefined && hideAddress === undefined) return;
  await sql.query(
    `insert into public.call_preferences as q (user_id, do_not_disturb_until, hide_address)
     values ($1, $3::timestamptz, coalesce($4, 'never'))
     on conflict (user_id) do update set
       do_not_disturb_until = case when $2 then excluded.do_not_disturb_until else q.do_not_disturb_until end,
       hide_address = coalesce($4, q.hide_address),
       updated_at = clock_timestamp()`,
    [userId, doNotDisturbUntil !== undefined, doNotDisturbUntil ?? null, hideAddress ?? null],
  );
}

/** Somebody as their teams see them, and which teams these are. Asked as the server. */
export async function findMemberships(
  sql: Sql,
  userId: string,
): Promise<{ readonly person: Member; readonly teamIds: readonly string[] } | undefined> {
  const found = await findSettings(sql, userId);
  if (found === undefined) return undefined;
  const { email: _, hideAddress: __, ...person } = found;
  const rows = await sql.query<{ team_id: string }>('select team_id from public.team_members where user_id = $1', [
    userId,
  ]);
  return { person, teamIds: rows.map(({ team_id }) => team_id) };
}

/** Somebody who may call, by the database's clock; undefined for whoever is in no team. Asked as the server. */
export async function findCaller(
  sql: Sql,
  userId: string,
  skewMs: number,
): Promise<{ readonly now: number; readonly hideAddress: Kept['hideAddress'] } | undefined> {
  const [row] = await sql.query<{ now: number; hide_address: Kept['hideAddress'] | null }>(
    `select parley.ms(parley.clock($2)) as now, q.hide_address
       from auth.users u
       left join public.call_preferences q on q.user_id = u.id
      where u.id = $1 and u.deleted_at is null
        and exists (select 1 from public.team_members m where m.user_id = u.id)`,
    [userId, skewMs],
  );
  return row && { now: row.now, hideAddress: row.hide_address ?? 'never' };
}
