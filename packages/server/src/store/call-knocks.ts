import type { Knock } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

export interface FoundKnock {
  readonly id: string;
  readonly userId: string;
  readonly displayName: string;
  /** `gone`: whoever waited has left, or was not heard of any more. */
  readonly status: 'waiting' | 'gone' | 'admitted' | 'denied';
  readonly callId: string | null;
}

interface KnockRow {
  id: string;
  user_id: string;
  display_name: string;
  status: FoundKnock['status'];
  call_session_id: string | null;
}

const toKnock = (row: KnockRow): FoundKnock => ({
  id: row.id,
  userId: row.user_id,
  displayName: row.display_name,
  status: row.status,
  callId: row.call_session_id,
});

/** The newest knock of this person at this link that has not grown old. */
export async function findKnockOf(
  sql: Sql,
  linkId: string,
  userId: string,
  skewMs: number,
): Promise<FoundKnock | null> {
  const [row] = await sql.query<KnockRow>(
    `select id, user_id, display_name, case when status = 'waiting' and waits_until <= parley.clock($3) then 'gone' else status end as status,
            call_session_id
       from public.call_knocks
      where link_id = $1 and user_id = $2 and expires_at > parley.clock($3) order by created_at desc limit 1`,
    [linkId, userId, skewMs],
  );
  return row === undefined ? null : toKnock(row);
}

/** How many wait at a link. */
export async function countWaiting(sql: Sql, linkId: string, skewMs: number): Promise<number> {
  const [row] = await sql.query<{ waiting: number }>(
    `select count(*)::int as waiting from public.call_knocks
      where link_id = $1 and status = 'waiting' and waits_until > parley.clock($2)`,
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
    /** How long whoever knocks is somebody. */
    readonly lifeMs: number;
    /** How long they are taken to wait. */
    readonly waitMs: number;
    readonly skewMs: number;
  },
): Promise<{ id: string; expiresAt: Date }> {
  const [row] = await sql.query<{ id: string; expires_at: Date }>(
    `insert into public.call_knocks (link_id, user_id, display_name, created_at, expires_at, waits_until)
     select $1, $2, $3, n.now, n.now + $4::float8 * interval '1 millisecond', n.now + $5::float8 * interval '1 millisecond'
       from (select parley.clock($6) as now) n
     returning id, expires_at`,
    [knock.linkId, knock.userId, knock.displayName, knock.lifeMs, knock.waitMs, knock.skewMs],
  );
  if (row === undefined) throw new Error('An insert gave no row.');
  return { id: row.id, expiresAt: row.expires_at };
}

/** Whoever knocked is still there, or there again; unless somebody has decided meanwhile. */
export async function renewKnock(sql: Sql, knockId: string, waitMs: number, skewMs: number): Promise<void> {
  await sql.query(
    `update public.call_knocks
        set status = 'waiting', waits_until = parley.clock($3) + $2::float8 * interval '1 millisecond'
      where id = $1 and status in ('waiting', 'gone')`,
    [knockId, waitMs, skewMs],
  );
}

/** @returns whether somebody waited */
export async function withdrawKnocks(sql: Sql, linkId: string, userId: string): Promise<boolean> {
  const rows = await sql.query(
    `update public.call_knocks set status = 'gone' where link_id = $1 and user_id = $2 and status = 'waiting' returning 1 as gone`,
    [linkId, userId],
  );
  return rows.length > 0;
}

/**
 * Those of whom nothing was heard any more wait no longer.
 * @returns live calls before which they waited
 */
export async function lapseKnocks(sql: Sql, limit: number, skewMs: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `with gone as (
       update public.call_knocks set status = 'gone' where id in (
         select id from public.call_knocks where status = 'waiting' and waits_until <= parley.clock($2)
         order by waits_until limit $1 for update skip locked
       ) returning link_id
     )
     select distinct s.id from gone
       join public.call_links l on l.id = gone.link_id
       join public.call_sessions s on s.status in ('ringing', 'connecting', 'connected') and s.pair_low is null
        and ((l.channel_id is null and s.id = l.call_session_id) or s.channel_id = l.channel_id)`,
    [limit, skewMs],
  );
  return rows.map(({ id }) => id);
}

/** Holds a knock at a link until the transaction ends. */
export async function lockKnock(sql: Sql, linkId: string, knockId: string, skewMs: number): Promise<FoundKnock | null> {
  const [row] = await sql.query<KnockRow>(
    `select id, user_id, display_name, case when status = 'waiting' and waits_until <= parley.clock($3) then 'gone' else status end as status,
            call_session_id
       from public.call_knocks where id = $1 and link_id = $2 for update`,
    [knockId, linkId, skewMs],
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

/** Who waits before a call, by whatever link that still leads there, the first one first. Asked as the server. */
export async function findKnocks(sql: Sql, callId: string, skewMs: number): Promise<Knock[]> {
  const rows = await sql.query<{ id: string; link_id: string; display_name: string; created_at: Date }>(
    `with c as materialized (select parley.clock($2) as now)
     select k.id, k.link_id, k.display_name, k.created_at
       from c cross join public.call_sessions s
       join public.call_links l
         on (l.channel_id is null and l.call_session_id = s.id) or l.channel_id = s.channel_id
       join public.call_knocks k on k.link_id = l.id
      where s.id = $1 and s.pair_low is null and k.status = 'waiting' and k.waits_until > c.now
        and l.revoked_at is null and l.expires_at > c.now
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
