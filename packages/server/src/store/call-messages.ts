import type { CallMessage } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

interface Row {
  id: string;
  call_session_id: string;
  author_id: string;
  author_name: string;
  content: string;
  created_at: Date;
}

const toMessage = (row: Row): CallMessage => ({
  id: row.id,
  callId: row.call_session_id,
  author: { id: row.author_id, displayName: row.author_name },
  content: row.content,
  createdAt: row.created_at.toISOString(),
});

const COLUMNS = `m.id, m.call_session_id, m.author_id, m.content, m.created_at`;

/** Newest first, those older than `before`, as far as whoever asks may see them. */
export async function findCallMessages(
  sql: Sql,
  callId: string,
  before: { readonly createdAt: string; readonly id: string } | null,
  limit: number,
): Promise<CallMessage[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS}, coalesce(n.display_name, '') as author_name
       from public.call_messages m
       left join parley.names_in_call($1) n on n.user_id = m.author_id
      where m.call_session_id = $1
        and ($2::timestamptz is null or (m.created_at, m.id) < ($2::timestamptz, $3::uuid))
      order by m.created_at desc, m.id desc limit $4`,
    [callId, before?.createdAt ?? null, before?.id ?? null, limit],
  );
  return rows.map(toMessage);
}

/** How many there are, and how many of them one person wrote in the last `seconds`. */
export async function countCallMessages(
  sql: Sql,
  callId: string,
  userId: string,
  seconds: number,
): Promise<{ readonly all: number; readonly own: number }> {
  const [row] = await sql.query<{ all: number; own: number }>(
    `select count(*)::int as all,
        (count(*) filter (where author_id = $2 and created_at > clock_timestamp() - $3::integer * interval '1 second'))::int as own
       from public.call_messages where call_session_id = $1`,
    [callId, userId, seconds],
  );
  return row ?? { all: 0, own: 0 };
}

/** The message, or the one that has this id already. Asked as the server. */
export async function insertCallMessage(
  sql: Sql,
  message: {
    readonly id: string;
    readonly callId: string;
    readonly authorId: string;
    readonly content: string;
    readonly skewMs: number;
  },
): Promise<{ message: CallMessage; made: boolean }> {
  const [made] = await sql.query<{ id: string }>(
    `insert into public.call_messages (id, call_session_id, author_id, content, created_at)
     values ($1, $2, $3, $4, parley.clock($5)) on conflict (id) do nothing returning id`,
    [message.id, message.callId, message.authorId, message.content, message.skewMs],
  );
  const [row] = await sql.query<Row>(
    `select ${COLUMNS}, coalesce(n.display_name, '') as author_name
       from public.call_messages m left join parley.people n on n.id = m.author_id where m.id = $1`,
    [message.id],
  );
  if (row === undefined) throw new Error('A message went away while it was written.');
  return { message: toMessage(row), made: made !== undefined };
}
