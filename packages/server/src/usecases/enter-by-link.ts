import type { KnockAnswer } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';
import type { GuestTokens } from '../ports/guests.ts';
import { hashToken } from '../random-token.ts';
import { type FoundLink, findLink, leadTo, lockLink } from '../store/call-links.ts';
import { lockCall } from '../store/calls.ts';
import { hasAccess } from '../store/channels.ts';
import type { CreateOutcome } from '../store/create-call.ts';
import { lockMembership } from '../store/teams.ts';
import { announce } from './announce.ts';
import { letIn, type Take, tellWaiting, waitBefore } from './call-knocks.ts';
import { requireOpen, type Visitor } from './call-links.ts';
import { single } from './context.ts';
import type { Actor, CallDeps, CallUseCases } from './types.ts';

/**
 * A member goes in directly, and begins the call where nobody is in it; everybody else waits until somebody inside lets them in.
 * `take` counts a knock that those inside will hear.
 * @throws EdgeError as `requireOpen`, `forbidden` where there are no guests, `rate_limited`, `device_required`, and what the
 * machine refuses
 */
export async function knock(
  context: CallDeps,
  calls: Pick<CallUseCases, 'create'>,
  guests: GuestTokens | null,
  visitor: Visitor,
  token: string,
  displayName: string | undefined,
  take: Take,
): Promise<KnockAnswer> {
  const by = { tokenHash: await hashToken(token), id: null, skewMs: context.clock.skewMs() };
  const link = requireOpen(await findLink(single(context), by));
  const isMember =
    visitor !== null && !visitor.isAnonymous && (await context.db.tx((sql) => mayGoIn(sql, link, visitor.userId)));
  if (visitor !== null && isMember) return goIn(context, calls, visitor, link, by.tokenHash);
  return waitBefore(context, guests, visitor, by.tokenHash, displayName, take);
}

const mayGoIn = (sql: Sql, link: FoundLink, userId: string): Promise<boolean> =>
  link.channelId === null ? lockMembership(sql, link.teamId, userId) : hasAccess(sql, link.channelId, userId);

async function goIn(
  context: CallDeps,
  calls: Pick<CallUseCases, 'create'>,
  actor: Actor,
  link: FoundLink,
  tokenHash: string,
): Promise<KnockAnswer> {
  let callId = link.liveCallId;
  let begun = false;
  if (callId === null) {
    const { teamId, channelId, callType } = link;
    const body = { teamId, channelId, callType, recipientIds: [] };
    const made = await calls.create(actor, crypto.randomUUID(), body, (make) => beginOnce(context, tokenHash, make));
    callId = made.view.call.id;
    begun = made.status === 201;
    // Guests were here before the call was.
    if (begun) await tellWaiting(context, callId);
  }
  if (!begun && link.channelId === null) {
    const data = { userId: actor.userId, isGuest: false };
    const id = callId;
    const announcement = await context.db.tx((sql) =>
      letIn(context, sql, id, { type: 'admitted', actorId: actor.userId, data }),
    );
    if (announcement) announce(context, announcement);
  }
  return { status: 'admitted', knockId: null, callId, session: null };
}

/**
 * A link leads to one call, however many open it at once: whoever holds the link begins it, and the others find it. (Creates in a
 * channel stand in a line of their own.)
 */
const beginOnce = (
  { db, clock }: CallDeps,
  tokenHash: string,
  make: (sql: Sql) => Promise<CreateOutcome>,
): Promise<CreateOutcome> =>
  db.tx(async (sql) => {
    const skewMs = clock.skewMs();
    const link = requireOpen(await lockLink(sql, { tokenHash, id: null, skewMs }));
    const found = link.channelId === null && link.liveCallId !== null;
    const stored = found ? await lockCall(sql, link.liveCallId ?? '', skewMs) : null;
    if (stored !== null) return { outcome: 'exists', stored, glare: false };
    const outcome = await make(sql);
    if (outcome.outcome === 'created') await leadTo(sql, link.id, outcome.stored.call.id);
    return outcome;
  });
