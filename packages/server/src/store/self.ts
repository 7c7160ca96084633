import type { User } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

interface SelfRow {
  display_name: string | null;
  team_ids: string[];
  quiet_until: Date | null;
}

/** A person's own name, teams and do-not-disturb, as a socket begins with them. Asked as the server. */
export async function findSelf(
  sql: Sql,
  userId: string,
): Promise<{ user: User; teamIds: string[]; doNotDisturbUntil: string | null }> {
  const [row] = await sql.query<SelfRow>(
    `select (select n.display_name from parley.people n where n.id = $1) as display_name,
       array(select m.team_id::text from public.team_members m where m.user_id = $1 order by m.team_id) as team_ids,
       (select q.do_not_disturb_until from public.call_preferences q where q.user_id = $1) as quiet_until`,
    [userId],
  );
  return {
    user: { id: userId, displayName: row?.display_name ?? '' },
    teamIds: row?.team_ids ?? [],
    doNotDisturbUntil: row?.quiet_until?.toISOString() ?? null,
  };
}

/** Whether whoever asks is in this team. */
export async function isMember(sql: Sql, userId: string, teamId: string): Promise<boolean> {
  const rows = await sql.query('select from public.team_members where team_id = $1 and user_id = $2', [teamId, userId]);
  return rows.length > 0;
}
