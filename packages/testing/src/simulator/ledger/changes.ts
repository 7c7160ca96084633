import type { Changes } from '@parley/server/src/store/changes.ts';
import { TAKES_PART } from './records.ts';
import { keyOf } from './tables.ts';
import type { Transaction } from './transaction.ts';

/** Calls with events after `since` that are older than `settledMs`, the newest first. */
export function changes(tx: Transaction, [since, settledMs, limit, skewMs]: readonly unknown[]): Changes {
  const now = tx.now(skewMs);
  if (since === null) return { now, calls: [] };
  const until = now - Number(settledMs);
  const found: { callId: string; version: number; last: number }[] = [];
  for (const { id: callId } of tx.scan(tx.ground.tables.calls, () => true)) {
    const log = tx.read(tx.ground.tables.events, callId) ?? [];
    const within = log.filter(({ at }) => at > Number(since) && at <= until);
    const [version, last] = [within.at(-1)?.seq, within.at(-1)?.at];
    if (version !== undefined && last !== undefined) found.push({ callId, version, last });
  }
  found.sort((a, b) => b.last - a.last || (a.callId < b.callId ? -1 : 1));
  return { now, calls: found.slice(0, Number(limit)).map(({ callId, version }) => ({ callId, version })) };
}

/** What a create that was refused for its rate would have found. */
export function wouldFind(tx: Transaction, [userId, recipientId, key]: readonly unknown[]): boolean {
  const { calls, keys } = tx.ground.tables;
  if (tx.read(keys, keyOf(String(userId), String(key)))) return true;
  const [low, high] = [userId, recipientId].map(String).sort();
  return tx.scan(calls, (s) => s.pairLow === low && s.pairHigh === high && s.endedAt === null).length > 0;
}

/** Live calls of a team in which a person takes part, in the order in which they are locked. */
export function liveCallsInTeam(tx: Transaction, [userId, teamId]: readonly unknown[]): { readonly id: string }[] {
  const { calls, participants } = tx.ground.tables;
  return tx
    .scan(participants, (p) => p.userId === userId && TAKES_PART.has(p.state))
    .filter(({ callId }) => {
      const call = tx.read(calls, callId);
      return call?.teamId === teamId && call?.endedAt === null;
    })
    .map(({ callId }) => ({ id: callId }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
