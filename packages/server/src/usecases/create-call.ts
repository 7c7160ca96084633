import { type CallEvent, checkRecipients, hasVideo, isGroupType, isLiveStatus, MAX_LIVE_CALLS } from '@parley/domain';
import type { CreateCall } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { randomToken } from '../random-token.ts';
import { callView } from '../store/call-view.ts';
import { findCall } from '../store/calls.ts';
import { type CreateOutcome, createCall as createInStore } from '../store/create-call.ts';
import { wouldFindCall } from '../store/due.ts';
import { bodyHash } from '../store/idempotency.ts';
import { findCallMessage } from '../store/messages.ts';
import { announce } from './announce.ts';
import { announceAgain } from './announce-again.ts';
import { type CallContext, claimsOf, hasMediaServer, senderOf, single } from './context.ts';
import { observed } from './observed.ts';
import { holdOthers } from './other-calls.ts';
import { LIVE_CALLS_RETRY_SECONDS, refusal, runCommand } from './run-command.ts';
import type { Actor, CommandResult, MakeWithin } from './types.ts';

/** A live call may go stale, or end, between two looks at it; that this happens so often in a row is a bug. */
const ATTEMPTS = 5;

interface Made {
  readonly outcome: string;
  readonly result: CommandResult;
}

/**
 * Makes a call, or finds the one that exists: one round trip. Glare (the pair's call is the other one's, and rings)
 * counts as its accept. `within`: where the call is made, if more than the call hangs on it.
 * @throws EdgeError
 */
export async function createCall(
  context: CallContext,
  actor: Actor,
  key: string,
  body: CreateCall,
  within: MakeWithin = (make) => make(single(context)),
): Promise<CommandResult> {
  return observed(context, 'create', async () => {
    const problem = checkRecipients(body.callType, actor.userId, body.recipientIds);
    if (problem) throw new EdgeError(problem);
    await context.ensureBeat();
    const giveBack = await takeFromLimit(context, actor, key, body);
    let made = false;
    try {
      const result = await makeOrFind(context, actor, key, body, within);
      made = result.result.status === 201;
      return result;
    } finally {
      if (!made) await giveBack();
    }
  });
}

/** A create that joins a call that exists does not count, and is let through even at the limit. */
async function takeFromLimit(
  context: CallContext,
  actor: Actor,
  key: string,
  { recipientIds }: CreateCall,
): Promise<() => Promise<void>> {
  try {
    return await context.limits.takeNewCall(actor.userId, recipientIds);
  } catch (error) {
    if (error instanceof EdgeError && error.code === 'rate_limited') {
      if (await wouldFindCall(single(context), actor.userId, recipientIds[0], key)) return async () => {};
    }
    throw error;
  }
}

async function makeOrFind(
  context: CallContext,
  actor: Actor,
  key: string,
  body: CreateCall,
  within: MakeWithin,
): Promise<Made> {
  const hash = await bodyHash(body);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const made = await attemptOnce(context, actor, key, hash, body, within);
    if (made) return made;
  }
  throw new Error('a call of this pair went stale again and again');
}

/** Null: something was in the way that is gone now. */
async function attemptOnce(
  context: CallContext,
  actor: Actor,
  key: string,
  hash: string,
  body: CreateCall,
  within: MakeWithin,
): Promise<Made | null> {
  const make = (sql: Sql) => ask(context, sql, actor, key, hash, body);
  const answer = await context.doubts.watch(actor.userId, key, () => within(make));
  switch (answer.outcome) {
    case 'refused':
      throw new EdgeError(
        answer.code,
        answer.code === 'too_many_live_calls' ? { retryAfter: LIVE_CALLS_RETRY_SECONDS } : {},
      );
    case 'stale':
      await context.settle([answer.callId]);
      return null;
    case 'created': {
      const view = callView(answer.stored);
      const busy = answer.stored.call.status === 'rejected';
      announce(context, { ...answer, view, chat: busy ? await findCallMessage(single(context), view.call.id) : null });
      if (answer.others > 0 && !busy) await holdOthers(context, view.call.id, actor);
      return { outcome: busy ? 'busy' : 'created', result: { status: 201, view } };
    }
    case 'repeated': {
      // Its answer may be old: what is due is applied first, as before each read.
      const callId = answer.stored.call.id;
      const changed = await context.settle([callId]);
      const view = changed === 0 ? callView(answer.stored) : await reread(context, actor, callId);
      if (context.doubts.settle(actor.userId, key)) await announceAgain(context, view);
      // Whoever made it may have died before this was said.
      if (isLiveStatus(view.call.status) && view.call.initiatorId === actor.userId)
        await holdOthers(context, callId, actor);
      return { outcome: 'repeated', result: { status: 200, view } };
    }
    case 'exists':
      if (answer.glare) return glare(context, actor, key, hash, body, answer);
      return { outcome: 'exists', result: { status: 200, view: callView(answer.stored) } };
  }
}

function ask(
  context: CallContext,
  sql: Sql,
  actor: Actor,
  key: string,
  hash: string,
  body: CreateCall,
): Promise<CreateOutcome> {
  const sender = senderOf(actor, context.settings.leaseMs);
  if (!sender) throw new EdgeError('device_required');
  return createInStore(sql, {
    sender,
    key,
    bodyHash: hash,
    callId: crypto.randomUUID(),
    roomName: `call_${randomToken(24)}`,
    ...body,
    engine: isGroupType(body.callType) && hasMediaServer(context) ? 'livekit' : 'p2p',
    ringTimeoutMs: context.settings.ringTimeoutMs,
    maxLiveCalls: MAX_LIVE_CALLS,
    skewMs: context.clock.skewMs(),
  });
}

async function glare(
  context: CallContext,
  actor: Actor,
  key: string,
  hash: string,
  body: CreateCall,
  found: Extract<CreateOutcome, { outcome: 'exists' }>,
): Promise<Made | null> {
  const deviceId = actor.deviceId;
  if (deviceId === null) throw new EdgeError('device_required');
  // Into a call that runs its people are asked: they ring as by *invite*, and those who are there already do not.
  const { ringTimeoutMs } = context.settings;
  const asks = isGroupType(body.callType) && body.recipientIds.length > 0;
  if (asks) await context.limits.takeInvite(actor.userId);
  const invited: CallEvent | null = asks
    ? { type: 'invited', actorId: actor.userId, data: { userIds: body.recipientIds, ringTimeoutMs } }
    : null;
  const by = { userId: actor.userId, key, command: 'create', bodyHash: hash } as const;
  const run = await runCommand(
    context,
    actor,
    by,
    found.stored.call.id,
    {
      type: 'accepted',
      actorId: actor.userId,
      seat: { deviceId, instanceId: actor.instanceId ?? deviceId },
      data: {
        via: 'glare',
        audioOnly: !hasVideo(body.callType),
        connectTimeoutMs: context.settings.connectTimeoutMs,
        mediaServer: hasMediaServer(context),
      },
    },
    { follow: invited },
  );
  if (typeof run.end === 'object') {
    // Answered on another device of the same person: the call goes on there. Anything else has ended it: a new call.
    if (run.end.refused === 'answered_elsewhere') {
      return { outcome: 'exists', result: { status: 200, view: run.view } };
    }
    // Whoever began a group that still rings is in it; whom they name now rings too.
    if (isGroupType(body.callType) && run.end.refused === 'own_call') {
      const asked = invited ? await runCommand(context, actor, by, found.stored.call.id, invited) : run;
      return { outcome: 'exists', result: { status: 200, view: asked.view } };
    }
    // A channel's call that is full or shut is still the channel's call.
    if (isGroupType(body.callType) && run.end.refused !== 'call_ended') throw refusal(run.end.refused);
    return null;
  }
  return { outcome: 'glare', result: { status: 200, view: run.view } };
}

async function reread(context: CallContext, actor: Actor, callId: string) {
  const stored = await context.db.readAs(claimsOf(actor), (sql) => findCall(sql, callId));
  if (!stored) throw new EdgeError('not_found');
  return callView(stored);
}
