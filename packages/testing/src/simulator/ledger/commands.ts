import type { CallRecord } from '@parley/server/src/store/call-record.ts';
import type { EventRow } from '@parley/server/src/store/events.ts';
import type { NotificationRow } from '@parley/server/src/store/notifications.ts';
import { touchInstance } from './life.ts';
import { callJson, isDue, LIVE, leaseOf, peopleOf, SEATED } from './records.ts';
import { type CallRow, keyOf, type ParticipantRow } from './tables.ts';
import { SqlError, type Transaction } from './transaction.ts';

export interface Locked {
  readonly now: number;
  readonly record: CallRecord | null;
  readonly repeat: 'no' | 'same' | 'reused';
  readonly lapsed?: readonly string[];
}

/** `parley.begin_command`: the call's row lock is the order of events. */
export async function beginCommand(tx: Transaction, params: readonly unknown[]): Promise<Locked | null> {
  const { calls } = tx.ground.tables;
  const callId = String(params[0]);
  if (!tx.read(calls, callId)) return null;
  await tx.lock(calls, callId, 'no key update');
  await tx.step();
  const now = tx.now(params[8]);
  const record = callJson(tx, callId);
  return { now, record, repeat: await repeatOf(tx, params) };
}

/** `parley.begin_command_known`: of a call that is as it was known the record is not read, and who has lapsed is. */
export async function beginKnownCommand(tx: Transaction, params: readonly unknown[]): Promise<Locked | null> {
  const { calls } = tx.ground.tables;
  const callId = String(params[0]);
  if (!tx.read(calls, callId)) return null;
  await tx.lock(calls, callId, 'no key update');
  if (tx.read(calls, callId)?.version !== params[9]) return beginCommand(tx, params);
  await tx.step();
  const now = tx.now(params[8]);
  const lapsed = peopleOf(tx, callId)
    .filter((p) => SEATED.has(p.state) && (leaseOf(tx, p) ?? now) <= now)
    .map(({ userId }) => userId);
  return { now, record: null, repeat: await repeatOf(tx, params), lapsed };
}

/** Whether the key is known; unless it was another command's this one is a sign of life, after the leases were judged. */
async function repeatOf(tx: Transaction, params: readonly unknown[]): Promise<Locked['repeat']> {
  const [callId, user, key, command, bodyHash, device, instance, leaseMs, skewMs] = params;
  await tx.step();
  let repeat: Locked['repeat'] = 'no';
  const known = typeof key === 'string' ? tx.read(tx.ground.tables.keys, keyOf(String(user), key)) : undefined;
  if (known) {
    const same = known.callId === callId && known.command === command && known.bodyHash === bodyHash;
    repeat = same ? 'same' : 'reused';
  }
  if (user !== null && device !== null && repeat !== 'reused') {
    await touchInstance(tx, [user, device, instance ?? device, null, leaseMs, skewMs]);
  }
  return repeat;
}

type SavedCall = Omit<CallRow, 'pairLow' | 'pairHigh'> & {
  readonly participants: readonly (Omit<ParticipantRow, 'callId'> & { readonly position: number })[];
};

interface SavedKey {
  readonly userId: string;
  readonly key: string;
  readonly command: string;
  readonly bodyHash: string;
}

/** `parley.save_call`: decides nothing; constraints refuse what no machine could have made. */
export async function saveCall(tx: Transaction, params: readonly unknown[]): Promise<readonly NotificationRow[]> {
  const [call, events, notify, key] = params.map((text) => JSON.parse(String(text ?? 'null'))) as [
    SavedCall,
    readonly EventRow[],
    readonly { readonly userId: string; readonly type: NotificationRow['type'] }[],
    SavedKey | null,
  ];
  const made: NotificationRow[] = [];
  if (events.length > 0) {
    await updateCall(tx, call, events);
    await tx.step();
    for (const row of call.participants) {
      const person = { ...row, callId: call.id };
      checkSeat(person);
      tx.write(tx.ground.tables.participants, keyOf(call.id, row.userId), person);
    }
    await tx.step();
    const before = tx.read(tx.ground.tables.events, call.id) ?? [];
    tx.write(tx.ground.tables.events, call.id, [...before, ...events]);
    for (const { userId, type } of notify.toSorted((a, b) => (a.userId < b.userId ? -1 : 1))) {
      made.push(await notifyPerson(tx, userId, call.id, type, call.updatedAt));
    }
  }
  if (key) await keepKey(tx, { ...key, callId: call.id });
  return made;
}

async function updateCall(tx: Transaction, call: SavedCall, events: readonly EventRow[]): Promise<void> {
  const { calls } = tx.ground.tables;
  await tx.lock(calls, call.id, 'no key update');
  const row = tx.read(calls, call.id);
  const first = events[0]?.seq ?? 0;
  if (!row || row.version !== first - 1 || call.version !== row.version + events.length) {
    throw new SqlError('PA001', `call ${call.id} has moved on: it was not locked`);
  }
  const { participants: _, ...columns } = call;
  const isPair = call.callType === 'audio' || call.callType === 'video';
  tx.write(calls, call.id, {
    ...row,
    ...columns,
    channelId: call.channelId === null ? null : row.channelId,
    pairLow: isPair ? row.pairLow : null,
    pairHigh: isPair ? row.pairHigh : null,
  });
}

/** `call_participants_seat` and its neighbours. */
function checkSeat(p: ParticipantRow): void {
  if (SEATED.has(p.state) !== (p.instanceId !== null)) throw new SqlError('23514', `seat of ${p.userId}`);
  if ((p.state === 'left') !== (p.leftAt !== null)) throw new SqlError('23514', `left_at of ${p.userId}`);
}

/** `insert … on conflict do nothing`, which waits for whoever is inserting the same. */
async function keepKey(tx: Transaction, row: SavedKey & { readonly callId: string }): Promise<void> {
  const { keys, calls } = tx.ground.tables;
  const key = keyOf(row.userId, row.key);
  await tx.lock(keys, key, 'update');
  if (tx.read(keys, key)) throw new SqlError('PA002', 'the key was used for another command');
  // The foreign key.
  await tx.lock(calls, row.callId, 'key share');
  const { userId, command, bodyHash, callId } = row;
  tx.write(keys, key, { userId, key: row.key, command, bodyHash, callId });
}

export const insertKey = keepKey;

/** `parley.notify`: the counter is the person's slot, whose lock holds until the commit. */
export async function notifyPerson(
  tx: Transaction,
  userId: string,
  callId: string,
  type: NotificationRow['type'],
  at: number,
): Promise<NotificationRow> {
  const { slots, notifications } = tx.ground.tables;
  await tx.lock(slots, userId, 'no key update');
  const seq = (tx.read(slots, userId)?.inboxSeq ?? 0) + 1;
  tx.write(slots, userId, { inboxSeq: seq });
  const row = { userId, id: tx.ground.uuid(), seq, callId, type, createdAt: at, readAt: null };
  tx.write(notifications, row.id, row);
  return row;
}

/** `parley.lock_due_call`: calls that another transaction holds are passed over. */
export async function lockDueCall(tx: Transaction, except: readonly string[], skewMs: unknown): Promise<Locked | null> {
  const { calls } = tx.ground.tables;
  const now = tx.now(skewMs);
  const free = (row: CallRow) => LIVE.has(row.status) && !except.includes(row.id);
  const looks: readonly ((row: CallRow) => boolean)[] = [
    (row) => row.status === 'ringing' && (row.ringExpiresAt ?? now + 1) <= now,
    (row) => peopleOf(tx, row.id).some((p) => p.state === 'ringing' && p.ringUntil !== null && p.ringUntil <= now),
    (row) => row.status === 'connecting' && (row.connectExpiresAt ?? now + 1) <= now,
    (row) => peopleOf(tx, row.id).some((p) => SEATED.has(p.state) && (leaseOf(tx, p) ?? now + 1) <= now),
  ];
  for (const fits of looks) {
    const found = tx
      .scan(calls, (row) => free(row) && fits(row))
      .find((row) => tx.tryLock(calls, row.id, 'no key update'));
    await tx.step();
    if (found) return { now: tx.now(skewMs), record: callJson(tx, found.id), repeat: 'no' };
  }
  return null;
}

/** `findDue` and `findDueOf`: without any lock. */
export const dueCalls = (tx: Transaction, skewMs: unknown, asked: (callId: string) => boolean): string[] =>
  tx.scan(tx.ground.tables.calls, (row) => asked(row.id) && isDue(tx, row, tx.now(skewMs))).map(({ id }) => id);
