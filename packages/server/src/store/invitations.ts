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

/**
 * The team that a link leads to, and whether it still leads this person there; undefined for a link that never was. Somebody
 * whom an owner has removed needs a newer one.
 */
export async function findInvitation(
  sql: Sql,
  tokenHash: string,
  userId: string,
  skewMs: number,
): Promise<{ teamId: string; valid: boolean } | undefined> {
  const [row] = await sql.query<{ team_id: string; valid: boolean }>(
    `select i.team_id,
            i.revoked_at is null and i.expires_at > clock_timestamp() + $3::float8 * interval '1 millisecond'
              and not exists (
                select from public.team_removals r
                where r.team_id = i.team_id and r.user_id = $2 and r.removed_at >= i.created_at
              ) as valid
       from public.team_invitations i where i.token_hash = $1 for share of i`,
    [tokenHash, userId, skewMs],
  );
  return row === undefined ? undefined : { teamId: row.team_id, valid: row.valid };
}
