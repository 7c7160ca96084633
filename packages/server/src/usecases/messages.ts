import type { Message, SendMessage } from '@parley/protocol';
import { Timestamp, Uuid } from '@parley/protocol';
import { z } from 'zod';
import { EdgeError } from '../ports/edge-error.ts';
import { hasAccess, seesChannel } from '../store/channels.ts';
import { findMessages, findOwnMessage, insertMessage } from '../store/messages.ts';
import { type ChatDeps, claimsOf, type Person } from './chat-deps.ts';
import { decodeCursor, toPage } from './cursor.ts';

const PAGE = 50;
/** Postgres has no year 0. */
const Position = z.tuple([Timestamp.regex(/^(?!0000)/), Uuid]);

/** Newest first. @throws EdgeError `not_found` for whoever may not see the channel */
export async function listMessages(
  { db }: ChatDeps,
  person: Person,
  channelId: string,
  cursor: string | undefined,
): Promise<{ items: Message[]; nextCursor: string | null }> {
  const position = decodeCursor(cursor, Position);
  const before = position === null ? null : { createdAt: position[0], id: position[1] };
  return db.readAs(claimsOf(person), async (sql) => {
    if (!(await seesChannel(sql, channelId))) throw new EdgeError('not_found');
    const rows = await findMessages(sql, channelId, before, PAGE + 1);
    return toPage(rows, PAGE, (last) => [last.createdAt, last.id]);
  });
}

/**
 * `key` is the idempotency key, or null; it becomes the message's id, so that nothing else needs to be remembered. The same
 * message again is answered with the first one, and nobody is told twice.
 * @throws EdgeError `not_found` for whoever may not see the channel, `idempotency_key_reused` for another message
 */
export async function sendMessage(
  { db, publisher }: ChatDeps,
  person: Person,
  channelId: string,
  { content }: z.infer<typeof SendMessage>,
  key: string | null,
): Promise<{ message: Message; made: boolean }> {
  const authorId = person.userId;
  const result = await db.tx(async (sql) => {
    if (!(await hasAccess(sql, channelId, authorId))) throw new EdgeError('not_found');
    const made = await insertMessage(sql, { channelId, authorId, content, ...(key === null ? {} : { id: key }) });
    if (made !== undefined) return { message: made, made: true };
    const before = key === null ? undefined : await findOwnMessage(sql, { id: key, channelId, authorId });
    if (before?.content !== content) throw new EdgeError('idempotency_key_reused');
    return { message: before, made: false };
  });
  if (result.made) publisher.message(result.message);
  return result;
}
