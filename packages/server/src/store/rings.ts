import type { CallType, Effect } from '@parley/domain';
import type { Ring } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

/** A ring as `parley.ring_json` gives it. */
export interface RingRow {
  readonly userId: string;
  readonly deviceId: string;
  readonly callId: string;
  readonly ringId: string;
  readonly callType: CallType;
  readonly callerId: string;
  readonly callerName: string;
  readonly teamId: string;
  readonly teamName: string;
  readonly expiresAt: number;
}

/** A ring and the device that it is for. */
export interface DeviceRing {
  readonly userId: string;
  readonly deviceId: string;
  readonly ring: Ring;
}

export const toDeviceRing = (row: RingRow): DeviceRing => ({
  userId: row.userId,
  deviceId: row.deviceId,
  ring: {
    callId: row.callId,
    ringId: row.ringId,
    callType: row.callType,
    caller: { id: row.callerId, displayName: row.callerName },
    team: { id: row.teamId, name: row.teamName },
    expiresAt: new Date(row.expiresAt).toISOString(),
  },
});

/** What rings for a device right now; makes the rings that it lacks, because it came later. Asked as the server. */
export async function openRings(sql: Sql, userId: string, deviceId: string, skewMs: number): Promise<Ring[]> {
  const [row] = await sql.query<{ rings: RingRow[] }>('select parley.open_rings($1, $2, $3) as rings', [
    userId,
    deviceId,
    skewMs,
  ]);
  return (row?.rings ?? []).map((ring) => toDeviceRing(ring).ring);
}

/** Makes the rings that these effects ask for. */
export async function ringPeople(
  sql: Sql,
  callId: string,
  effects: readonly Effect[],
  skewMs: number,
): Promise<DeviceRing[]> {
  const rings: DeviceRing[] = [];
  for (const effect of effects) {
    if (effect.type !== 'ring') continue;
    const [row] = await sql.query<{ rings: RingRow[] }>(
      'select parley.ring_people($1, $2::uuid[], $3, $4, $5) as rings',
      [callId, [...effect.userIds], effect.callerId, effect.until, skewMs],
    );
    rings.push(...(row?.rings ?? []).map(toDeviceRing));
  }
  return rings;
}

/** The rings of a call that still ring, on all devices. Asked as the server. */
export async function ringsOfCall(sql: Sql, callId: string, skewMs: number): Promise<DeviceRing[]> {
  const rows = await sql.query<{ ring: RingRow }>(
    `select parley.ring_json(r.ring_id) as ring
       from public.call_rings r
       join public.call_participants p on p.call_session_id = r.call_session_id and p.user_id = r.user_id
      where r.call_session_id = $1 and p.state = 'ringing' and r.expires_at > parley.clock($2)`,
    [callId, skewMs],
  );
  return rows.map(({ ring }) => toDeviceRing(ring));
}

/** Notes that a ringing device can take part; false when that ring is not its own, or does not ring any more. */
export async function markRingReady(
  sql: Sql,
  ready: {
    readonly callId: string;
    readonly ringId: string;
    readonly userId: string;
    readonly deviceId: string;
    readonly instanceId: string;
    readonly skewMs: number;
  },
): Promise<boolean> {
  const [row] = await sql.query<{ ready: boolean }>('select parley.ring_ready($1, $2, $3, $4, $5, $6) as ready', [
    ready.callId,
    ready.ringId,
    ready.userId,
    ready.deviceId,
    ready.instanceId,
    ready.skewMs,
  ]);
  return row?.ready ?? false;
}
