import type { CallType, MediaEngineName } from '@parley/domain';
import type { CallEventRecord, ErrorCode } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';
import { type CallRecord, type LockedCall, toLockedCall } from './call-record.ts';
import type { Sender } from './calls.ts';
import { type EventRow, toEventRecord } from './events.ts';
import { type InboxEntry, type NotificationRow, toInboxEntry } from './notifications.ts';
import { type DeviceRing, type RingRow, toDeviceRing } from './rings.ts';

export interface NewCall {
  readonly sender: Sender;
  /** Idempotency key. */
  readonly key: string;
  readonly bodyHash: string;
  /** Ids are handed in; a call that exists keeps its own. */
  readonly callId: string;
  /** `[A-Za-z0-9_-]{1,64}`, impossible to guess. */
  readonly roomName: string;
  readonly teamId: string;
  readonly channelId: string | null;
  readonly callType: CallType;
  readonly recipientIds: readonly string[];
  readonly engine: MediaEngineName;
  readonly ringTimeoutMs: number;
  /** Most live calls that the initiator may sit in with this one. */
  readonly maxLiveCalls: number;
  readonly skewMs: number;
}

export type CreateOutcome =
  | {
      readonly outcome: 'created';
      readonly stored: LockedCall;
      readonly events: readonly CallEventRecord[];
      readonly rings: readonly DeviceRing[];
      readonly notifications: readonly InboxEntry[];
      /** In how many live calls the caller sits besides. */
      readonly others: number;
    }
  /** This key has made, or found, that call before. */
  | { readonly outcome: 'repeated'; readonly stored: LockedCall }
  /**
   * The pair has a live call. `glare`: it is the other one's and still rings, so that this create counts as its accept,
   * which is a command of its own (under this key, as `create`). Otherwise the key is kept already.
   */
  | { readonly outcome: 'exists'; readonly stored: LockedCall; readonly glare: boolean }
  /** The pair's live call is past a deadline, or somebody's lease in it has run out: settle it, and ask again. */
  | { readonly outcome: 'stale'; readonly callId: string }
  /** Nothing was written. */
  | {
      readonly outcome: 'refused';
      readonly code: Extract<
        ErrorCode,
        | 'not_found'
        | 'recipient_not_in_team'
        | 'recipient_is_self'
        | 'recipients_missing'
        | 'recipients_too_many'
        | 'recipients_repeated'
        | 'too_many_live_calls'
        | 'idempotency_key_reused'
      >;
    };

type Answer =
  | {
      readonly outcome: 'created';
      readonly now: number;
      readonly record: CallRecord;
      readonly events: readonly EventRow[];
      readonly rings: readonly RingRow[];
      readonly notifications: readonly NotificationRow[];
      readonly others: number;
    }
  | { readonly outcome: 'repeated'; readonly now: number; readonly record: CallRecord }
  | { readonly outcome: 'exists'; readonly now: number; readonly record: CallRecord; readonly glare: boolean }
  | Extract<CreateOutcome, { outcome: 'stale' | 'refused' }>;

/**
 * Makes a call, or finds the one that exists: one statement, one round trip. `{ query: db.once }` is enough of a `Sql`.
 *
 * The memberships are held first: whoever is removed at this moment is removed before, and then is no member, or after, and
 * then the removal finds the call and ends it. The device comes next, before the slots of the people: commands of other tabs of
 * it take a sign of life first and slots later, and would wait in a circle with a create that began with the slots.
 */
export async function createCall(sql: Sql, input: NewCall): Promise<CreateOutcome> {
  const [row] = await sql.query<{ answer: Answer }>(
    `with held as materialized (
       select m.user_id from public.team_members m
       where m.team_id = $8 and (m.user_id = $1 or m.user_id = any ($11::uuid[]))
       order by m.user_id for key share
     ), device as materialized (
       select d.id from public.devices d
       where d.user_id = $1 and d.id = $2 and (select count(*) from held) >= 0
       for no key update
     )
     select parley.create_call($1, $2, $3, null, $4, $5, $6, $7, $8, $9, $10::public.call_type, $11::uuid[],
       $12::public.media_engine, $13, $14, $15, $16) as answer
     from (select count(*) from device) as after_that`,
    [
      input.sender.userId,
      input.sender.deviceId,
      input.sender.instanceId,
      input.key,
      input.bodyHash,
      input.callId,
      input.roomName,
      input.teamId,
      input.channelId,
      input.callType,
      [...input.recipientIds],
      input.engine,
      input.ringTimeoutMs,
      input.sender.leaseMs,
      input.maxLiveCalls,
      input.skewMs,
    ],
  );
  if (row === undefined) throw new Error('create_call gave no row');
  const { answer } = row;
  switch (answer.outcome) {
    case 'created':
      return {
        outcome: 'created',
        stored: toLockedCall(answer.record, answer.now),
        events: answer.events.map(toEventRecord),
        rings: answer.rings.map(toDeviceRing),
        notifications: answer.notifications.map(toInboxEntry),
        others: answer.others,
      };
    case 'repeated':
      return { outcome: 'repeated', stored: toLockedCall(answer.record, answer.now) };
    case 'exists':
      return { outcome: 'exists', stored: toLockedCall(answer.record, answer.now), glare: answer.glare };
    case 'stale':
      return { outcome: 'stale', callId: answer.callId };
    case 'refused':
      return { outcome: 'refused', code: answer.code };
  }
}
