import type { Message } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

interface MessageRow {
  id: string;
  channel_id: string;
  author_id: string;
  author_name: string;
  type: Message['type'];
  content: string;
  created_at: Date;
}

const toMessage = (row: MessageRow): Message => ({
  id: row.id,
  channelId: row.channel_id,
  author: { id: row.author_id, displayName: row.author_name },
  type: row.type,
  content: row.content,
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
    `select m.id, m.channel_id, m.author_id, coalesce(p.display_name, '') as author_name, m.type, m.content, m.created_at
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

/** `ageMs`: for seeds, how long ago it was written. */
export async function insertMessage(
  sql: Sql,
  message: { channelId: string; authorId: string; content: string; ageMs?: number },
): Promise<Message> {
  const [row] = await sql.query<MessageRow>(
    `with made as (
       insert into public.messages (channel_id, author_id, content, created_at)
       values ($1, $2, $3, date_trunc('milliseconds', clock_timestamp()) - $4::float8 * interval '1 millisecond')
       returning id, channel_id, author_id, type, content, created_at)
     select made.*, coalesce(p.display_name, '') as author_name
       from made left join public.profiles p on p.id = made.author_id`,
    [message.channelId, message.authorId, message.content, message.ageMs ?? 0],
  );
  if (row === undefined) throw new Error('An insert gave no row.');
  return toMessage(row);
}
