import { isLive, isSeated, participantOf } from '@parley/domain';
import { type CallMessage, Timestamp, Uuid } from '@parley/protocol';
import { z } from 'zod';
import { EdgeError } from '../ports/edge-error.ts';
import { countCallMessages, findCallMessages, insertCallMessage } from '../store/call-messages.ts';
import { findCall, lockCall } from '../store/calls.ts';
import { claimsOf, single } from './context.ts';
import { decodeCursor, toPage } from './cursor.ts';
import type { Actor, CallDeps, Page } from './types.ts';

const PAGE = 100;
/** Lines of one call: nobody reads more, and nobody fills the disk with them. */
const MOST = 2_000;
/** Lines of one person in so many seconds: nobody shuts the chat for the others. */
const BURST = 20;
const BURST_SECONDS = 10;
const Position = z.tuple([Timestamp.regex(/^(?!0000)/), Uuid]);

/** Newest first, for whoever was in the call and may see it. @throws EdgeError `not_found` */
export async function listCallMessages(
  { db }: CallDeps,
  actor: Actor,
  callId: string,
  cursor: string | null,
): Promise<Page<CallMessage>> {
  const position = decodeCursor(cursor ?? undefined, Position);
  const before = position === null ? null : { createdAt: position[0], id: position[1] };
  return db.readAs(claimsOf(actor), async (sql) => {
    const stored = await findCall(sql, callId);
    const person = stored && participantOf(stored.call, actor.userId);
    if (!person || person.barred) throw new EdgeError('not_found');
    const rows = await findCallMessages(sql, callId, before, PAGE + 1);
    return toPage(rows, PAGE, (last) => [last.createdAt, last.id]);
  });
}

/**
 * `key` becomes the message's id: the same again is answered with the first one, and nobody is told twice.
 * @throws EdgeError `not_found`, `call_ended`, `not_accepted`, `rate_limited` in a call that has too many lines, `idempotency_key_reused`
 */
export async function sendCallMessage(
  deps: CallDeps,
  actor: Actor,
  callId: string,
  content: string,
  key: string,
): Promise<{ message: CallMessage; made: boolean }> {
  const { db, clock, publisher } = deps;
  const stored = await findCall(single(deps), callId);
  if (!stored || !participantOf(stored.call, actor.userId)) throw new EdgeError('not_found');
  const result = await db.tx(async (sql) => {
    const locked = await lockCall(sql, callId, clock.skewMs());
    const person = locked && participantOf(locked.call, actor.userId);
    if (!locked || !person) throw new EdgeError('not_found');
    if (!isLive(locked.call)) throw new EdgeError('call_ended');
    if (!isSeated(person)) throw new EdgeError('not_accepted');
    const lines = await countCallMessages(sql, callId, actor.userId, BURST_SECONDS);
    if (lines.all >= MOST) throw new EdgeError('rate_limited', { retryAfter: 60 });
    if (lines.own >= BURST) throw new EdgeError('rate_limited', { retryAfter: BURST_SECONDS });
    const made = await insertCallMessage(sql, {
      id: key,
      callId,
      authorId: actor.userId,
      content,
      skewMs: clock.skewMs(),
    });
    if (made.message.content !== content || made.message.callId !== callId || made.message.author.id !== actor.userId) {
      throw new EdgeError('idempotency_key_reused');
    }
    return made;
  });
  if (result.made) publisher.callMessage(result.message);
  return result;
}
