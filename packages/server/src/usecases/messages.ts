import type { Message, SendMessage } from '@parley/protocol';
import { Timestamp, Uuid } from '@parley/protocol';
import { z } from 'zod';
import { EdgeError } from '../ports/edge-error.ts';
import { hasAccess, seesChannel } from '../store/channels.ts';
import { findMessages, insertMessage } from '../store/messages.ts';
import { type ChatDeps, claimsOf, type Person } from './chat-deps.ts';
import { decodeCursor, toPage } from './cursor.ts';

const PAGE = 50;
const Position = z.tuple([Timestamp, Uuid]);

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

/** @throws EdgeError `not_found` for whoever may not see the channel */
export async function sendMessage(
  { db, publisher }: ChatDeps,
  person: Person,
  channelId: string,
  { content }: z.infer<typeof SendMessage>,
): Promise<Message> {
  const message = await db.tx(async (sql) => {
    if (!(await hasAccess(sql, channelId, person.userId))) throw new EdgeError('not_found');
    return insertMessage(sql, { channelId, authorId: person.userId, content });
  });
  publisher.message(message);
  return message;
}
