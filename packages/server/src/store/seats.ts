import type { Sql } from '../ports/database.ts';

const LIVE = `('ringing', 'connecting', 'connected')`;

/** The other live calls in which somebody sits. */
export async function otherSeats(sql: Sql, callId: string, userId: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `select s.id
       from public.call_participants p join public.call_sessions s on s.id = p.call_session_id
      where p.user_id = $1 and p.state in ('connecting', 'joined') and s.status in ${LIVE} and s.id <> $2
      order by s.id`,
    [userId, callId],
  );
  return rows.map(({ id }) => id);
}

/** Holds several calls, in the order of their ids: before the device and the slots, as one call is held by its command. */
export async function holdCalls(sql: Sql, callIds: readonly string[]): Promise<void> {
  await sql.query('select from public.call_sessions where id = any ($1::uuid[]) order by id for no key update', [
    [...callIds],
  ]);
}

/** For whom a call rings in another manner than it should. */
export interface Untuned {
  readonly callId: string;
  readonly userId: string;
  /** They are in another call, and it should ring quietly. */
  readonly waiting: boolean;
}

/** Of these people, or (null) of all. Seats whose lease has run out, and calls past their deadline, count for nothing. */
export async function findUntuned(sql: Sql, userIds: readonly string[] | null, skewMs: number): Promise<Untuned[]> {
  const rows = await sql.query<{ call_id: string; user_id: string; waiting: boolean }>(
    `select r.call_session_id as call_id, r.user_id, r.busy as waiting
       from (
         select p.call_session_id, p.user_id, p.waiting, exists (
           select
             from public.call_participants o
             join public.call_sessions c on c.id = o.call_session_id
             join public.device_instances i on i.user_id = o.user_id and i.id = o.instance_id
            where o.user_id = p.user_id and o.call_session_id <> p.call_session_id
              and o.state in ('connecting', 'joined') and i.lease_expires_at > parley.clock($2)
              and c.status in ${LIVE}
              and coalesce(c.ring_expires_at, c.connect_expires_at, 'infinity') > parley.clock($2)
         ) as busy
           from public.call_participants p join public.call_sessions s on s.id = p.call_session_id
          where p.state = 'ringing' and ($1::uuid[] is null or p.user_id = any ($1::uuid[])) and s.status in ${LIVE}
       ) r
      where r.waiting <> r.busy
      order by r.call_session_id, r.user_id`,
    [userIds === null ? null : [...userIds], skewMs],
  );
  return rows.map(({ call_id, user_id, waiting }) => ({ callId: call_id, userId: user_id, waiting }));
}

/** Those of these people who sit in a live call. */
export async function whoTalks(sql: Sql, userIds: readonly string[], skewMs: number): Promise<string[]> {
  const rows = await sql.query<{ user_id: string }>(
    `select distinct p.user_id
       from public.call_participants p
       join public.call_sessions s on s.id = p.call_session_id
       join public.device_instances i on i.user_id = p.user_id and i.id = p.instance_id
      where p.user_id = any ($1::uuid[]) and p.state in ('connecting', 'joined')
        and i.lease_expires_at > parley.clock($2) and s.status in ${LIVE}
        and coalesce(s.ring_expires_at, s.connect_expires_at, 'infinity') > parley.clock($2)`,
    [[...userIds], skewMs],
  );
  return rows.map(({ user_id }) => user_id);
}
