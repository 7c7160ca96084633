import type { Member, Team } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';
import { type MemberRow, toMember } from './people.ts';

interface TeamRow {
  id: string;
  name: string;
  role: 'owner' | 'member';
}

/** Teams of this person, by name; the one of `teamId` alone where it is given. */
export function findTeams(sql: Sql, userId: string, teamId: string | null = null): Promise<Team[]> {
  return sql.query<TeamRow>(
    `select t.id, t.name, m.role
       from public.teams t
       join public.team_members m on m.team_id = t.id and m.user_id = $1
      where $2::uuid is null or t.id = $2::uuid
      order by lower(t.name), t.id`,
    [userId, teamId],
  );
}

/** People of a team by name, from after `after` on; asked in the name of somebody of the team. */
export async function findMembers(
  sql: Sql,
  teamId: string,
  after: { readonly name: string; readonly id: string } | null,
  limit: number,
): Promise<Member[]> {
  const rows = await sql.query<MemberRow>(
    `select p.id, p.display_name, p.picture_hash, q.until as quiet_until
       from public.team_members m
       join public.profiles p on p.id = m.user_id
       left join parley.quiet_in_team($1) q on q.user_id = m.user_id
      where m.team_id = $1
        and ($2::text is null or (p.display_name, p.id) > ($2::text, $3::uuid))
      order by p.display_name, p.id
      limit $4`,
    [teamId, after?.name ?? null, after?.id ?? null, limit],
  );
  return rows.map(toMember);
}

/** Whether the person is in the team; the row stays as it is until the transaction ends. */
export async function lockMembership(sql: Sql, teamId: string, userId: string): Promise<boolean> {
  const rows = await sql.query(
    'select 1 as found from public.team_members where team_id = $1 and user_id = $2 for share',
    [teamId, userId],
  );
  return rows.length > 0;
}

export async function insertTeam(sql: Sql, name: string, ownerId: string): Promise<Team> {
  const [team] = await sql.query<{ id: string; name: string }>(
    'insert into public.teams (name, created_by) values ($1, $2) returning id, name',
    [name, ownerId],
  );
  if (team === undefined) throw new Error('An insert gave no row.');
  await insertMember(sql, team.id, ownerId, 'owner');
  return { id: team.id, name: team.name, role: 'owner' };
}

/** Returns false for somebody who is in the team already; their role stays. */
export async function insertMember(
  sql: Sql,
  teamId: string,
  userId: string,
  role: 'owner' | 'member',
): Promise<boolean> {
  const rows = await sql.query(
    `insert into public.team_members (team_id, user_id, role) values ($1, $2, $3)
     on conflict (team_id, user_id) do nothing returning user_id`,
    [teamId, userId, role],
  );
  return rows.length > 0;
}

/**
 * How many of these people are in the team, and see the channel where one is named. Whoever is removed at this moment is removed
 * before, and is not counted, or after, and then the removal finds the call.
 */
export async function keepMembers(
  sql: Sql,
  teamId: string,
  channelId: string | null,
  userIds: readonly string[],
): Promise<number> {
  const rows = await sql.query(
    `select m.user_id from public.team_members m
      where m.team_id = $1 and m.user_id = any ($3::uuid[]) and ($2::uuid is null or exists (
        select from parley.channel_access a where a.channel_id = $2 and a.team_id = $1 and a.user_id = m.user_id
      ))
      order by m.user_id for key share of m`,
    [teamId, channelId, [...userIds]],
  );
  return rows.length;
}
