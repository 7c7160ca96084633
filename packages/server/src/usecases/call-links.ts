import { isLive, isSeated, participantOf } from '@parley/domain';
import {
  type CallLink,
  type CallLinkPreview,
  type CreateCallLink,
  type ErrorCode,
  type Message,
  Uuid,
} from '@parley/protocol';
import type { Sql } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { hashToken, randomToken } from '../random-token.ts';
import { type FoundLink, findLink, insertLink, previewOf, revokeLink } from '../store/call-links.ts';
import { findCall } from '../store/calls.ts';
import { hasAccess } from '../store/channels.ts';
import { insertMessage } from '../store/messages.ts';
import { lockMembership } from '../store/teams.ts';
import { single } from './context.ts';
import type { Actor, CallDeps } from './types.ts';

/** How long a link leads somewhere unless something else is asked for, in milliseconds. */
const LINK_MS = 24 * 3_600_000;

/** Whoever comes by a link: null for somebody of whom nothing is known. */
export type Visitor = Actor | null;

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

/** @throws EdgeError as `requireOpen` */
export async function previewLink(context: CallDeps, visitor: Visitor, token: string): Promise<CallLinkPreview> {
  const by = { tokenHash: await hashToken(token), id: null, skewMs: context.clock.skewMs() };
  // Looking holds nobody up: nothing is locked, and the count may be of a moment ago.
  const link = requireOpen(await findLink(single(context), by));
  return previewOf(single(context), link, visitor?.userId ?? null);
}

/** `idOrToken`: what its maker was given. @throws EdgeError `not_found` for a link that is not theirs to revoke */
export async function endLink({ db, clock }: CallDeps, actor: Actor, idOrToken: string): Promise<void> {
  const by = await linkKey(idOrToken, clock.skewMs());
  const gone = await db.tx((sql) => revokeLink(sql, { ...by, userId: actor.userId }));
  if (!gone) throw new EdgeError('not_found');
}

/** Those inside may name a link by its id. */
export const linkKey = async (idOrToken: string, skewMs: number) => ({
  id: Uuid.safeParse(idOrToken).data ?? null,
  tokenHash: await hashToken(idOrToken),
  skewMs,
});

const SHUT: Readonly<Record<Exclude<FoundLink['state'], 'open'>, ErrorCode>> = {
  expired: 'link_expired',
  revoked: 'link_revoked',
  ended: 'call_ended',
};

/**
 * @throws EdgeError `not_found` for a link that never was, `link_expired`, `link_revoked`; `call_ended` for one that was made for
 * one call, which is over
 */
export function requireOpen(link: FoundLink | null): FoundLink {
  if (link === null) throw new EdgeError('not_found');
  if (link.state !== 'open') throw new EdgeError(SHUT[link.state]);
  return link;
}
