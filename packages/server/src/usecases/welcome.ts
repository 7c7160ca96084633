import { EdgeError } from '../ports/edge-error.ts';
import { callView } from '../store/call-view.ts';
import { findWelcome } from '../store/welcome.ts';
import { type CallContext, senderOf, single } from './context.ts';
import type { Snapshot, WelcomeRequest } from './types.ts';

const INBOX_NEWEST = 100;

/**
 * What a socket begins with, which is a sign of life as well. One statement, unless something is due in a call of the person.
 * @throws EdgeError `token_invalid` for whoever is gone
 */
export async function welcome(context: CallContext, { actor, sessionId, resume }: WelcomeRequest): Promise<Snapshot> {
  const { clock, settings } = context;
  const sender = senderOf(actor, settings.leaseMs);
  if (sender === null) throw new EdgeError('bad_request');
  const ask = (despiteDue: boolean) =>
    findWelcome(single(context), {
      sender,
      isAnonymous: actor.isAnonymous,
      sessionId,
      named: Object.keys(resume?.calls ?? {}),
      inbox: { after: resume?.inbox ?? 0, limit: INBOX_NEWEST },
      despiteDue,
      skewMs: clock.skewMs(),
    });
  await context.ensureBeat();
  let found = await ask(false);
  if (found.kind === 'due') {
    await context.settle(found.callIds);
    found = await ask(true);
  }
  if (found.kind !== 'welcome') throw new EdgeError('token_invalid');
  const { displayName, teamIds, doNotDisturbUntil, rings, inbox } = found;
  return {
    user: { id: actor.userId, displayName },
    teamIds,
    doNotDisturbUntil,
    rings,
    calls: found.calls.map(callView),
    ended: found.ended.map(callView),
    inbox,
  };
}
