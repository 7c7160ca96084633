import { isLive, isSeated, participantOf } from '@parley/domain';
import {
  type AdmitGuest,
  type CallLink,
  type CallLinkPreview,
  type CreateCallLink,
  type Knock,
  type KnockAnswer,
  type Message,
  Uuid,
} from '@parley/protocol';
import type { z } from 'zod';
import type { Sql } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import type { GuestTokens } from '../ports/guests.ts';
import { hashToken, randomToken } from '../random-token.ts';
import {
  countWaiting,
  decideKnock,
  type FoundLink,
  findKnockOf,
  findKnocks,
  insertKnock,
  insertLink,
  leadTo,
  lockKnock,
  lockLink,
  makeGuest,
  previewOf,
  revokeLink,
} from '../store/call-links.ts';
import { callView } from '../store/call-view.ts';
import { findCall, lockCall, saveCall } from '../store/calls.ts';
import { hasAccess } from '../store/channels.ts';
import { insertMessage } from '../store/messages.ts';
import { findPerson, namesOf } from '../store/people.ts';
import { lockMembership } from '../store/teams.ts';
import { type Announcement, announce } from './announce.ts';
import { single } from './context.ts';
import { applyDue, step } from './due.ts';
import { refusal } from './run-command.ts';
import type { Actor, CallDeps, CallUseCases } from './types.ts';

/** How long a link leads somewhere unless something else is asked for, in milliseconds. */
const LINK_MS = 24 * 3_600_000;
/** How long a guest is somebody: for a long call, and no longer. */
const GUEST_MS = 6 * 3_600_000;
/** Most who can wait at one link at a time. */
const WAITING = 50;

/** Whoever knocks: null for somebody of whom nothing is known. */
type Visitor = Actor | null;

/** @throws EdgeError `not_found` for outsiders, and for a channel or a call that is not theirs */
export async function createLink(
  context: CallDeps,
  actor: Actor,
  teamId: string,
  body: CreateCallLink,
): Promise<CallLink> {
  const { db, clock, settings, publisher } = context;
  const token = randomToken();
  const tokenHash = await hashToken(token);
  const url = `${settings.publicUrl}/join/${token}`;
  const channelId = body.channelId ?? null;
  const callType = body.callType ?? 'group_video';
  const { link, message } = await db.tx(async (sql) => {
    if (actor.isAnonymous || !(await lockMembership(sql, teamId, actor.userId))) throw new EdgeError('not_found');
    if (channelId !== null && !(await hasAccess(sql, channelId, actor.userId))) throw new EdgeError('not_found');
    if (body.callId != null) await requireSeat(sql, body.callId, teamId, actor);
    const link = await insertLink(sql, {
      tokenHash,
      teamId,
      channelId: body.callId == null ? channelId : null,
      callType,
      createdBy: actor.userId,
      callId: body.callId ?? null,
      lifeMs: body.expiresInSeconds === undefined ? LINK_MS : body.expiresInSeconds * 1_000,
      skewMs: clock.skewMs(),
    });
    const invite = { authorId: actor.userId, content: url, type: 'call_invite' as const };
    const message = channelId === null ? undefined : await insertMessage(sql, { ...invite, channelId });
    return { link, message };
  });
  if (message) publisher.message(message satisfies Message);
  return { id: link.id, token, url, teamId, channelId, callType, expiresAt: link.expiresAt.toISOString() };
}

async function requireSeat(sql: Sql, callId: string, teamId: string, actor: Actor): Promise<void> {
  const stored = await findCall(sql, callId);
  const person = stored && participantOf(stored.call, actor.userId);
  if (!stored || !person || stored.call.teamId !== teamId || !isLive(stored.call) || !isSeated(person)) {
    throw new EdgeError('not_found');
  }
}

/** @throws EdgeError `not_found` for a link that never was, `invitation_invalid` for one that leads nowhere any more */
export async function previewLink(context: CallDeps, visitor: Visitor, token: string): Promise<CallLinkPreview> {
  const tokenHash = await hashToken(token);
  return context.db.tx(async (sql) => {
    const link = await openLink(sql, tokenHash, context);
    return previewOf(sql, link, visitor?.userId ?? null);
  });
}

/** `idOrToken`: what its maker was given. @throws EdgeError `not_found` for a link that is not theirs to revoke */
export async function endLink({ db, clock }: CallDeps, actor: Actor, idOrToken: string): Promise<void> {
  const by = { id: Uuid.safeParse(idOrToken).data ?? null, tokenHash: await hashToken(idOrToken) };
  const gone = await db.tx((sql) => revokeLink(sql, { ...by, userId: actor.userId, skewMs: clock.skewMs() }));
  if (!gone) throw new EdgeError('not_found');
}

/**
 * A member goes in directly, and begins the call where nobody is in it; everybody else waits until somebody inside lets them in.
 * @throws EdgeError `not_found`, `invitation_invalid`, `forbidden` where there are no guests, `rate_limited`, `device_required`,
 * and what the machine refuses
 */
export async function knock(
  context: CallDeps,
  calls: Pick<CallUseCases, 'create'>,
  guests: GuestTokens | null,
  visitor: Visitor,
  token: string,
  displayName: string | undefined,
): Promise<KnockAnswer> {
  const tokenHash = await hashToken(token);
  const { link, isMember } = await context.db.tx(async (sql) => {
    const link = await openLink(sql, tokenHash, context);
    const isMember = visitor !== null && !visitor.isAnonymous && (await mayGoIn(sql, link, visitor.userId));
    return { link, isMember };
  });
  if (visitor !== null && isMember) return goIn(context, calls, visitor, link);
  return waitBefore(context, guests, visitor, link, displayName);
}

const mayGoIn = (sql: Sql, link: FoundLink, userId: string): Promise<boolean> =>
  link.channelId === null ? lockMembership(sql, link.teamId, userId) : hasAccess(sql, link.channelId, userId);

async function openLink(sql: Sql, tokenHash: string, { clock }: CallDeps): Promise<FoundLink> {
  const link = await lockLink(sql, { tokenHash, id: null, skewMs: clock.skewMs() });
  if (link === null) throw new EdgeError('not_found');
  if (!link.isOpen) throw new EdgeError('invitation_invalid');
  return link;
}

async function goIn(
  context: CallDeps,
  calls: Pick<CallUseCases, 'create'>,
  actor: Actor,
  link: FoundLink,
): Promise<KnockAnswer> {
  let callId = link.liveCallId;
  if (callId === null) {
    const { teamId, channelId, callType } = link;
    const body = { teamId, channelId, callType, recipientIds: [] };
    const made = await calls.create(actor, crypto.randomUUID(), body);
    callId = made.view.call.id;
    await leadTo(single(context), link.id, callId);
    // Guests were here before the call was.
    await tellWaiting(context, callId);
  } else if (link.channelId === null) {
    const event = {
      type: 'admitted' as const,
      actorId: actor.userId,
      data: { userId: actor.userId, isGuest: false },
    };
    const announcement = await context.db.tx((sql) => letIn(context, sql, callId ?? '', event));
    if (announcement) announce(context, announcement);
  }
  return { status: 'admitted', knockId: null, callId, session: null };
}

async function waitBefore(
  context: CallDeps,
  guests: GuestTokens | null,
  visitor: Visitor,
  link: FoundLink,
  displayName: string | undefined,
): Promise<KnockAnswer> {
  const skewMs = context.clock.skewMs();
  const answer = await context.db.tx(async (sql): Promise<KnockAnswer> => {
    const known = visitor && (await findKnockOf(sql, link.id, visitor.userId, skewMs));
    if (known && known.status !== 'denied' && (known.status === 'waiting' || (await isLetIn(sql, known)))) {
      return { status: known.status, knockId: known.id, callId: known.callId, session: null };
    }
    // Whoever is somebody already comes under the name that those inside will see.
    const name = visitor === null ? displayName : (await findPerson(sql, visitor.userId))?.displayName;
    if (!name) throw new EdgeError('bad_request', { errors: [{ path: 'displayName', message: 'missing' }] });
    if ((await countWaiting(sql, link.id, skewMs)) >= WAITING) throw new EdgeError('rate_limited', { retryAfter: 30 });
    const userId = visitor?.userId ?? (await makeGuest(sql, name));
    if (userId === null || (visitor === null && guests === null)) throw new EdgeError('forbidden');
    const made = await insertKnock(sql, { linkId: link.id, userId, displayName: name, lifeMs: GUEST_MS, skewMs });
    const session =
      visitor === null && guests !== null
        ? {
            accessToken: await guests.sign(userId, made.expiresAt.getTime()),
            expiresAt: made.expiresAt.toISOString(),
            user: { id: userId, displayName: name },
          }
        : null;
    return { status: 'waiting', knockId: made.id, callId: link.liveCallId, session };
  });
  if (link.liveCallId !== null) await tellWaiting(context, link.liveCallId);
  return answer;
}

/** Whoever was let in once, and is still expected or there. */
async function isLetIn(sql: Sql, { callId, userId }: { callId: string | null; userId: string }): Promise<boolean> {
  const stored = callId === null ? null : await findCall(sql, callId);
  const person = stored && isLive(stored.call) ? participantOf(stored.call, userId) : undefined;
  return person !== undefined && (isSeated(person) || person.state === 'invited');
}

/**
 * Somebody inside lets a guest in, or not. Twice does nothing more.
 * @throws EdgeError `not_found` for whoever is not inside, or knows no such knock; what the machine refuses
 */
export async function admitGuest(
  context: CallDeps,
  actor: Actor,
  idOrToken: string,
  { knockId, admit }: z.infer<typeof AdmitGuest>,
): Promise<{ items: readonly Knock[] }> {
  const { clock, publisher } = context;
  const by = { id: Uuid.safeParse(idOrToken).data ?? null, tokenHash: await hashToken(idOrToken) };
  const { callId, told, announcement } = await context.db.tx(async (sql) => {
    const link = await lockLink(sql, { ...by, skewMs: clock.skewMs() });
    const callId = link?.liveCallId ?? null;
    if (link === null || callId === null) throw new EdgeError('not_found');
    if (admit && !link.isOpen) throw new EdgeError('invitation_invalid');
    const stored = await findCall(sql, callId);
    const person = stored && participantOf(stored.call, actor.userId);
    if (!person || person.isGuest || !isSeated(person)) throw new EdgeError('not_found');
    const found = await lockKnock(sql, link.id, knockId);
    if (found === null) throw new EdgeError('not_found');
    if (found.status !== 'waiting') return { callId, told: null, announcement: null };
    const status = admit ? ('admitted' as const) : ('denied' as const);
    const event = {
      type: 'admitted' as const,
      actorId: actor.userId,
      data: { userId: found.userId, isGuest: true },
    };
    const announcement = admit ? await letIn(context, sql, callId, event) : null;
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
  const stored = await findCall(single(context), callId);
  const person = stored && participantOf(stored.call, actor.userId);
  if (!stored || !isLive(stored.call) || !person || person.isGuest || !isSeated(person)) {
    throw new EdgeError('not_found');
  }
  return { items: await findKnocks(single(context), callId, context.clock.skewMs()) };
}

/** Within the caller's transaction. Null where it is so already. */
async function letIn(
  { clock }: CallDeps,
  sql: Sql,
  callId: string,
  event: Parameters<typeof step>[1] & { readonly type: 'admitted' },
): Promise<Announcement | null> {
  const locked = await lockCall(sql, callId, clock.skewMs());
  if (!locked) throw new EdgeError('not_found');
  const next = step(applyDue(locked), event, locked.now);
  if (next.kind === 'refused') throw refusal(next.code);
  if (next.kind === 'unchanged') return null;
  const { call, events, effects } = next.progress;
  const saved = await saveCall(sql, { call, before: locked.call, events, effects, key: null, now: locked.now });
  const names = await namesOf(sql, locked.names, call);
  const media = { room: locked.roomName, before: locked.call, after: call };
  return { ...saved, media, view: callView({ ...locked, names, call }) };
}

/** Tells those inside who waits. */
async function tellWaiting(context: CallDeps, callId: string): Promise<readonly Knock[]> {
  const knocks = await findKnocks(single(context), callId, context.clock.skewMs());
  context.publisher.knocks(callId, knocks);
  return knocks;
}
