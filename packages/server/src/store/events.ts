import { type Call, type CallEvent, type CreatedEvent, type Instant, type Recorded, replay } from '@parley/domain';
import type { CallEventRecord } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

/** A row of `call_events` as `parley.events_json` gives it. */
export interface EventRow {
  readonly seq: number;
  readonly type: string;
  readonly actorId: string | null;
  readonly deviceId: string | null;
  readonly instanceId: string | null;
  readonly at: Instant;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What clients see of an event: no instance ids. */
export const toEventRecord = ({ seq, type, actorId, deviceId, at, data }: EventRow): CallEventRecord => ({
  seq,
  type,
  actorId,
  deviceId,
  at: new Date(at).toISOString(),
  data: { ...data },
});

/** The row that keeps an accepted event (`created` is written by the SQL function). */
export function toEventRow({ seq, at, event }: Recorded<CallEvent>): EventRow {
  const row = { seq, at, type: event.type, actorId: null, deviceId: null, instanceId: null, data: {} };
  switch (event.type) {
    case 'accepted':
    case 'moved':
      return { ...row, actorId: event.actorId, ...event.seat, data: { ...event.data } };
    case 'media_state':
      return { ...row, actorId: event.actorId, deviceId: event.deviceId, data: { ...event.data } };
    case 'media_connected':
    case 'media_plan':
      return { ...row, actorId: event.actorId, deviceId: event.deviceId, data: { ...event.data } };
    case 'left':
    case 'invited':
    case 'admitted':
    case 'removed':
    case 'muted':
    case 'locked':
    case 'host':
    case 'hand':
    case 'hold':
      return { ...row, actorId: event.actorId, data: { ...event.data } };
    case 'declined':
    case 'cancelled':
    case 'ended':
      return { ...row, actorId: event.actorId };
    case 'busy':
    case 'dropped':
      return { ...row, data: { userId: event.userId } };
    case 'waiting':
    case 'media_reconciled':
      return { ...row, data: { ...event.data } };
    case 'timed_out':
      return row;
    default:
      return unknownType(event);
  }
}

/** Events after `after`, in order, as far as whoever asks may see the call. */
export async function findEvents(sql: Sql, callId: string, after: number): Promise<CallEventRecord[]> {
  return (await findEventRows(sql, callId, after)).map(toEventRecord);
}

async function findEventRows(sql: Sql, callId: string, after: number): Promise<EventRow[]> {
  const [row] = await sql.query<{ events: EventRow[] }>('select parley.events_json($1, $2) as events', [callId, after]);
  return row?.events ?? [];
}

/**
 * The call that its events make, from the log alone; null where there is none.
 * @throws Error when the log is not one that the machine could have written
 */
export async function replayCall(sql: Sql, callId: string): Promise<Call | null> {
  const [first, ...rest] = await findEventRows(sql, callId, 0);
  if (first === undefined) return null;
  return replay(
    { seq: first.seq, at: first.at, event: toCreated(callId, first) },
    rest.map((row) => ({ seq: row.seq, at: row.at, event: toEvent(row) })),
  );
}

function toCreated(callId: string, row: EventRow): CreatedEvent {
  const data = row.data as unknown as Omit<CreatedEvent['data'], 'id'>;
  return { type: 'created', actorId: present(row, 'actorId'), seat: seatOf(row), data: { ...data, id: callId } };
}

/** The log's `data` was written from the event's own type: what stands there is taken at its word. */
function toEvent(row: EventRow): CallEvent {
  const type = row.type as CallEvent['type'];
  switch (type) {
    case 'accepted':
      return {
        type,
        actorId: present(row, 'actorId'),
        seat: seatOf(row),
        data: row.data as unknown as Extract<CallEvent, { type: 'accepted' }>['data'],
      };
    case 'moved':
      return { type, actorId: present(row, 'actorId'), seat: seatOf(row), data: row.data } as unknown as CallEvent;
    case 'media_state':
      return {
        type,
        actorId: present(row, 'actorId'),
        deviceId: present(row, 'deviceId'),
        data: row.data as unknown as Extract<CallEvent, { type: 'media_state' }>['data'],
      };
    case 'media_plan':
      return { type, actorId: row.actorId, deviceId: row.deviceId, data: row.data } as unknown as CallEvent;
    case 'media_connected':
      return {
        type,
        actorId: present(row, 'actorId'),
        deviceId: present(row, 'deviceId'),
        data: row.data,
      } as unknown as CallEvent;
    case 'left':
    case 'invited':
    case 'admitted':
    case 'removed':
    case 'muted':
    case 'locked':
    case 'host':
    case 'hand':
    case 'hold':
      return { type, actorId: present(row, 'actorId'), data: row.data } as unknown as CallEvent;
    case 'declined':
    case 'cancelled':
      return { type, actorId: present(row, 'actorId') };
    case 'ended':
      return { type, actorId: row.actorId };
    case 'busy':
    case 'dropped':
      return { type, userId: String(row.data.userId) };
    case 'waiting':
    case 'media_reconciled':
      return { type, data: row.data } as unknown as CallEvent;
    case 'timed_out':
      return { type };
    default:
      return unknownType(type);
  }
}

const seatOf = (row: EventRow) => ({
  deviceId: present(row, 'deviceId'),
  instanceId: present(row, 'instanceId'),
});

function present(row: EventRow, field: 'actorId' | 'deviceId' | 'instanceId'): string {
  const value = row[field];
  if (value === null) throw new Error(`event ${row.seq} (${row.type}) has no ${field}`);
  return value;
}

function unknownType(value: never): never {
  throw new Error(`unknown event: ${JSON.stringify(value)}`);
}
