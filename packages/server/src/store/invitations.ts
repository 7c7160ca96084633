import type { InvitationInfo } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

/** Keeps the hash of a link. */
export async function insertInvitation(
  sql: Sql,
  invitation: {
    teamId: string;
    creatorId: string;
    tokenHash: string;
    lifeMs: number;
    maxUses: number | null;
    skewMs: number;
  },
): Promise<{ id: string; expiresAt: Date }> {
  const [row] = await sql.query<{ id: string; expires_at: Date }>(
    `insert into public.team_invitations (team_id, created_by, token_hash, created_at, expires_at, max_uses)
     select $1, $2, $3, n.now, n.now + $4::float8 * interval '1 millisecond', $6::int
       from (select date_trunc('milliseconds', clock_timestamp() + $5::float8 * interval '1 millisecond') as now) n
     returning id, expires_at`,
    [
      invitation.teamId,
      invitation.creatorId,
      invitation.tokenHash,
      invitation.lifeMs,
      invitation.skewMs,
      invitation.maxUses,
    ],
  );
  if (row === undefined) throw new Error('An insert gave no row.');
  return { id: row.id, expiresAt: row.expires_at };
}

/**
 * The team that a link leads to, and whether it still leads this person there; undefined for a link that never was. Somebody
 * whom an owner has removed needs a newer one. Held until the transaction ends: two who come in at once are counted as two.
 */
export async function findInvitation(
  sql: Sql,
  tokenHash: string,
  userId: string,
  skewMs: number,
): Promise<{ id: string; teamId: string; valid: boolean; full: boolean } | undefined> {
  const [row] = await sql.query<{ id: string; team_id: string; valid: boolean; full: boolean }>(
    `select i.id, i.team_id, i.max_uses is not null and i.uses >= i.max_uses as full,
            i.revoked_at is null and i.expires_at > clock_timestamp() + $3::float8 * interval '1 millisecond'
              and not exists (
                select from public.team_removals r
                where r.team_id = i.team_id and r.user_id = $2 and r.removed_at >= i.created_at
              ) as valid
       from public.team_invitations i where i.token_hash = $1 for update of i`,
    [tokenHash, userId, skewMs],
  );
  if (row === undefined) return undefined;
  return { id: row.id, teamId: row.team_id, valid: row.valid, full: row.full };
}

export async function countUse(sql: Sql, invitationId: string): Promise<void> {
  await sql.query('update public.team_invitations set uses = uses + 1 where id = $1', [invitationId]);
}

/**
 * Ends a link that the person made, or any into a team that they own; they must be in the team. Once more does nothing.
 * @returns whether there is such a link
 */
export async function revokeInvitation(
  sql: Sql,
  link: { readonly id: string | null; readonly tokenHash: string; readonly userId: string; readonly skewMs: number },
): Promise<boolean> {
  const rows = await sql.query(
    `update public.team_invitations i
        set revoked_at = coalesce(i.revoked_at, clock_timestamp() + $4::float8 * interval '1 millisecond')
       from public.team_members m
      where (i.id = $1::uuid or i.token_hash = $2) and m.team_id = i.team_id and m.user_id = $3
        and (i.created_by = $3 or m.role = 'owner')
      returning 1 as revoked`,
    [link.id, link.tokenHash, link.userId, link.skewMs],
  );
  return rows.length > 0;
}

const IS_OPEN = `i.revoked_at is null and (i.max_uses is null or i.uses < i.max_uses)
  and i.expires_at > clock_timestamp()`;

/** Links into a team that this member of it may revoke and that let people in, newest first. */
export async function findLinks(
  sql: Sql,
  of: { readonly teamId: string; readonly userId: string; readonly skewMs: number },
): Promise<InvitationInfo[]> {
  const rows = await sql.query<{
    id: string;
    made: Date;
    expires: Date;
    max_uses: number | null;
    uses: number;
    maker: string | null;
    maker_name: string | null;
  }>(
    `select i.id, i.created_at as made, i.expires_at as expires, i.max_uses, i.uses,
            i.created_by as maker, p.display_name as maker_name
       from public.team_invitations i
       join public.team_members m on m.team_id = i.team_id and m.user_id = $2
       left join public.profiles p on p.id = i.created_by
      where i.team_id = $1 and (i.created_by = $2 or m.role = 'owner')
        and ${IS_OPEN} + $3::float8 * interval '1 millisecond'
      order by i.created_at desc, i.id limit 100`,
    [of.teamId, of.userId, of.skewMs],
  );
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.made.toISOString(),
    expiresAt: row.expires.toISOString(),
    maxUses: row.max_uses,
    uses: row.uses,
    createdBy: row.maker === null ? null : { id: row.maker, displayName: row.maker_name ?? '' },
  }));
}

/** Where a link leads, whose it is, and whether it lets anybody in; undefined for one that never was. Asked as the server. */
export async function findTeamOfLink(
  sql: Sql,
  tokenHash: string,
  skewMs: number,
): Promise<{ teamName: string; madeBy: string | null; open: boolean } | undefined> {
  const [row] = await sql.query<{ name: string; maker: string | null; open: boolean }>(
    `select t.name, p.display_name as maker, ${IS_OPEN} + $2::float8 * interval '1 millisecond' as open
       from public.team_invitations i join public.teams t on t.id = i.team_id
       left join public.profiles p on p.id = i.created_by where i.token_hash = $1`,
    [tokenHash, skewMs],
  );
  return row === undefined ? undefined : { teamName: row.name, madeBy: row.maker, open: row.open };
}
