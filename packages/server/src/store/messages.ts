import type { Instant } from '@parley/domain';
import type { Message } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

interface MessageRow {
  id: string;
  channel_id: string;
  author_id: string;
  author_name: string;
  type: Message['type'];
  content: string;
  call: Message['call'];
  created_at: Date;
}

const toMessage = (row: MessageRow): Message => ({
  id: row.id,
  channelId: row.channel_id,
  author: { id: row.author_id, displayName: row.author_name },
  type: row.type,
  content: row.content,
  call: row.call,
  createdAt: row.created_at.toISOString(),
});

/** Newest first, those older than `before`. */
export async function findMessages(
  sql: Sql,
  channelId: string,
  before: { readonly createdAt: string; readonly id: string } | null,
  limit: number,
): Promise<Message[]> {
  const rows = await sql.query<MessageRow>(
    `select m.id, m.channel_id, m.author_id, coalesce(p.display_name, '') as author_name, m.type, m.content, m.call, m.created_at
       from public.messages m
       left join public.profiles p on p.id = m.author_id
      where m.channel_id = $1
        and ($2::timestamptz is null or (m.created_at, m.id) < ($2::timestamptz, $3::uuid))
      order by m.created_at desc, m.id desc
      limit $4`,
    [channelId, before?.createdAt ?? null, before?.id ?? null, limit],
  );
  return rows.map(toMessage);
}

/**
 * `id` is the client's, so that the same message sent twice is one; `ageMs` is for seeds: how long ago it was written.
 * Undefined where there is a message of that id.
 */
export async function insertMessage(
  sql: Sql,
  message: {
    id?: string;
    channelId: string;
    authorId: string;
    content: string;
    ageMs?: number;
    type?: 'text' | 'call_invite';
  },
): Promise<Message | undefined> {
  const [row] = await sql.query<MessageRow>(
    `with made as (
       insert into public.messages (id, channel_id, author_id, content, type, created_at)
       values (coalesce($5::uuid, gen_random_uuid()), $1, $2, $3, $6,
               date_trunc('milliseconds', clock_timestamp()) - $4::float8 * interval '1 millisecond')
       on conflict (id) do nothing
       returning id, channel_id, author_id, type, content, call, created_at)
     select made.*, coalesce(p.display_name, '') as author_name
       from made left join public.profiles p on p.id = made.author_id`,
    [
      message.channelId,
      message.authorId,
      message.content,
      message.ageMs ?? 0,
      message.id ?? null,
      message.type ?? 'text',
    ],
  );
  return row === undefined ? undefined : toMessage(row);
}

/** One's own message of this id in this channel. */
export async function findOwnMessage(
  sql: Sql,
  message: { id: string; channelId: string; authorId: string },
): Promise<Message | undefined> {
  const [row] = await sql.query<MessageRow>(
    `select m.id, m.channel_id, m.author_id, coalesce(p.display_name, '') as author_name, m.type, m.content, m.call, m.created_at
       from public.messages m
       left join public.profiles p on p.id = m.author_id
      where m.id = $1 and m.channel_id = $2 and m.author_id = $3`,
    [message.id, message.channelId, message.authorId],
  );
  return row === undefined ? undefined : toMessage(row);
}

export interface CallMessage {
  readonly message: Message;
  /** The team whose channel is so new that nothing else is in it: people may not know of it. */
  readonly teamOfNewChannel: string | null;
}

/** As `parley.call_message` gives it: the instant in milliseconds. */
interface CallMessageRecord {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly authorName: string;
  readonly type: Message['type'];
  readonly content: string;
  readonly call: Message['call'];
  readonly createdAt: Instant;
  readonly newIn: string | null;
}

/**
 * What a call that has ended has left in the chat; null where it left nothing. Through the seam, because calls end on hosts
 * too that have no chat of ours. Asked as the server.
 */
export async function findCallMessage(sql: Sql, callId: string): Promise<CallMessage | null> {
  const [row] = await sql.query<{ message: CallMessageRecord | null }>('select parley.call_message($1) as message', [
    callId,
  ]);
  if (!row?.message) return null;
  const { authorId, authorName, createdAt, newIn, ...rest } = row.message;
  return {
    message: {
      ...rest,
      author: { id: authorId, displayName: authorName },
      createdAt: new Date(createdAt).toISOString(),
    },
    teamOfNewChannel: newIn,
  };
}
