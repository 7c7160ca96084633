import {
  type Call,
  type CallEvent,
  durationSeconds,
  type Effect,
  type Instant,
  isLive,
  isSeated,
  type Participant,
  type Recorded,
} from '@parley/domain';
import type { CallEventRecord, PersonSettings } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { type CallRecord, type LockedCall, type StoredCall, toLockedCall, toStoredCall } from './call-record.ts';
import { type EventRow, toEventRecord, toEventRow } from './events.ts';
import type { CommandKey } from './idempotency.ts';
import { type CallMessage, findCallMessage } from './messages.ts';
import { type InboxEntry, type NotificationRow, toInboxEntry } from './notifications.ts';
import { type DeviceRing, ringPeople } from './rings.ts';

/** Taken as a sign of life of the instance that a command came from. */
export interface Sender {
  readonly userId: string;
  readonly deviceId: string;
  readonly instanceId: string;
  readonly leaseMs: number;
}

export interface BegunCommand {
  readonly locked: LockedCall;
  /** This key has carried out this very command: answer with the call as it is. */
  readonly repeated: boolean;
}

interface LockedRow {
  readonly now: Instant;
  /** Null where the call is as it was known. */
  readonly record: CallRecord | null;
  readonly repeat: 'no' | 'same' | 'reused';
  /** Of a call that was known. */
  readonly lapsed?: readonly string[];
}

/** @throws Error for an answer that no function of ours gives */
function lockedOf({ record, now, lapsed = [] }: LockedRow, known: StoredCall | null): LockedCall {
  if (record !== null) return toLockedCall(record, now);
  if (known === null) throw new Error('a call was locked, and not read');
  return { ...known, now, lapsed };
}

/**
 * Locks a call for a command and reads it; one round trip. Leases are judged as they were before this sign of life.
 * Null when there is no such call.
 * @throws EdgeError `idempotency_key_reused`
 */
export async function beginCommand(
  sql: Sql,
  callId: string,
  options: {
    readonly key: CommandKey | null;
    readonly sender: Sender | null;
    readonly skewMs: number;
    /** The call as it is thought to be: if it still is, its rows need not be read. */
    readonly known?: StoredCall | null;
  },
): Promise<BegunCommand | null> {
  const { key, sender, skewMs, known = null } = options;
  const [row] = await sql.query<{ locked: LockedRow | null }>(
    known === null
      ? 'select parley.begin_command($1, $2, $3, $4, $5, $6, $7, null, $8, $9) as locked'
      : 'select parley.begin_command_known($10, $1, $2, $3, $4, $5, $6, $7, null, $8, $9) as locked',
    [
      callId,
      key?.userId ?? sender?.userId ?? null,
      key?.key ?? null,
      key?.command ?? null,
      key?.bodyHash ?? null,
      sender?.deviceId ?? null,
      sender?.instanceId ?? null,
      sender?.leaseMs ?? null,
      skewMs,
      ...(known === null ? [] : [known.call.version]),
    ],
  );
  const locked = row?.locked;
  if (!locked) return null;
  if (locked.repeat === 'reused') throw new EdgeError('idempotency_key_reused');
  return { locked: lockedOf(locked, known), repeated: locked.repeat === 'same' };
}

/** What an accept has to know of the other calls of two people. */
export interface BeforeAccept {
  /** In how many other live calls whoever accepts sits. */
  readonly others: number;
  /** The call rings still, and whoever made it talks in another one meanwhile. */
  readonly callerTalks: boolean;
}

/**
 * For an accept of this call, which the transaction has locked. It holds the slots of its people until the end, as a create does:
 * what two devices of a person take at once, or what others answer of them, is seen one after the other.
 */
export async function beforeAccept(sql: Sql, callId: string, userId: string, skewMs: number): Promise<BeforeAccept> {
  const [row] = await sql.query<{ found: BeforeAccept }>('select parley.before_accept($1, $2, $3) as found', [
    callId,
    userId,
    skewMs,
  ]);
  if (!row) throw new Error('parley.before_accept gave no answer');
  return row.found;
}

/** Locks a call to apply what is due in it; null when there is no such call. */
export async function lockCall(sql: Sql, callId: string, skewMs: number): Promise<LockedCall | null> {
  const begun = await beginCommand(sql, callId, { key: null, sender: null, skewMs });
  return begun?.locked ?? null;
}

/**
 * Locks one call in which something is due (a deadline, or a lease of somebody who sits there), passing over those that
 * another transaction holds and those of `except`. Null when there is none.
 */
export async function lockDueCall(sql: Sql, except: readonly string[], skewMs: number): Promise<LockedCall | null> {
  const [row] = await sql.query<{ locked: LockedRow | null }>('select parley.lock_due_call($1::uuid[], $2) as locked', [
    [...except],
    skewMs,
  ]);
  const locked = row?.locked;
  return locked ? lockedOf(locked, null) : null;
}

export interface SavedCall {
  readonly events: readonly CallEventRecord[];
  readonly notifications: readonly InboxEntry[];
  /** Of people who were asked in. */
  readonly rings: readonly DeviceRing[];
  /** What the end of the call has left in the chat; null while it lives, and where there is no such chat. */
  readonly chat: CallMessage | null;
}

/**
 * Writes a locked call after its transitions, with its events, its effects and the key, in this transaction; one round
 * trip. `events` are those that were accepted, in order; with none of them only the key is kept.
 * @throws EdgeError `idempotency_key_reused` when the key went to another call meanwhile
 */
export async function saveCall(
  sql: Sql,
  change: {
    readonly call: Call;
    /** As it was locked: only people who have changed since are written. Null for all. */
    readonly before?: Call | null;
    readonly events: readonly Recorded<CallEvent>[];
    readonly effects: readonly Effect[];
    readonly key: CommandKey | null;
    readonly now: Instant;
    /** From which device the command came: the log says it of each of that person's events. */
    readonly sender?: Sender | null;
    readonly skewMs?: number;
  },
): Promise<SavedCall> {
  const rows = change.events.map(toEventRow).map((row) => fromDevice(row, change.sender ?? null));
  if (rows.length === 0 && change.key === null) return { events: [], notifications: [], rings: [], chat: null };
  const notify = change.effects.flatMap((effect) =>
    effect.type === 'notify' ? [{ userId: effect.userId, type: effect.notification }] : [],
  );
  const key = change.key === null ? null : JSON.stringify({ ...change.key, at: change.now });
  try {
    const [row] = await sql.query<{ notifications: NotificationRow[] }>(
      'select parley.save_call($1::jsonb, $2::jsonb, $3::jsonb, $4::jsonb) as notifications',
      [JSON.stringify(toRows(change.call, change.before ?? null)), JSON.stringify(rows), JSON.stringify(notify), key],
    );
    const ended = rows.length > 0 && !isLive(change.call);
    return {
      events: rows.map(toEventRecord),
      notifications: (row?.notifications ?? []).map(toInboxEntry),
      rings: await ringPeople(sql, change.call.id, change.effects, change.skewMs ?? 0),
      chat: ended ? await findCallMessage(sql, change.call.id) : null,
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'PA002') {
      throw new EdgeError('idempotency_key_reused', { cause: error });
    }
    throw error;
  }
}

function fromDevice(row: EventRow, sender: Sender | null): EventRow {
  if (sender === null || row.deviceId !== null || row.actorId !== sender.userId) return row;
  return { ...row, deviceId: sender.deviceId };
}

/** A call as whoever asks may see it. */
export async function findCall(sql: Sql, callId: string): Promise<StoredCall | null> {
  const [row] = await sql.query<{ record: CallRecord | null }>('select parley.call_json($1) as record', [callId]);
  return row?.record ? toStoredCall(row.record) : null;
}

/** Those of these calls that whoever asks may see. */
export async function findCalls(sql: Sql, callIds: readonly string[]): Promise<StoredCall[]> {
  const rows = await sql.query<{ record: CallRecord | null }>(
    'select parley.call_json(id) as record from unnest($1::uuid[]) as id',
    [[...callIds]],
  );
  return rows.flatMap(({ record }) => (record ? [toStoredCall(record)] : []));
}

/** The group that runs in a channel, if whoever asks may see it. */
export async function findCallInChannel(sql: Sql, channelId: string): Promise<StoredCall | null> {
  const [row] = await sql.query<{ record: CallRecord | null }>(
    `select parley.call_json(s.id) as record
       from public.call_sessions s
      where s.channel_id = $1 and s.pair_low is null and s.status in ('ringing', 'connecting', 'connected')
      order by s.created_at desc limit 1`,
    [channelId],
  );
  return row?.record ? toStoredCall(row.record) : null;
}

/**
 * Credentials of a call last from now on by the database's clock, which is noted with it: one statement, since it is asked for while it
 * rings. With it comes whether the person hides their address.
 */
export async function beginCredentials(
  sql: Sql,
  who: { readonly callId: string; readonly userId: string; readonly lastMs: number; readonly skewMs: number },
): Promise<{ readonly expiresAt: Instant; readonly hideAddress: PersonSettings['hideAddress'] }> {
  const [row] = await sql.query<{ expires_at: Instant; hide_address: PersonSettings['hideAddress'] | null }>(
    `with until as materialized (select parley.ms(parley.clock($4)) + $3::bigint as ms)
     update public.call_sessions set token_expires_at = greatest(token_expires_at, parley.at(until.ms))
       from until
      where id = $1
      returning until.ms as expires_at,
        (select q.hide_address from public.call_preferences q where q.user_id = $2) as hide_address`,
    [who.callId, who.userId, who.lastMs, who.skewMs],
  );
  if (row === undefined) throw new Error('The call is not there.');
  return { expiresAt: row.expires_at, hideAddress: row.hide_address ?? 'never' };
}

/** The columns of a call; what its state does not have is null. */
function toRows(call: Call, before: Call | null) {
  const over = isLive(call) ? null : call;
  return {
    id: call.id,
    callType: call.callType,
    status: call.status,
    updatedAt: call.updatedAt,
    connectedAt: call.status === 'ringing' || call.status === 'connecting' ? null : call.connectedAt,
    endedAt: over?.endedAt ?? null,
    endReason: over?.endReason ?? null,
    durationSeconds: durationSeconds(call),
    ringExpiresAt: call.status === 'ringing' ? call.ringExpiresAt : null,
    connectExpiresAt: call.status === 'connecting' ? call.connectExpiresAt : null,
    mediaEngine: call.media.engine,
    mediaEpoch: call.media.epoch,
    membershipEpoch: call.membershipEpoch,
    version: call.version,
    hostId: call.hostId,
    locked: call.locked,
    channelId: call.channelId,
    // Events change the objects of whom they change, and no others.
    participants: call.participants
      .map((p, position) => ({ p, position }))
      .filter(({ p, position }) => before === null || before.participants[position] !== p)
      .map(({ p, position }) => toParticipantRow(p, position)),
  };
}

const toParticipantRow = (p: Participant, position: number) => ({
  userId: p.userId,
  position,
  state: p.state,
  joinedAt: p.state === 'joined' || p.state === 'left' ? p.joinedAt : null,
  leftAt: p.state === 'left' ? p.leftAt : null,
  isMuted: p.isMuted,
  videoEnabled: p.videoEnabled,
  deviceId: isSeated(p) ? p.seat.deviceId : null,
  instanceId: isSeated(p) ? p.seat.instanceId : null,
  isGuest: p.isGuest,
  barred: p.barred,
  handRaisedAt: p.handRaisedAt,
  mediaEpoch: p.mediaEpoch,
  ringUntil: p.state === 'ringing' ? p.ringUntil : null,
  waiting: p.state === 'ringing' && p.waiting,
  onHold: isSeated(p) && p.onHold,
});
