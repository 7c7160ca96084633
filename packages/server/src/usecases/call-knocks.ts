import { type CallEvent, isLive, isSeated, participantOf } from '@parley/domain';
import type { AdmitGuest, Knock, KnockAnswer } from '@parley/protocol';
import type { z } from 'zod';
import type { Sql } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import type { GuestTokens } from '../ports/guests.ts';
import type { GiveBack } from '../ports/rate-limits.ts';
import { hashToken } from '../random-token.ts';
import {
  countWaiting,
  decideKnock,
  type FoundKnock,
  findKnockOf,
  findKnocks,
  insertKnock,
  lapseKnocks,
  lockKnock,
  renewKnock,
  withdrawKnocks,
} from '../store/call-knocks.ts';
import { findLink, lockLink } from '../store/call-links.ts';
import { findCall } from '../store/calls.ts';
import { makeGuest } from '../store/guests.ts';
import { findPerson } from '../store/people.ts';
import { type Announcement, announce } from './announce.ts';
import { linkKey, requireOpen, type Visitor } from './call-links.ts';
import { single } from './context.ts';

import { changeCall } from './keep-call.ts';
import { refusal } from './run-command.ts';
import type { Actor, CallDeps } from './types.ts';

/** How long a guest is somebody, in milliseconds: for a long call, and no longer. */
const GUEST_MS = 6 * 3_600_000;
/**
 * How long somebody is taken to wait after each time that they say so, in milliseconds. Pages say it three times in that time, and
 * once a minute where their tab is hidden and its timers are slowed down.
 */
const WAIT_MS = 90_000;
/** Most who can wait at one link at a time. */
const WAITING = 50;
/** Knocks that lapse in one sweep at most. */
const LAPSING = 500;

/** Counts a knock that those inside will hear. @throws EdgeError `rate_limited` */
export type Take = () => Promise<GiveBack>;

/**
 * Whoever waits already is kept waiting, and nobody hears of it again: that is how a page says that somebody is still there.
 * @throws EdgeError as `requireOpen`, `bad_request` without a name, `rate_limited`, `forbidden` where there are no guests
 */
export async function waitBefore(
  context: CallDeps,
  guests: GuestTokens | null,
  visitor: Visitor,
  tokenHash: string,
  displayName: string | undefined,
  take: Take,
): Promise<KnockAnswer> {
  const { db, clock } = context;
  const known = visitor && (await db.tx((sql) => stillThere(sql, visitor.userId, tokenHash, clock.skewMs())));
  if (known?.answer) {
    if (known.cameBack && known.answer.callId !== null) await tellWaiting(context, known.answer.callId);
    return known.answer;
  }
  const giveBack = await take();
  let answer: KnockAnswer;
  try {
    answer = await db.tx((sql) => begin(context, sql, guests, visitor, tokenHash, displayName));
  } catch (error) {
    if (!(error instanceof EdgeError)) await giveBack();
    throw error;
  }
  if (answer.callId !== null) await tellWaiting(context, answer.callId);
  return answer;
}

async function stillThere(
  sql: Sql,
  userId: string,
  tokenHash: string,
  skewMs: number,
): Promise<{ readonly answer: KnockAnswer | null; readonly cameBack: boolean }> {
  const by = { tokenHash, id: null, skewMs };
  const link = requireOpen(await findLink(sql, by));
  const known = await findKnockOf(sql, link.id, userId, skewMs);
  if (known === null || known.status === 'denied') return { answer: null, cameBack: false };
  const answer = { knockId: known.id, callId: link.liveCallId, session: null };
  if (known.status === 'admitted') {
    const isIn = await isLetIn(sql, known);
    return { answer: isIn ? { ...answer, status: 'admitted', callId: known.callId } : null, cameBack: false };
  }
  const cameBack = known.status === 'gone';
  if (cameBack) {
    // Those who come back need room again. The link is held before the knock, as by whoever lets people in.
    await lockLink(sql, by);
    await requireRoom(sql, link.id, skewMs);
  }
  await renewKnock(sql, known.id, WAIT_MS, skewMs);
  return { answer: { ...answer, status: 'waiting' }, cameBack };
}

async function requireRoom(sql: Sql, linkId: string, skewMs: number): Promise<void> {
  if ((await countWaiting(sql, linkId, skewMs)) >= WAITING) throw new EdgeError('rate_limited', { retryAfter: 30 });
}

async function begin(
  { clock }: CallDeps,
  sql: Sql,
  guests: GuestTokens | null,
  visitor: Visitor,
  tokenHash: string,
  displayName: string | undefined,
): Promise<KnockAnswer> {
  const skewMs = clock.skewMs();
  const link = requireOpen(await lockLink(sql, { tokenHash, id: null, skewMs }));
  // Whoever is somebody already comes under the name that those inside will see.
  const name = visitor === null ? displayName : (await findPerson(sql, visitor.userId))?.displayName;
  if (!name) throw new EdgeError('bad_request', { errors: [{ path: 'displayName', message: 'missing' }] });
  await requireRoom(sql, link.id, skewMs);
  const userId = visitor?.userId ?? (await makeGuest(sql, name));
  if (userId === null || (visitor === null && guests === null)) throw new EdgeError('forbidden');
  const knock = { linkId: link.id, userId, displayName: name, lifeMs: GUEST_MS, waitMs: WAIT_MS, skewMs };
  const made = await insertKnock(sql, knock);
  const session =
    visitor === null && guests !== null
      ? {
          accessToken: await guests.sign(userId, made.expiresAt.getTime()),
          expiresAt: made.expiresAt.toISOString(),
          user: { id: userId, displayName: name },
        }
      : null;
  return { status: 'waiting', knockId: made.id, callId: link.liveCallId, session };
}

/** Whoever was let in once, and is still expected or there. */
async function isLetIn(sql: Sql, { callId, userId }: FoundKnock): Promise<boolean> {
  const stored = callId === null ? null : await findCall(sql, callId);
  const person = stored && isLive(stored.call) ? participantOf(stored.call, userId) : undefined;
  return person !== undefined && (isSeated(person) || person.state === 'invited');
}

/** Whoever waits goes away. Twice does nothing more. @throws EdgeError `not_found` for a link that never was */
export async function withdrawKnock(context: CallDeps, actor: Actor, token: string): Promise<void> {
  const by = { tokenHash: await hashToken(token), id: null, skewMs: context.clock.skewMs() };
  const link = await findLink(single(context), by);
  if (link === null) throw new EdgeError('not_found');
  const waited = await withdrawKnocks(single(context), link.id, actor.userId);
  if (waited && link.liveCallId !== null) await tellWaiting(context, link.liveCallId);
}

/** Those inside hear of whoever waits no longer. */
export async function lapse(context: CallDeps): Promise<void> {
  for (const callId of await lapseKnocks(single(context), LAPSING, context.clock.skewMs())) {
    await tellWaiting(context, callId);
  }
}

/**
 * Somebody inside lets a guest in, or not. Twice does nothing more, and whoever went away is neither.
 * @throws EdgeError `not_found` for whoever is not inside, or knows no such knock; as `requireOpen`; what the machine refuses
 */
export async function admitGuest(
  context: CallDeps,
  actor: Actor,
  idOrToken: string,
  { knockId, admit }: z.infer<typeof AdmitGuest>,
): Promise<{ items: readonly Knock[] }> {
  const { clock, publisher } = context;
  const by = await linkKey(idOrToken, clock.skewMs());
  const { callId, told, announcement } = await context.db.tx(async (sql) => {
    const link = await lockLink(sql, by);
    const callId = link?.liveCallId ?? null;
    if (link === null || callId === null) throw new EdgeError('not_found');
    if (admit) requireOpen(link);
    await requireInside(sql, callId, actor.userId);
    const found = await lockKnock(sql, link.id, knockId, by.skewMs);
    if (found === null) throw new EdgeError('not_found');
    if (found.status !== 'waiting') return { callId, told: null, announcement: null };
    const status = admit ? ('admitted' as const) : ('denied' as const);
    const data = { userId: found.userId, isGuest: true };
    const announcement = admit
      ? await letIn(context, sql, callId, { type: 'admitted', actorId: actor.userId, data })
      : null;
    await decideKnock(sql, { knockId, status, byId: actor.userId, callId });
    return { callId, told: { userId: found.userId, status }, announcement };
  });
  if (announcement) announce(context, announcement);
  if (told) {
    publisher.knock(told.userId, { knockId, status: told.status, callId: told.status === 'admitted' ? callId : null });
  }
  return { items: await tellWaiting(context, callId) };
}

/** Who waits before a call. @throws EdgeError `not_found` for whoever is not inside, and for guests */
export async function listKnocks(
  context: CallDeps,
  actor: Actor,
  callId: string,
): Promise<{ items: readonly Knock[] }> {
  await requireInside(single(context), callId, actor.userId);
  return { items: await findKnocks(single(context), callId, context.clock.skewMs()) };
}

async function requireInside(sql: Sql, callId: string, userId: string): Promise<void> {
  const stored = await findCall(sql, callId);
  const person = stored && isLive(stored.call) ? participantOf(stored.call, userId) : undefined;
  if (!person || person.isGuest || !isSeated(person)) throw new EdgeError('not_found');
}

/** Within the caller's transaction. Null where it is so already. @throws EdgeError `not_found`, what the machine refuses */
export async function letIn(
  context: CallDeps,
  sql: Sql,
  callId: string,
  event: Extract<CallEvent, { type: 'admitted' }>,
): Promise<Announcement | null> {
  const change = await changeCall(context, sql, callId, () => event);
  if (change === null) throw new EdgeError('not_found');
  if (change.refused !== null) throw refusal(change.refused);
  return change.announcement;
}

/** Tells those inside who waits. */
export async function tellWaiting(context: CallDeps, callId: string): Promise<readonly Knock[]> {
  const knocks = await findKnocks(single(context), callId, context.clock.skewMs());
  context.publisher.knocks(callId, knocks);
  return knocks;
}
