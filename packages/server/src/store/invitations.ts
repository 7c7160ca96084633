import type { Sql } from '../ports/database.ts';

/** Keeps the hash of a link. @returns when it expires */
export async function insertInvitation(
  sql: Sql,
  invitation: { teamId: string; creatorId: string; tokenHash: string; lifeMs: number; skewMs: number },
): Promise<Date> {
  const [row] = await sql.query<{ expires_at: Date }>(
    `insert into public.team_invitations (team_id, created_by, token_hash, created_at, expires_at)
     select $1, $2, $3, n.now, n.now + $4::float8 * interval '1 millisecond'
       from (select date_trunc('milliseconds', clock_timestamp() + $5::float8 * interval '1 millisecond') as now) n
     returning expires_at`,
    [invitation.teamId, invitation.creatorId, invitation.tokenHash, invitation.lifeMs, invitation.skewMs],
  );
  if (row === undefined) throw new Error('An insert gave no row.');
  return row.expires_at;
}

/** The team that a link leads to, and whether it still does; undefined for a link that never was. */
export async function findInvitation(
  sql: Sql,
  tokenHash: string,
  skewMs: number,
): Promise<{ teamId: string; valid: boolean } | undefined> {
  const [row] = await sql.query<{ team_id: string; valid: boolean }>(
    `select team_id,
            revoked_at is null and expires_at > clock_timestamp() + $2::float8 * interval '1 millisecond' as valid
       from public.team_invitations where token_hash = $1 for share`,
    [tokenHash, skewMs],
  );
  return row === undefined ? undefined : { teamId: row.team_id, valid: row.valid };
}
