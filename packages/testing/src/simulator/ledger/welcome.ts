import type { WelcomeRow } from '@parley/server/src/store/welcome.ts';
import { renewLeases, touchInstance } from './life.ts';
import { callJson, isDue, LIVE, TAKES_PART } from './records.ts';
import { openRings } from './rings.ts';
import type { Transaction } from './transaction.ts';

/** Live calls that a person is rung for or sits in, the oldest first. */
function liveCallsOf(tx: Transaction, userId: string) {
  const { participants, calls } = tx.ground.tables;
  const own = tx.scan(participants, (p) => p.userId === userId && TAKES_PART.has(p.state));
  const rows = own.map(({ callId }) => tx.read(calls, callId)).filter((row) => row !== undefined);
  return rows
    .filter(({ status }) => LIVE.has(status))
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

function inboxOf(tx: Transaction, userId: string, after: number, most: number) {
  const own = tx.scan(tx.ground.tables.notifications, (n) => n.userId === userId).sort((a, b) => b.seq - a.seq);
  return own.filter((n, at) => n.seq > after || at === 0).slice(0, most);
}

/** `parley.welcome`. Nobody is blocked or signed out here, and nobody asks not to be disturbed. */
export async function welcome(
  tx: Transaction,
  [user, , isAnonymous, device, instance, lease, named, after, most, despiteDue, skewMs]: readonly unknown[],
): Promise<WelcomeRow> {
  const { people, members } = tx.ground.tables;
  const [userId, deviceId, instanceId] = [String(user), String(device), String(instance)];
  await touchInstance(tx, [userId, deviceId, instanceId, null, lease, skewMs]);
  if (instanceId !== deviceId) {
    await tx.step();
    await renewLeases(tx, [userId], [deviceId], [0], Number(lease), Number(skewMs));
  }
  await tx.step();
  const now = tx.now(skewMs);
  const live = liveCallsOf(tx, userId);
  const due = live.filter((row) => isDue(tx, row, now)).map(({ id }) => id);
  if (due.length > 0 && despiteDue !== true) return { due };
  await tx.step();
  const own = {
    displayName: tx.read(people, userId)?.displayName ?? null,
    teamIds: tx.scan(members, (m) => m.userId === userId).map((m) => m.teamId),
    quietUntil: null,
    rings: live.length === 0 ? [] : await openRings(tx, userId, deviceId, skewMs),
  };
  const ids = live.map(({ id }) => id);
  const asked = (Array.isArray(named) ? named.map(String) : []).filter((id) => !ids.includes(id));
  await tx.step();
  return tx.as({ sub: userId, isAnonymous: isAnonymous === true }, async () => {
    const records = (callIds: readonly string[]) =>
      callIds.map((id) => callJson(tx, id)).filter((call) => call !== null);
    const calls = records(ids);
    await tx.step();
    const ended = records(asked);
    await tx.step();
    return { ...own, calls, named: ended, inbox: inboxOf(tx, userId, Number(after), Number(most)) };
  });
}
