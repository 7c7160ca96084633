import type { Sql } from '../ports/database.ts';

const IS_DUE = `s.status in ('ringing', 'connecting', 'connected') and (
    coalesce(s.ring_expires_at, s.connect_expires_at) <= c.now
    or exists (
      select from public.call_participants r
      where r.call_session_id = s.id and r.state = 'ringing' and r.ring_expires_at <= c.now
    )
    or exists (
      select from public.call_participants p
      join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
      where p.call_session_id = s.id and p.state in ('connecting', 'joined') and i.lease_expires_at <= c.now
    )
  )`;

/** Those of these calls in which something is due, without locking any of them: what a read asks first. Asked as the server. */
export async function findDue(sql: Sql, callIds: readonly string[], skewMs: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `with c as materialized (select parley.clock($2) as now)
     select s.id from public.call_sessions s cross join c where s.id = any ($1::uuid[]) and ${IS_DUE}`,
    [[...callIds], skewMs],
  );
  return rows.map((row) => row.id);
}

/** The same of the live calls in which a person takes part. */
export async function findDueOf(sql: Sql, userId: string, skewMs: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `with c as materialized (select parley.clock($2) as now)
     select s.id from public.call_participants mine
     join public.call_sessions s on s.id = mine.call_session_id
     cross join c
     where mine.user_id = $1 and mine.state in ('invited', 'ringing', 'connecting', 'joined') and ${IS_DUE}`,
    [userId, skewMs],
  );
  return rows.map((row) => row.id);
}

/** Live calls of a team in which a person sits or is rung, in the order in which they are to be locked. Asked as the server. */
export async function findLiveCallsInTeam(sql: Sql, userId: string, teamId: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `select s.id from public.call_participants p
     join public.call_sessions s on s.id = p.call_session_id
     where p.user_id = $1 and p.state in ('invited', 'ringing', 'connecting', 'joined')
       and s.team_id = $2 and s.status in ('ringing', 'connecting', 'connected')
     order by s.id`,
    [userId, teamId],
  );
  return rows.map((row) => row.id);
}

/** Whether a create of this person would find a call instead of making one: a live one of the pair, or one under its key. */
export async function wouldFindCall(
  sql: Sql,
  userId: string,
  recipientId: string | undefined,
  key: string,
): Promise<boolean> {
  const [row] = await sql.query<{ found: boolean }>(
    `select exists (
       select from public.call_sessions s
       where s.pair_low = least($1::uuid, $2::uuid) and s.pair_high = greatest($1::uuid, $2::uuid)
         and s.status in ('ringing', 'connecting', 'connected')
     ) or exists (
       select from public.idempotency_keys k where k.user_id = $1 and k.key = $3
     ) as found`,
    [userId, recipientId ?? null, key],
  );
  return row?.found ?? false;
}
