import type { Sql } from '../ports/database.ts';
import type { StoredCall } from './call-record.ts';
import { findCalls } from './calls.ts';

/** How long after its end a call's room is still looked for: longer than any token for it lasts, in milliseconds. */
const AFTER_MS = 900_000;

/** Rooms of calls that live or have just ended, the newest first; `limit` of them at most. What is in them is read when it is needed. */
export async function findRooms(
  sql: Sql,
  limit: number,
  skewMs: number,
): Promise<readonly { readonly callId: string; readonly room: string }[]> {
  const rows = await sql.query<{ id: string; room_name: string }>(
    `select id, room_name from public.call_sessions
      where media_engine = 'livekit'
        and (ended_at is null or ended_at > parley.clock($2) - $3::integer * interval '1 millisecond')
      order by created_at desc
      limit $1`,
    [limit, skewMs, AFTER_MS],
  );
  return rows.map(({ id, room_name }) => ({ callId: id, room: room_name }));
}

/** The call of a room on the media server; null where there never was one. */
export async function findCallOfRoom(sql: Sql, room: string): Promise<StoredCall | null> {
  const rows = await sql.query<{ id: string }>(
    "select id from public.call_sessions where room_name = $1 and media_engine = 'livekit'",
    [room],
  );
  const [found] = await findCalls(
    sql,
    rows.map(({ id }) => id),
  );
  return found ?? null;
}
