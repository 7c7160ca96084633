import type { CallLinkPreview, Knock } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

export interface FoundLink {
  readonly id: string;
  readonly teamId: string;
  readonly channelId: string | null;
  readonly callType: 'group_audio' | 'group_video';
  readonly createdBy: string | null;
  readonly isOpen: boolean;
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
  is_open: boolean;
  expires_at: Date;
  live_call_id: string | null;
}

const LIVE = "('ringing', 'connecting', 'connected')";

/** By its token's hash, or for those inside by its id. Held until the transaction ends. Asked as the server. */
export async function lockLink(
  sql: Sql,
  by: { readonly tokenHash: string; readonly id: string | null; readonly skewMs: number },
): Promise<FoundLink | null> {
  const [row] = await sql.query<LinkRow>(
    `select l.id, l.team_id, l.channel_id, l.call_type, l.created_by, l.expires_at,
            l.revoked_at is null and l.expires_at > parley.clock($3) as is_open,
            case when l.channel_id is null
              then (select s.id from public.call_sessions s where s.id = l.call_session_id and s.status in ${LIVE})
              else (select s.id from public.call_sessions s
                     where s.channel_id = l.channel_id and s.pair_low is null and s.status in ${LIVE}
                     order by s.created_at desc limit 1)
            end as live_call_id
       from public.call_links l where l.token_hash = $1 or l.id = $2::uuid for update of l`,
    [by.tokenHash, by.id, by.skewMs],
  );
  if (row === undefined) return null;
  return {
    id: row.id,
    teamId: row.team_id,
    channelId: row.channel_id,
    callType: row.call_type,
    createdBy: row.created_by,
    isOpen: row.is_open,
    expiresAt: row.expires_at,
    liveCallId: row.live_call_id,
  };
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
    `insert into public.call_links (token_hash, team_id, channel_id, call_type, created_by, call_session_id, created_at, expires_at)
     select $1, $2, $3, $4::public.call_type, $5, $6, n.now, n.now + $7::float8 * interval '1 millisecond'
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

export async function leadTo(sql: Sql, linkId: string, callId: string): Promise<void> {
  await sql.query('update public.call_links set call_session_id = $2 where id = $1', [linkId, callId]);
}

export interface FoundKnock {
  readonly id: string;
  readonly userId: string;
  readonly displayName: string;
  readonly status: 'waiting' | 'admitted' | 'denied';
  readonly callId: string | null;
}

interface KnockRow {
  id: string;
  user_id: string;
  display_name: string;
  status: 'waiting' | 'admitted' | 'denied';
  call_session_id: string | null;
}

const toKnock = (row: KnockRow): FoundKnock => ({
  id: row.id,
  userId: row.user_id,
  displayName: row.display_name,
  status: row.status,
  callId: row.call_session_id,
});

/** Somebody of no account. Null where the host takes no guests. */
export async function makeGuest(sql: Sql, displayName: string): Promise<string | null> {
  const [row] = await sql.query<{ id: string | null }>('select parley.make_guest($1) as id', [displayName]);
  return row?.id ?? null;
}

/** The newest knock of this person at this link that has not grown old. */
export async function findKnockOf(
  sql: Sql,
  linkId: string,
  userId: string,
  skewMs: number,
): Promise<FoundKnock | null> {
  const [row] = await sql.query<KnockRow>(
    `select id, user_id, display_name, status, call_session_id from public.call_knocks
      where link_id = $1 and user_id = $2 and expires_at > parley.clock($3) order by created_at desc limit 1`,
    [linkId, userId, skewMs],
  );
  return row === undefined ? null : toKnock(row);
}

/** How many wait at a link. */
export async function countWaiting(sql: Sql, linkId: string, skewMs: number): Promise<number> {
  const [row] = await sql.query<{ waiting: number }>(
    `select count(*)::int as waiting from public.call_knocks
      where link_id = $1 and status = 'waiting' and expires_at > parley.clock($2)`,
    [linkId, skewMs],
  );
  return row?.waiting ?? 0;
}

export async function insertKnock(
  sql: Sql,
  knock: {
    readonly linkId: string;
    readonly userId: string;
    readonly displayName: string;
    readonly lifeMs: number;
    readonly skewMs: number;
  },
): Promise<{ id: string; expiresAt: Date }> {
  const [row] = await sql.query<{ id: string; expires_at: Date }>(
    `insert into public.call_knocks (link_id, user_id, display_name, created_at, expires_at)
     select $1, $2, $3, n.now, n.now + $4::float8 * interval '1 millisecond' from (select parley.clock($5) as now) n
     returning id, expires_at`,
    [knock.linkId, knock.userId, knock.displayName, knock.lifeMs, knock.skewMs],
  );
  if (row === undefined) throw new Error('An insert gave no row.');
  return { id: row.id, expiresAt: row.expires_at };
}

/** Holds a knock at a link until the transaction ends. */
export async function lockKnock(sql: Sql, linkId: string, knockId: string): Promise<FoundKnock | null> {
  const [row] = await sql.query<KnockRow>(
    `select id, user_id, display_name, status, call_session_id from public.call_knocks
      where id = $1 and link_id = $2 for update`,
    [knockId, linkId],
  );
  return row === undefined ? null : toKnock(row);
}

export async function decideKnock(
  sql: Sql,
  decided: {
    readonly knockId: string;
    readonly status: 'admitted' | 'denied';
    readonly byId: string;
    readonly callId: string;
  },
): Promise<void> {
  await sql.query('update public.call_knocks set status = $2, decided_by = $3, call_session_id = $4 where id = $1', [
    decided.knockId,
    decided.status,
    decided.byId,
    decided.callId,
  ]);
}

/** Who waits before a call, by whatever link, the first one first. Asked as the server. */
export async function findKnocks(sql: Sql, callId: string, skewMs: number): Promise<Knock[]> {
  const rows = await sql.query<{ id: string; link_id: string; display_name: string; created_at: Date }>(
    `select k.id, k.link_id, k.display_name, k.created_at
       from public.call_sessions s
       join public.call_links l on l.call_session_id = s.id or l.channel_id = s.channel_id
       join public.call_knocks k on k.link_id = l.id
      where s.id = $1 and k.status = 'waiting' and k.expires_at > parley.clock($2)
        and l.revoked_at is null
      order by k.created_at, k.id limit 100`,
    [callId, skewMs],
  );
  return rows.map((row) => ({
    id: row.id,
    linkId: row.link_id,
    displayName: row.display_name,
    at: row.created_at.toISOString(),
  }));
}

export async function tidyGuests(sql: Sql, limit: number, skewMs: number): Promise<number> {
  const [row] = await sql.query<{ gone: number }>('select parley.tidy_guests($1, $2) as gone', [limit, skewMs]);
  return row?.gone ?? 0;
}
