import type { Notification } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

/** An inbox entry as the SQL functions give it; instants in milliseconds. */
export interface NotificationRow {
  readonly userId: string;
  readonly id: string;
  readonly seq: number;
  readonly callId: string;
  readonly type: Notification['type'];
  readonly createdAt: number;
  readonly readAt: number | null;
}

export interface InboxEntry {
  readonly userId: string;
  readonly item: Notification;
}

export const toInboxEntry = ({ userId, createdAt, readAt, ...rest }: NotificationRow): InboxEntry => ({
  userId,
  item: {
    id: rest.id,
    seq: rest.seq,
    callId: rest.callId,
    type: rest.type,
    createdAt: new Date(createdAt).toISOString(),
    readAt: readAt === null ? null : new Date(readAt).toISOString(),
  },
});

const COLUMNS = `user_id as "userId", id, seq, call_session_id as "callId", type, parley.ms(created_at) as "createdAt", parley.ms(read_at) as "readAt"`;

/** Entries of a person's inbox older than `before` (a sequence number; null for the newest), newest first. */
export async function findNotifications(
  sql: Sql,
  userId: string,
  before: number | null,
  limit: number,
): Promise<Notification[]> {
  const rows = await sql.query<NotificationRow>(
    `select ${COLUMNS} from public.call_notifications
      where user_id = $1 and ($2::bigint is null or seq < $2::bigint)
      order by seq desc limit $3`,
    [userId, before, limit],
  );
  return rows.map((row) => toInboxEntry(row).item);
}

/** What a call has left in inboxes. Asked as the server. */
export async function findInboxOfCall(sql: Sql, callId: string): Promise<InboxEntry[]> {
  const rows = await sql.query<NotificationRow>(
    `select ${COLUMNS} from public.call_notifications where call_session_id = $1`,
    [callId],
  );
  return rows.map(toInboxEntry);
}

export interface Inbox {
  /** Number of the newest entry; 0 for an inbox that is empty. */
  readonly seq: number;
  /** The newest `limit` of those after the number asked for, in order. */
  readonly items: readonly Notification[];
}

/** Of the newest entry, and the newest of those after `after`, the newest first. */
export function toInbox(rows: readonly NotificationRow[], after: number): Inbox {
  const items = rows.map((row) => toInboxEntry(row).item).reverse();
  return { seq: items.at(-1)?.seq ?? 0, items: items.filter((item) => item.seq > after) };
}

/**
 * Ids that are not the person's own are passed over, and what was read stays read when it was. Returns what was not read
 * before. Asked as the server.
 */
export async function markRead(
  sql: Sql,
  userId: string,
  ids: readonly string[],
  skewMs: number,
): Promise<Notification[]> {
  const rows = await sql.query<NotificationRow>(
    `update public.call_notifications set read_at = greatest(created_at, parley.clock($3))
      where user_id = $1 and id = any ($2::uuid[]) and read_at is null
      returning ${COLUMNS}`,
    [userId, [...ids], skewMs],
  );
  return rows.map((row) => toInboxEntry(row).item);
}
