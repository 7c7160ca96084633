import { LIVE, liveSeatsOf, SEATED } from './records.ts';
import type { Transaction } from './transaction.ts';

/** The statements of `packages/server/src/store/seats.ts`. */

export function otherSeats(tx: Transaction, [userId, callId]: readonly unknown[]): { readonly id: string }[] {
  const { calls, participants } = tx.ground.tables;
  return tx
    .scan(participants, (p) => p.userId === userId && SEATED.has(p.state) && p.callId !== callId)
    .filter((p) => LIVE.has(tx.read(calls, p.callId)?.status ?? ''))
    .map((p) => ({ id: p.callId }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export async function holdCalls(tx: Transaction, callIds: readonly string[]): Promise<[]> {
  const { calls } = tx.ground.tables;
  for (const id of callIds.toSorted()) if (tx.read(calls, id)) await tx.lock(calls, id, 'no key update');
  return [];
}

export function untuned(tx: Transaction, userIds: readonly string[] | null, skewMs: unknown): object[] {
  const { calls, participants } = tx.ground.tables;
  const now = tx.now(skewMs);
  const rung = tx.scan(participants, (p) => p.state === 'ringing' && (userIds?.includes(p.userId) ?? true));
  return rung
    .filter((p) => LIVE.has(tx.read(calls, p.callId)?.status ?? ''))
    .map((p) => ({ p, busy: liveSeatsOf(tx, p.userId, now).some((id) => id !== p.callId) }))
    .filter(({ p, busy }) => p.waiting !== busy)
    .sort((a, b) => (a.p.callId + a.p.userId < b.p.callId + b.p.userId ? -1 : 1))
    .map(({ p, busy }) => ({ call_id: p.callId, user_id: p.userId, waiting: busy }));
}

export const whoTalks = (tx: Transaction, userIds: readonly string[], skewMs: unknown): object[] =>
  userIds.filter((id) => liveSeatsOf(tx, id, tx.now(skewMs)).length > 0).map((id) => ({ user_id: id }));
