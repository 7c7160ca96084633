import type { RingRow } from '@parley/server/src/store/rings.ts';
import { LIVE, ringJson } from './records.ts';
import { type CallRow, keyOf, type ParticipantRow, type RingOfDevice } from './tables.ts';
import type { Transaction } from './transaction.ts';

/** Of a live call that rings for this person: its row. */
function rungIn(tx: Transaction, callId: string, userId: string): { call: CallRow; person: ParticipantRow } | null {
  const { calls, participants } = tx.ground.tables;
  const [call, person] = [tx.read(calls, callId), tx.read(participants, keyOf(callId, userId))];
  if (!call || !person || person.state !== 'ringing' || !LIVE.has(call.status)) return null;
  return { call, person };
}

/** `parley.open_rings`: makes the rings that a device lacks because it came later. */
export async function openRings(
  tx: Transaction,
  userId: string,
  deviceId: string,
  skewMs: unknown,
): Promise<RingRow[]> {
  const { devices, participants, rings } = tx.ground.tables;
  const now = tx.now(skewMs);
  if (tx.read(devices, keyOf(userId, deviceId))) {
    for (const { callId } of tx.scan(participants, (p) => p.userId === userId && p.state === 'ringing')) {
      const rung = rungIn(tx, callId, userId);
      const until = rung?.person.ringUntil ?? rung?.call.ringExpiresAt ?? 0;
      if (until > now) await insertRing(tx, { callId, userId, deviceId, createdAt: now, expiresAt: until });
    }
  }
  await tx.step();
  return tx
    .scan(rings, (r) => r.userId === userId && r.deviceId === deviceId && r.expiresAt > now)
    .filter((r) => rungIn(tx, r.callId, userId) !== null)
    .sort((a, b) => a.createdAt - b.createdAt)
    .map((r) => ringJson(tx, r));
}

async function insertRing(
  tx: Transaction,
  ring: Pick<RingOfDevice, 'callId' | 'userId' | 'deviceId' | 'createdAt' | 'expiresAt'>,
): Promise<void> {
  const { rings } = tx.ground.tables;
  const key = keyOf(ring.callId, ring.userId, ring.deviceId);
  const [other] = tx
    .scan(rings, (r) => r.callId === ring.callId && r.userId === ring.userId)
    .sort((a, b) => b.createdAt - a.createdAt);
  await tx.lock(rings, key, 'no key update');
  if (tx.read(rings, key)) return;
  tx.write(rings, key, { ...ring, ringId: tx.ground.uuid(), callerId: other?.callerId ?? null, readyAt: null });
}

/** `parley.ring_ready` */
export async function ringReady(tx: Transaction, params: readonly unknown[]): Promise<boolean> {
  const [call, ringId, user, device, _instance, skewMs] = params;
  const { rings } = tx.ground.tables;
  const [callId, userId] = [String(call), String(user)];
  const now = tx.now(skewMs);
  const key = keyOf(callId, userId, String(device));
  const ring = tx.read(rings, key);
  const rung = rungIn(tx, callId, userId);
  if (!ring || ring.ringId !== ringId || !rung) return false;
  if ((rung.person.ringUntil ?? rung.call.ringExpiresAt ?? 0) <= now) return false;
  await tx.lock(rings, key, 'no key update');
  tx.write(rings, key, { ...ring, readyAt: ring.readyAt ?? now });
  return true;
}

export const ringsOfCall = (tx: Transaction, callId: string, skewMs: unknown): RingRow[] =>
  tx
    .scan(tx.ground.tables.rings, (r) => r.callId === callId && r.expiresAt > tx.now(skewMs))
    .filter((r) => rungIn(tx, callId, r.userId) !== null)
    .map((r) => ringJson(tx, r));
