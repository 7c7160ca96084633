import type { Sql } from '../ports/database.ts';

/** Whether whoever asks is in this team. */
export async function isMember(sql: Sql, userId: string, teamId: string): Promise<boolean> {
  const rows = await sql.query('select from public.team_members where team_id = $1 and user_id = $2', [teamId, userId]);
  return rows.length > 0;
}
