import type { MediaEngineName, ParticipantStateName } from '@parley/domain';
import type { Sql } from '../ports/database.ts';
import type { StoredCall } from './call-record.ts';
import { findCalls } from './calls.ts';

/** How long after its end a call's room is still looked for: longer than any token for it lasts, LiveKit's own among them, in milliseconds. */
const AFTER_MS = 900_000;

export interface MediaRoom {
  readonly callId: string;
  readonly room: string;
}

interface RoomRow {
  id: string;
  room_name: string;
}

const toRoom = ({ id, room_name }: RoomRow): MediaRoom => ({ callId: id, room: room_name });
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Rooms of all calls that live, `size` at a time. What is in them is read when it is needed. */
export async function* liveRooms(sql: Sql, size: number): AsyncGenerator<readonly MediaRoom[]> {
  for (let after: string | null = FIRST; after !== null; ) {
    const rows: RoomRow[] = await sql.query<RoomRow>(
      `select id, room_name from public.call_sessions
        where media_engine = 'livekit' and ended_at is null and id > $1 order by id limit $2`,
      [after, size],
    );
    if (rows.length > 0) yield rows.map(toRoom);
    after = rows.length < size ? null : (rows.at(-1)?.id ?? null);
  }
}

/** Rooms of calls that have just ended, `size` at a time. */
export async function* endedRooms(sql: Sql, size: number, skewMs: number): AsyncGenerator<readonly MediaRoom[]> {
  let last: { at: Date | null; id: string } = { at: null, id: FIRST };
  for (;;) {
    const rows: (RoomRow & { ended_at: Date })[] = await sql.query<RoomRow & { ended_at: Date }>(
      `select id, room_name, ended_at from public.call_sessions
        where media_engine = 'livekit' and ended_at is not null
          and ended_at > parley.clock($1) - $2::integer * interval '1 millisecond'
          and ($3::timestamptz is null or (ended_at, id) > ($3::timestamptz, $4::uuid))
        order by ended_at, id limit $5`,
      [skewMs, AFTER_MS, last.at, last.id, size],
    );
    if (rows.length > 0) yield rows.map(toRoom);
    const end = rows.at(-1);
    if (rows.length < size || end === undefined) return;
    last = { at: end.ended_at, id: end.id };
  }
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

/** Somebody's own part in a call, as far as their media goes. */
export interface OwnPart {
  readonly isLive: boolean;
  readonly engine: MediaEngineName;
  readonly room: string;
  readonly state: ParticipantStateName;
  /** Of the seat. */
  readonly deviceId: string | null;
  readonly displayName: string;
}

/** Asked as the server, of one person: what it costs does not grow with the call. Null for whoever has no part in it. */
export async function findOwnPart(sql: Sql, callId: string, userId: string): Promise<OwnPart | null> {
  const [row] = await sql.query<{
    is_live: boolean;
    media_engine: MediaEngineName;
    room_name: string;
    state: ParticipantStateName;
    device_id: string | null;
    display_name: string | null;
  }>(
    `select s.ended_at is null as is_live, s.media_engine, s.room_name, p.state, p.device_id, n.display_name
       from public.call_participants p
       join public.call_sessions s on s.id = p.call_session_id
       left join parley.people n on n.id = p.user_id
      where p.call_session_id = $1 and p.user_id = $2`,
    [callId, userId],
  );
  if (row === undefined) return null;
  return {
    isLive: row.is_live,
    engine: row.media_engine,
    room: row.room_name,
    state: row.state,
    deviceId: row.device_id,
    displayName: row.display_name ?? '',
  };
}

/** Somebody and a room, as far as the media server must know: what it costs does not grow with the call. */
export interface InRoom {
  readonly callId: string;
  readonly isLive: boolean;
  /** Null for whoever has no part in the call. */
  readonly state: ParticipantStateName | null;
  /** Of the seat. */
  readonly deviceId: string | null;
  readonly isMuted: boolean;
  /** Devices that could join ahead. */
  readonly ahead: readonly string[];
}

/** Null where the room is no call's. */
export async function findInRoom(sql: Sql, room: string, userId: string | null): Promise<InRoom | null> {
  const [row] = await sql.query<{
    id: string;
    is_live: boolean;
    state: ParticipantStateName | null;
    device_id: string | null;
    is_muted: boolean | null;
    ahead: string[] | null;
  }>(
    `select s.id, s.ended_at is null as is_live, p.state, p.device_id, p.is_muted,
            (select array_agg(r.device_id::text) from public.call_rings r
              where r.call_session_id = s.id and r.user_id = $2::uuid and r.token_expires_at is not null) as ahead
       from public.call_sessions s
       left join public.call_participants p on p.call_session_id = s.id and p.user_id = $2::uuid
      where s.room_name = $1 and s.media_engine = 'livekit'`,
    [room, userId],
  );
  if (row === undefined) return null;
  return {
    callId: row.id,
    isLive: row.is_live,
    state: row.state,
    deviceId: row.device_id,
    isMuted: row.is_muted ?? false,
    ahead: row.ahead ?? [],
  };
}

/**
 * Notes that a token was made for a call, and for a device that joins ahead.
 * @returns false for a call that is over by now
 */
export async function noteRoomToken(
  sql: Sql,
  to: { readonly callId: string; readonly userId: string; readonly deviceId: string; readonly expiresAt: number },
): Promise<boolean> {
  const [row] = await sql.query<{ is_live: boolean }>(
    `with noted as (
       update public.call_rings set token_expires_at = parley.at($4)
        where call_session_id = $1 and user_id = $2 and device_id = $3
     )
     update public.call_sessions set token_expires_at = greatest(token_expires_at, parley.at($4))
      where id = $1 returning ended_at is null as is_live`,
    [to.callId, to.userId, to.deviceId, to.expiresAt],
  );
  return row?.is_live ?? false;
}

/** A live group and the media plan that it has. */
export interface PlannedGroup {
  readonly callId: string;
  readonly epoch: number;
}

const toPlanned = ({ id, media_epoch }: { id: string; media_epoch: number }): PlannedGroup => ({
  callId: id,
  epoch: media_epoch,
});

/** Groups that are a mesh, the next `limit` after a call. */
export async function findMeshes(sql: Sql, after: string | null, limit: number): Promise<PlannedGroup[]> {
  const rows = await sql.query<{ id: string; media_epoch: number }>(
    `select id, media_epoch from public.call_sessions
      where media_engine = 'p2p' and call_type in ('group_audio', 'group_video')
        and status in ('ringing', 'connecting', 'connected') and id > $1 order by id limit $2`,
    [after ?? FIRST, limit],
  );
  return rows.map(toPlanned);
}

/**
 * Groups on the media server that could be a mesh, the next `limit` after a call. None that has become one a short while ago: servers
 * of which one reaches the media server and another does not would send them to and fro.
 */
export async function findStranded(
  sql: Sql,
  after: string | null,
  options: { readonly limit: number; readonly seats: number; readonly pauseMs: number; readonly skewMs: number },
): Promise<PlannedGroup[]> {
  const rows = await sql.query<{ id: string; media_epoch: number }>(
    `select s.id, s.media_epoch from public.call_sessions s
      where s.media_engine = 'livekit' and s.ended_at is null and s.id > $1
        and (select count(*) from public.call_participants p
              where p.call_session_id = s.id and p.state in ('connecting', 'joined')) <= $3
        and not exists (
          select from public.call_events e
          where e.call_session_id = s.id and e.type = 'media_plan' and e.data ->> 'reason' = 'server_gone'
            and e.at > parley.clock($5) - $4::integer * interval '1 millisecond'
        )
      order by s.id limit $2`,
    [after ?? FIRST, options.limit, options.seats, options.pauseMs, options.skewMs],
  );
  return rows.map(toPlanned);
}
