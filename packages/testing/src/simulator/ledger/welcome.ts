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

/** What is asked for one socket, as `store/welcome.ts` writes it. */
interface Asked {
  readonly userId: string;
  readonly deviceId: string;
  readonly instanceId: string;
  readonly leaseMs: number;
  readonly isAnonymous: boolean;
  readonly named: readonly string[];
  readonly inboxAfter: number;
  readonly inboxMost: number;
  readonly despiteDue: boolean;
}

/** `parley.welcomes`: one after the other, in the order of their people and devices. */
export async function welcomes(tx: Transaction, asked: unknown, skewMs: unknown): Promise<object[]> {
  const all: readonly Asked[] = JSON.parse(String(asked));
  const order = all
    .map((one, place) => ({ one, place, key: [one.userId, one.deviceId, one.instanceId].join() }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const answers: object[] = [];
  for (const { one, place } of order) answers.push({ place, welcome: await welcome(tx, one, skewMs) });
  return answers;
}

/** `parley.welcome`. Nobody is blocked or signed out here, and nobody asks not to be disturbed. */
async function welcome(tx: Transaction, asked: Asked, skewMs: unknown): Promise<WelcomeRow> {
  const { people, members } = tx.ground.tables;
  const { userId, deviceId, instanceId, leaseMs, isAnonymous } = asked;
  await touchInstance(tx, [userId, deviceId, instanceId, null, leaseMs, skewMs]);
  if (instanceId !== deviceId) {
    await tx.step();
    await renewLeases(tx, [userId], [deviceId], [0], leaseMs, Number(skewMs));
  }
  await tx.step();
  const now = tx.now(skewMs);
  const live = liveCallsOf(tx, userId);
  const due = live.filter((row) => isDue(tx, row, now)).map(({ id }) => id);
  if (due.length > 0 && !asked.despiteDue) return { due };
  await tx.step();
  const own = {
    displayName: tx.read(people, userId)?.displayName ?? null,
    teamIds: tx.scan(members, (m) => m.userId === userId).map((m) => m.teamId),
    quietUntil: null,
    rings: live.length === 0 ? [] : await openRings(tx, userId, deviceId, skewMs),
  };
  const ids = live.map(({ id }) => id);
  const named = asked.named.filter((id) => !ids.includes(id));
  await tx.step();
  return tx.as({ sub: userId, isAnonymous }, async () => {
    const records = (callIds: readonly string[]) =>
      callIds.map((id) => callJson(tx, id)).filter((call) => call !== null);
    const calls = records(ids);
    await tx.step();
    const ended = records(named);
    await tx.step();
    return { ...own, calls, named: ended, inbox: inboxOf(tx, userId, asked.inboxAfter, asked.inboxMost) };
  });
}
