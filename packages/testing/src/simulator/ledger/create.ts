import type { RingRow } from '@parley/server/src/store/rings.ts';
import { insertKey, notifyPerson } from './commands.ts';
import { touchInstance } from './life.ts';
import { callJson, isDue, LIVE, leaseOf, liveSeatsOf, peopleOf, ringJson, SEATED } from './records.ts';
import { type CallRow, keyOf, type ParticipantRow, type RingOfDevice } from './tables.ts';
import { SqlError, type Transaction } from './transaction.ts';

const RINGS_FOR_MS = 30 * 86_400_000;
const MOST_DEVICES = 20;

interface Wanted {
  readonly userId: string;
  readonly deviceId: string;
  readonly instanceId: string;
  readonly key: string;
  readonly bodyHash: string;
  readonly callId: string;
  readonly roomName: string;
  readonly teamId: string;
  readonly channelId: string | null;
  readonly callType: CallRow['callType'];
  readonly recipientIds: readonly string[];
  readonly engine: CallRow['mediaEngine'];
  readonly ringTimeoutMs: number;
  readonly leaseMs: number;
  readonly maxLiveCalls: number;
  readonly skewMs: number;
}

const wantedOf = (params: readonly unknown[]): Wanted => {
  const [userId, deviceId, instanceId, key, bodyHash, callId, roomName, teamId, channelId, callType] = params;
  const [recipientIds, engine, ringTimeoutMs, leaseMs, maxLiveCalls, skewMs] = params.slice(10);
  return {
    userId,
    deviceId,
    instanceId,
    key,
    bodyHash,
    callId,
    roomName,
    teamId,
    channelId,
    callType,
    recipientIds,
    engine,
    ringTimeoutMs,
    leaseMs,
    maxLiveCalls,
    skewMs,
  } as Wanted;
};

/** The statement of `store/create-call.ts`: memberships and the device are held, then `parley.create_call`. */
export async function createCall(tx: Transaction, params: readonly unknown[]): Promise<object> {
  const wanted = wantedOf(params);
  const { userId, deviceId, teamId, recipientIds } = wanted;
  const { members, devices } = tx.ground.tables;
  for (const person of [...new Set([userId, ...recipientIds])].sort()) {
    const key = keyOf(teamId, person);
    if (tx.read(members, key)) await tx.lock(members, key, 'key share');
  }
  const device = keyOf(userId, deviceId);
  if (tx.read(devices, device)) await tx.lock(devices, device, 'no key update');
  return makeOrFind(tx, wanted);
}

const refused = (code: string) => ({ outcome: 'refused', code });
const isGroup = ({ callType }: Pick<CallRow, 'callType'>) => callType === 'group_audio' || callType === 'group_video';

function faultOf(wanted: Wanted): string | null {
  const { userId, recipientIds } = wanted;
  if (recipientIds.includes(userId)) return 'recipient_is_self';
  if (new Set(recipientIds).size !== recipientIds.length) return 'recipients_repeated';
  if (!isGroup(wanted) && recipientIds.length === 0) return 'recipients_missing';
  return !isGroup(wanted) && recipientIds.length > 1 ? 'recipients_too_many' : null;
}

async function makeOrFind(tx: Transaction, wanted: Wanted): Promise<object> {
  const { userId, teamId, channelId, recipientIds, skewMs } = wanted;
  const { members, slots, keys, channels } = tx.ground.tables;
  const fault = faultOf(wanted);
  if (fault !== null) return refused(fault);
  await tx.step();
  const people = [userId, ...recipientIds].filter((person) => tx.read(members, keyOf(teamId, person))).sort();
  for (const person of people) await tx.lock(slots, person, 'update');
  for (const person of people) if (!tx.read(slots, person)) tx.write(slots, person, { inboxSeq: 0 });
  await tx.step();
  const now = tx.now(skewMs);
  const known = tx.read(keys, keyOf(userId, wanted.key));
  if (known) {
    const same = known.command === 'create' && known.bodyHash === wanted.bodyHash;
    if (!same) return refused('idempotency_key_reused');
    return { outcome: 'repeated', now, record: callJson(tx, known.callId) };
  }
  if (!people.includes(userId)) return refused('not_found');
  if (channelId !== null && tx.read(channels, channelId)?.teamId !== teamId) return refused('not_found');
  if (people.length !== recipientIds.length + 1) return refused('recipient_not_in_team');
  const found = await findLive(tx, wanted, now);
  if (found) return found;
  await tx.step();
  const others = liveSeatsOf(tx, userId, now).length;
  if (others >= wanted.maxLiveCalls) return refused('too_many_live_calls');
  return make(tx, wanted, now, others);
}

/** The live call of the pair or of the channel, if there is one. */
async function findLive(tx: Transaction, wanted: Wanted, before: number): Promise<object | null> {
  const { userId, channelId, skewMs } = wanted;
  const { calls, channels } = tx.ground.tables;
  const inChannel = isGroup(wanted) && channelId !== null;
  if (isGroup(wanted) && !inChannel) return null;
  // An advisory lock: creates in a channel stand in a line.
  if (inChannel) await tx.lock(channels, `line of ${channelId}`, 'update');
  await tx.step();
  const now = inChannel ? tx.now(skewMs) : before;
  const [low, high] = pairOf(wanted);
  const [row] = inChannel
    ? tx.scan(calls, (s) => s.channelId === channelId && s.pairLow === null && LIVE.has(s.status)).reverse()
    : tx.scan(calls, (s) => s.pairLow === low && s.pairHigh === high && LIVE.has(s.status));
  if (!row) return null;
  if (isDue(tx, row, now)) return { outcome: 'stale', now, callId: row.id };
  await touchInstance(tx, [userId, wanted.deviceId, wanted.instanceId, null, wanted.leaseMs, skewMs]);
  const glare = inChannel || (row.status === 'ringing' && row.initiatorId !== userId);
  // The accept that glare asks for writes the key itself.
  if (!glare) await insertKey(tx, { ...wanted, command: 'create', callId: row.id });
  await tx.step();
  return { outcome: 'exists', now, glare, record: callJson(tx, row.id) };
}

function pairOf({ userId, recipientIds }: Wanted): readonly [string | null, string | null] {
  const other = recipientIds[0] ?? '';
  return userId < other ? [userId, other] : [other, userId];
}

/** One call waits for a person; one that nobody hears any more, or whose caller is gone, holds nobody up. */
function hasWaiting(tx: Transaction, userId: string, now: number): boolean {
  const waits = (p: ParticipantRow) =>
    p.userId === userId && p.state === 'ringing' && p.waiting && p.ringUntil !== null && p.ringUntil > now;
  return tx.scan(tx.ground.tables.participants, waits).some(({ callId }) => {
    const isThere = (p: ParticipantRow) => SEATED.has(p.state) && (leaseOf(tx, p) ?? 0) > now;
    return LIVE.has(tx.read(tx.ground.tables.calls, callId)?.status ?? '') && peopleOf(tx, callId).some(isThere);
  });
}

async function make(tx: Transaction, wanted: Wanted, now: number, others: number): Promise<object> {
  const { userId, callId, recipientIds, deviceId, instanceId } = wanted;
  const { events, participants } = tx.ground.tables;
  const other = recipientIds[0] ?? '';
  // In the order of the ids, as `distinct` gives them.
  const talking = recipientIds.filter((person) => liveSeatsOf(tx, person, now).length > 0).sort();
  const busy = !isGroup(wanted) && talking.length > 0 && hasWaiting(tx, other, now);
  const waiting = busy ? [] : talking;
  await tx.step();
  await touchInstance(tx, [userId, deviceId, instanceId, null, wanted.leaseMs, wanted.skewMs]);
  insertCall(tx, wanted, now, busy, waiting.length > 0);
  await tx.step();
  for (const row of participantsOf(wanted, now, busy, waiting)) tx.write(participants, keyOf(callId, row.userId), row);
  const created = {
    seq: 1,
    type: 'created',
    actorId: userId,
    deviceId,
    instanceId,
    at: now,
    data: {
      teamId: wanted.teamId,
      channelId: wanted.channelId,
      callType: wanted.callType,
      recipientIds: [...recipientIds],
      ringTimeoutMs: wanted.ringTimeoutMs,
      engine: wanted.engine,
    },
  };
  const nobody = { actorId: null, deviceId: null, instanceId: null };
  const second = busy
    ? [{ ...nobody, seq: 2, type: 'busy', at: now, data: { userId: other } }]
    : waiting.length > 0
      ? [{ ...nobody, seq: 2, type: 'waiting', at: now, data: { userIds: waiting, waiting: true } }]
      : [];
  const log = [created, ...second];
  tx.write(events, callId, log);
  await tx.step();
  const notifications = busy
    ? [await notifyPerson(tx, userId, callId, 'rejected', now), await notifyPerson(tx, other, callId, 'missed', now)]
    : [];
  const until = now + wanted.ringTimeoutMs;
  const rings = busy ? [] : await ringPeople(tx, callId, recipientIds, null, until, wanted.skewMs);
  await insertKey(tx, { ...wanted, command: 'create' });
  return { outcome: 'created', now, record: callJson(tx, callId), events: log, rings, notifications, others };
}

function insertCall(tx: Transaction, wanted: Wanted, now: number, busy: boolean, waits: boolean): void {
  const { calls } = tx.ground.tables;
  const open = isGroup(wanted) && wanted.recipientIds.length === 0;
  const [pairLow, pairHigh] = isGroup(wanted) ? [null, null] : pairOf(wanted);
  const twin =
    pairLow !== null && tx.scan(calls, (s) => s.pairLow === pairLow && s.pairHigh === pairHigh && LIVE.has(s.status));
  if (twin && twin.length > 0 && !busy) throw new SqlError('23505', 'call_sessions_live_pair');
  tx.write(calls, wanted.callId, {
    id: wanted.callId,
    teamId: wanted.teamId,
    channelId: wanted.channelId,
    callType: wanted.callType,
    status: busy ? 'rejected' : open ? 'connected' : 'ringing',
    initiatorId: wanted.userId,
    hostId: wanted.userId,
    locked: false,
    beganAsPair: !isGroup(wanted),
    roomName: wanted.roomName,
    createdAt: now,
    updatedAt: now,
    connectedAt: open ? now : null,
    endedAt: busy ? now : null,
    endReason: busy ? 'busy' : null,
    ringExpiresAt: busy || open ? null : now + wanted.ringTimeoutMs,
    connectExpiresAt: null,
    mediaEngine: wanted.engine,
    mediaEpoch: 1,
    membershipEpoch: busy ? 2 : 1,
    version: busy || waits ? 2 : 1,
    pairLow,
    pairHigh,
    durationSeconds: null,
  });
}

function participantsOf(wanted: Wanted, now: number, busy: boolean, waiting: readonly string[]): ParticipantRow[] {
  const { callId, userId, deviceId, instanceId, callType, recipientIds, ringTimeoutMs } = wanted;
  const common = {
    callId,
    joinedAt: null,
    isMuted: false,
    isGuest: false,
    barred: false,
    handRaisedAt: null,
    mediaEpoch: null,
    waiting: false,
    onHold: false,
  };
  return [
    {
      ...common,
      userId,
      position: 0,
      state: busy ? 'left' : 'connecting',
      leftAt: busy ? now : null,
      videoEnabled: callType === 'video' || callType === 'group_video',
      deviceId: busy ? null : deviceId,
      instanceId: busy ? null : instanceId,
      ringUntil: null,
    },
    ...recipientIds.map(
      (recipient, at): ParticipantRow => ({
        ...common,
        userId: recipient,
        position: at + 1,
        state: busy ? 'busy' : 'ringing',
        leftAt: null,
        videoEnabled: false,
        deviceId: null,
        instanceId: null,
        ringUntil: busy ? null : now + ringTimeoutMs,
        waiting: waiting.includes(recipient),
      }),
    ),
  ];
}

/** `parley.ring_people`: the devices that were used within a month, the newest twenty of each person. */
export async function ringPeople(
  tx: Transaction,
  callId: string,
  userIds: readonly string[],
  callerId: string | null,
  expiresAt: number,
  skewMs: unknown,
): Promise<RingRow[]> {
  const { devices, rings } = tx.ground.tables;
  const now = tx.now(skewMs);
  const made: RingOfDevice[] = [];
  for (const userId of userIds) {
    const own = tx
      .scan(devices, (d) => d.userId === userId && d.lastSeenAt > now - RINGS_FOR_MS)
      .sort((a, b) => b.lastSeenAt - a.lastSeenAt)
      .slice(0, MOST_DEVICES);
    for (const { id: deviceId } of own) {
      const key = keyOf(callId, userId, deviceId);
      await tx.lock(rings, key, 'no key update');
      const ringId = tx.ground.uuid();
      const ring = { ringId, callId, userId, deviceId, createdAt: now, expiresAt, callerId, readyAt: null };
      tx.write(rings, key, ring);
      made.push(ring);
    }
  }
  await tx.step();
  return made.map((ring) => ringJson(tx, ring));
}
