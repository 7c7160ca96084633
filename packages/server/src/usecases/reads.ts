import {
  type Call,
  type CallEventRecord,
  type CallView,
  type ChannelCall,
  type Notification,
  type Participant,
  type PeopleQuery,
  Uuid,
} from '@parley/protocol';
import { z } from 'zod';
import { EdgeError } from '../ports/edge-error.ts';
import { callFor } from '../store/big-call.ts';
import { callView, wireCall } from '../store/call-view.ts';
import { findCall, findCallInChannel } from '../store/calls.ts';
import { channelCallOf } from '../store/channel-call.ts';
import { seesChannel } from '../store/channels.ts';
import { findDueOf } from '../store/due.ts';
import { findEvents } from '../store/events.ts';
import { cursorAfter, findHistory } from '../store/history.ts';
import { findNotifications, markRead as markReadInStore } from '../store/notifications.ts';
import { findParticipants } from '../store/participants.ts';
import { isMember } from '../store/self.ts';
import { type CallContext, claimsOf, single } from './context.ts';
import { decodeCursor, toPage } from './cursor.ts';
import type { Actor, HistoryRequest, Page } from './types.ts';

const PAGE = 50;
const Instant = z.string().regex(/^\d{1,15}$/);
const HistoryPosition = z.tuple([Instant, Uuid]);
const ParticipantPosition = z.tuple([z.string().regex(/^\d{1,6}$/)]);
const PEOPLE_PAGE = 100;
const InboxPosition = z.tuple([Instant]);

/** A call as its person may see it, with what is due applied. @throws EdgeError `not_found` */
export async function getCall(context: CallContext, actor: Actor, callId: string): Promise<CallView> {
  await context.settle([callId]);
  const stored = await context.db.readAs(claimsOf(actor), (sql) => findCall(sql, callId));
  if (!stored) throw new EdgeError('not_found');
  return callView(stored);
}

/** Everybody of a call, or whom `wanted` fits, in its order, page by page. @throws EdgeError `not_found` */
export async function listParticipants(
  context: CallContext,
  actor: Actor,
  callId: string,
  wanted: PeopleQuery,
): Promise<Page<Participant>> {
  const { name = null, only, cursor } = wanted;
  const from = Number(decodeCursor(cursor, ParticipantPosition)?.[0] ?? 0);
  await context.settle([callId]);
  const rows = await context.db.readAs(claimsOf(actor), (sql) =>
    findParticipants(sql, callId, { from, limit: PEOPLE_PAGE + 1, name, here: only === 'here' }),
  );
  if (!rows) throw new EdgeError('not_found');
  const page = toPage(rows, PEOPLE_PAGE, (last) => [String(last.position + 1)]);
  return { ...page, items: page.items.map(({ person }) => person) };
}

/** The call that runs in a channel, or null. @throws EdgeError `not_found` for whoever may not see the channel */
export async function channelCall(context: CallContext, actor: Actor, channelId: string): Promise<ChannelCall | null> {
  return context.db.readAs(claimsOf(actor), async (sql) => {
    if (!(await seesChannel(sql, channelId))) throw new EdgeError('not_found');
    const stored = await findCallInChannel(sql, channelId);
    return stored && channelCallOf(callView(stored));
  });
}

/** @throws EdgeError `not_found` for whoever is not in the team */
export async function listCalls(
  context: CallContext,
  actor: Actor,
  { teamId, only, with: other, cursor }: HistoryRequest,
): Promise<Page<Call>> {
  const position = decodeCursor(cursor ?? undefined, HistoryPosition);
  const before = position && { createdAt: Number(position[0]), id: position[1] };
  await settleOwn(context, actor.userId);
  return context.db.readAs(claimsOf(actor), async (sql) => {
    if (teamId !== null && !(await isMember(sql, actor.userId, teamId))) throw new EdgeError('not_found');
    const rows = await findHistory(sql, actor.userId, { teamId, only, with: other, before, limit: PAGE + 1 });
    const page = toPage(rows, PAGE, (last) => {
      const { createdAt, id } = cursorAfter(last);
      return [String(createdAt), id];
    });
    return { ...page, items: page.items.map((stored) => callFor(wireCall(stored), actor.userId)) };
  });
}

/** @throws EdgeError `not_found` */
export async function listEvents(
  context: CallContext,
  actor: Actor,
  callId: string,
  after: number,
): Promise<readonly CallEventRecord[]> {
  await context.settle([callId]);
  return context.db.readAs(claimsOf(actor), async (sql) => {
    if (!(await findCall(sql, callId))) throw new EdgeError('not_found');
    return findEvents(sql, callId, after);
  });
}

export async function listNotifications(
  context: CallContext,
  actor: Actor,
  cursor: string | null,
): Promise<Page<Notification>> {
  const position = decodeCursor(cursor ?? undefined, InboxPosition);
  const before = position && Number(position[0]);
  await settleOwn(context, actor.userId);
  return context.db.readAs(claimsOf(actor), async (sql) => {
    const rows = await findNotifications(sql, actor.userId, before, PAGE + 1);
    return toPage(rows, PAGE, (last) => [String(last.seq)]);
  });
}

export async function markRead(context: CallContext, actor: Actor, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  for (const item of await markReadInStore(single(context), actor.userId, ids, context.clock.skewMs())) {
    context.publisher.inbox(actor.userId, item);
  }
}

async function settleOwn(context: CallContext, userId: string): Promise<void> {
  await context.ensureBeat();
  const due = await findDueOf(single(context), userId, context.clock.skewMs());
  if (due.length > 0) await context.settle(due);
}
