import type { CallLinkPreview } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

export interface FoundLink {
  readonly id: string;
  readonly teamId: string;
  readonly channelId: string | null;
  readonly callType: 'group_audio' | 'group_video';
  readonly createdBy: string | null;
  /** `ended`: the one call that it was made for is over. */
  readonly state: 'open' | 'expired' | 'revoked' | 'ended';
  readonly expiresAt: Date;
  /** The call that it leads to, while that lives. */
  readonly liveCallId: string | null;
}

interface LinkRow {
  id: string;
  team_id: string;
  channel_id: string | null;
  call_type: 'group_audio' | 'group_video';
  created_by: string | null;
  state: FoundLink['state'];
  expires_at: Date;
  live_call_id: string | null;
}

const LIVE = "('ringing', 'connecting', 'connected')";

interface LinkKey {
  readonly tokenHash: string;
  /** For those inside. */
  readonly id: string | null;
  readonly skewMs: number;
}

const FIND = `
  select f.*,
         case when f.revoked_at is not null then 'revoked'
              when f.expires_at <= parley.clock($3) then 'expired'
              when f.of_one_call and f.live_call_id is null then 'ended'
              else 'open' end as state
    from (
      select l.id, l.team_id, l.channel_id, l.call_type, l.created_by, l.expires_at, l.revoked_at, l.of_one_call,
             case when l.channel_id is null
               then (select s.id from public.call_sessions s where s.id = l.call_session_id and s.status in ${LIVE})
               else (select s.id from public.call_sessions s
                      where s.channel_id = l.channel_id and s.pair_low is null and s.status in ${LIVE}
                      order by s.created_at desc limit 1)
             end as live_call_id
        from public.call_links l where l.token_hash = $1 or l.id = $2::uuid
    ) f`;

/** By its token's hash, or by its id. Asked as the server. */
export async function findLink(sql: Sql, by: LinkKey): Promise<FoundLink | null> {
  const [row] = await sql.query<LinkRow>(FIND, [by.tokenHash, by.id, by.skewMs]);
  if (row === undefined) return null;
  return {
    id: row.id,
    teamId: row.team_id,
    channelId: row.channel_id,
    callType: row.call_type,
    createdBy: row.created_by,
    state: row.state,
    expiresAt: row.expires_at,
    liveCallId: row.live_call_id,
  };
}

/** Holds it until the transaction ends, and only then looks: what whoever held it before has done is seen. */
export async function lockLink(sql: Sql, by: LinkKey): Promise<FoundLink | null> {
  await sql.query('select 1 as held from public.call_links where token_hash = $1 or id = $2::uuid for update', [
    by.tokenHash,
    by.id,
  ]);
  return findLink(sql, by);
}

export async function insertLink(
  sql: Sql,
  link: {
    readonly tokenHash: string;
    readonly teamId: string;
    readonly channelId: string | null;
    readonly callType: string;
    readonly createdBy: string;
    readonly callId: string | null;
    readonly lifeMs: number;
    readonly skewMs: number;
  },
): Promise<{ id: string; expiresAt: Date }> {
  const [row] = await sql.query<{ id: string; expires_at: Date }>(
    `insert into public.call_links (token_hash, team_id, channel_id, call_type, created_by, call_session_id, of_one_call, created_at, expires_at)
     select $1, $2, $3, $4::public.call_type, $5, $6::uuid, $6::uuid is not null, n.now, n.now + $7::float8 * interval '1 millisecond'
       from (select parley.clock($8) as now) n
     returning id, expires_at`,
    [link.tokenHash, link.teamId, link.channelId, link.callType, link.createdBy, link.callId, link.lifeMs, link.skewMs],
  );
  if (row === undefined) throw new Error('An insert gave no row.');
  return { id: row.id, expiresAt: row.expires_at };
}

/** What whoever holds a link may know. */
export async function previewOf(sql: Sql, link: FoundLink, userId: string | null): Promise<CallLinkPreview> {
  const [row] = await sql.query<{ team: string; maker: string | null; seats: number; is_member: boolean }>(
    `select coalesce((select t.name from parley.team_names t where t.id = $1), '') as team,
            (select n.display_name from parley.people n where n.id = $2) as maker,
            (select count(*)::int from public.call_participants p
              where p.call_session_id = $3 and p.state in ('connecting', 'joined')) as seats,
            exists (select from public.team_members m where m.team_id = $1 and m.user_id = $4) as is_member`,
    [link.teamId, link.createdBy, link.liveCallId, userId],
  );
  return {
    id: link.id,
    teamName: row?.team ?? '',
    madeBy: row?.maker ?? '',
    callType: link.callType,
    isLive: link.liveCallId !== null,
    count: row?.seats ?? 0,
    isMember: row?.is_member ?? false,
    expiresAt: link.expiresAt.toISOString(),
  };
}

/** @returns whether there is such a link, made by the person or into a team that they own */
export async function revokeLink(
  sql: Sql,
  by: { readonly id: string | null; readonly tokenHash: string; readonly userId: string; readonly skewMs: number },
): Promise<boolean> {
  const rows = await sql.query(
    `update public.call_links l set revoked_at = coalesce(l.revoked_at, parley.clock($4))
       from public.team_members m
      where (l.id = $1::uuid or l.token_hash = $2) and m.team_id = l.team_id and m.user_id = $3
        and (l.created_by = $3 or m.role = 'owner')
      returning 1 as revoked`,
    [by.id, by.tokenHash, by.userId, by.skewMs],
  );
  return rows.length > 0;
}

/** From now on it leads to this call. Whoever says so holds the link. */
export async function leadTo(sql: Sql, linkId: string, callId: string): Promise<void> {
  await sql.query('update public.call_links set call_session_id = $2 where id = $1', [linkId, callId]);
}
