import type { Sql } from '../ports/database.ts';

type Role = 'owner' | 'member';

export interface DepartureRoles {
  /** Null for somebody who is not in the team. */
  readonly actor: Role | null;
  readonly leaver: Role | null;
  readonly owners: number;
}

/**
 * Roles of who acts and of who shall go. All owners' rows are held until the transaction ends: two owners who leave at the
 * same moment see each other.
 */
export async function lockRoles(sql: Sql, teamId: string, actorId: string, leaverId: string): Promise<DepartureRoles> {
  const rows = await sql.query<{ user_id: string; role: Role }>(
    `select user_id, role from public.team_members
      where team_id = $1 and (role = 'owner' or user_id in ($2, $3))
      order by user_id for update`,
    [teamId, actorId, leaverId],
  );
  const roleOf = (userId: string) => rows.find((row) => row.user_id === userId)?.role ?? null;
  return { actor: roleOf(actorId), leaver: roleOf(leaverId), owners: rows.filter((r) => r.role === 'owner').length };
}

/** Ends the membership, and the links into the team that the person has made. */
export async function endMembership(sql: Sql, teamId: string, userId: string, skewMs: number): Promise<void> {
  await sql.query('delete from public.team_members where team_id = $1 and user_id = $2', [teamId, userId]);
  await sql.query(
    `update public.team_invitations
        set revoked_at = clock_timestamp() + $3::float8 * interval '1 millisecond'
      where team_id = $1 and created_by = $2 and revoked_at is null`,
    [teamId, userId, skewMs],
  );
}

/** Remembers that an owner sent somebody away: older links do not let them in again. */
export async function noteRemoval(
  sql: Sql,
  removal: { readonly teamId: string; readonly userId: string; readonly byId: string; readonly skewMs: number },
): Promise<void> {
  await sql.query(
    `insert into public.team_removals (team_id, user_id, removed_by, removed_at)
     values ($1, $2, $3, date_trunc('milliseconds', clock_timestamp() + $4::float8 * interval '1 millisecond'))
     on conflict (team_id, user_id) do update set removed_by = excluded.removed_by, removed_at = excluded.removed_at`,
    [removal.teamId, removal.userId, removal.byId, removal.skewMs],
  );
}
