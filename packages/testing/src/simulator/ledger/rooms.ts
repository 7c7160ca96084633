import { SEATED } from './records.ts';
import { type CallRow, keyOf } from './tables.ts';
import type { Transaction } from './transaction.ts';

/** Calls on the media server, in the order of their ids. */
const onServer = (tx: Transaction, fits: (row: CallRow) => boolean): CallRow[] =>
  tx
    .scan(tx.ground.tables.calls, (row) => row.mediaEngine === 'livekit' && fits(row))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

export const callOfRoom = (tx: Transaction, [room]: readonly unknown[]) =>
  onServer(tx, ({ roomName }) => roomName === room).map(({ id }) => ({ id }));

/** Somebody and a room. */
export function inRoom(tx: Transaction, [room, user]: readonly unknown[]): object[] {
  const { participants, rings } = tx.ground.tables;
  return onServer(tx, ({ roomName }) => roomName === room).map((call) => {
    const person = tx.read(participants, keyOf(call.id, String(user)));
    const ahead = tx.scan(rings, (r) => r.callId === call.id && r.userId === user && r.tokenExpiresAt !== undefined);
    return {
      id: call.id,
      is_live: call.endedAt === null,
      state: person?.state ?? null,
      device_id: person?.deviceId ?? null,
      is_muted: person?.isMuted ?? null,
      ahead: ahead.length > 0 ? ahead.map(({ deviceId }) => deviceId) : null,
    };
  });
}

/** Somebody's own part in a call. */
export function ownPart(tx: Transaction, [callId, user]: readonly unknown[]): object[] {
  const { calls, participants, people } = tx.ground.tables;
  const call = tx.read(calls, String(callId));
  const part = tx.read(participants, keyOf(String(callId), String(user)));
  if (!call || !part) return [];
  return [
    {
      is_live: call.endedAt === null,
      media_engine: call.mediaEngine,
      room_name: call.roomName,
      state: part.state,
      device_id: part.deviceId,
      display_name: tx.read(people, String(user))?.displayName ?? null,
    },
  ];
}

/** A token was made for a call, and for a device that joins ahead. */
export async function noteRoomToken(
  tx: Transaction,
  [call, user, device, expiresAt]: readonly unknown[],
): Promise<object[]> {
  const { calls, rings } = tx.ground.tables;
  const [callId, key] = [String(call), keyOf(String(call), String(user), String(device))];
  if (tx.read(rings, key)) await tx.lock(rings, key, 'no key update');
  const ring = tx.read(rings, key);
  if (ring) tx.write(rings, key, { ...ring, tokenExpiresAt: Number(expiresAt) });
  if (!tx.read(calls, callId)) return [];
  await tx.lock(calls, callId, 'no key update');
  return [{ is_live: tx.read(calls, callId)?.endedAt === null }];
}

export const liveRooms = (tx: Transaction, [after, size]: readonly unknown[]) =>
  onServer(tx, ({ id, endedAt }) => endedAt === null && id > String(after))
    .slice(0, Number(size))
    .map(({ id, roomName }) => ({ id, room_name: roomName }));

/** Calls that have just ended, in the order of their ends. */
export function endedRooms(tx: Transaction, [skewMs, withinMs, at, id, size]: readonly unknown[]): object[] {
  const since = tx.now(skewMs) - Number(withinMs);
  const after = at instanceof Date ? ([at.getTime(), String(id)] as const) : null;
  return onServer(tx, ({ endedAt }) => endedAt !== null && endedAt > since)
    .map(({ id: callId, roomName, endedAt }) => ({ id: callId, room_name: roomName, ended_at: new Date(endedAt ?? 0) }))
    .sort((a, b) => a.ended_at.getTime() - b.ended_at.getTime())
    .filter((row) => {
      if (after === null) return true;
      const [time, last] = after;
      return row.ended_at.getTime() > time || (row.ended_at.getTime() === time && row.id > last);
    })
    .slice(0, Number(size));
}

/** Groups that are a mesh, the next ones after a call. */
export const meshes = (tx: Transaction, [after, limit]: readonly unknown[]) =>
  tx
    .scan(
      tx.ground.tables.calls,
      (s) => s.mediaEngine === 'p2p' && s.callType.startsWith('group_') && s.endedAt === null && s.id > String(after),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, Number(limit))
    .map(({ id, mediaEpoch }) => ({ id, media_epoch: mediaEpoch }));

/** Groups on the media server that could be a mesh, and have not become one a short while ago. */
export function stranded(tx: Transaction, [after, limit, seats, pauseMs, skewMs]: readonly unknown[]): object[] {
  const { participants, events } = tx.ground.tables;
  const since = tx.now(skewMs) - Number(pauseMs);
  const isFew = (callId: string) =>
    tx.scan(participants, (p) => p.callId === callId && SEATED.has(p.state)).length <= Number(seats);
  const hasMoved = (callId: string) =>
    (tx.read(events, callId) ?? []).some(
      ({ type, data, at }) => type === 'media_plan' && data.reason === 'server_gone' && at > since,
    );
  return onServer(tx, ({ id, endedAt }) => endedAt === null && id > String(after) && isFew(id) && !hasMoved(id))
    .slice(0, Number(limit))
    .map(({ id, mediaEpoch }) => ({ id, media_epoch: mediaEpoch }));
}
