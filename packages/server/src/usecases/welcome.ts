import { gathered } from '../gathered.ts';
import { DatabaseUnavailable } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { callView } from '../store/call-view.ts';
import { type FoundWelcome, findWelcomes, type WelcomeQuestion } from '../store/welcome.ts';
import { type CallContext, senderOf, single } from './context.ts';
import type { Snapshot, WelcomeRequest } from './types.ts';

const INBOX_NEWEST = 100;
/** Sockets that are answered by one statement: what the first of them waits for the last is some dozens of milliseconds. */
const TOGETHER = 64;
/** Such statements at a time: most of the connections to the database stay with those who do something. */
const AT_ONCE = 2;

type Answer = FoundWelcome | { readonly kind: 'failed'; readonly error: unknown };

/**
 * What a socket begins with, which is a sign of life as well. One statement for all that come at the same time, and no other unless something
 * is due in a call of the person.
 */
export function createWelcome(context: CallContext): (request: WelcomeRequest) => Promise<Snapshot> {
  const { clock, settings } = context;
  const find = (questions: readonly WelcomeQuestion[]) => findWelcomes(single(context), questions, clock.skewMs());

  /** What fails for one of them fails for that one alone. */
  const each = (question: WelcomeQuestion): Promise<Answer> =>
    find([question]).then(
      ([answer]): Answer => answer ?? { kind: 'gone' },
      (error: unknown): Answer => ({ kind: 'failed', error }),
    );
  const ask = gathered<WelcomeQuestion, Answer>(
    async (questions) => {
      try {
        return await find(questions);
      } catch (error) {
        if (questions.length === 1 || error instanceof DatabaseUnavailable) throw error;
        const answers: Answer[] = [];
        for (const question of questions) answers.push(await each(question));
        return answers;
      }
    },
    { most: TOGETHER, atOnce: AT_ONCE },
  );

  /** @throws EdgeError `token_invalid` for whoever is gone */
  return async ({ actor, sessionId, resume }) => {
    const sender = senderOf(actor, settings.leaseMs);
    if (sender === null) throw new EdgeError('bad_request');
    const question = (despiteDue: boolean): WelcomeQuestion => ({
      sender,
      isAnonymous: actor.isAnonymous,
      sessionId,
      named: Object.keys(resume?.calls ?? {}),
      inbox: { after: resume?.inbox ?? 0, limit: INBOX_NEWEST },
      despiteDue,
    });
    await context.ensureBeat();
    let found = await ask(question(false));
    if (found.kind === 'due') {
      await context.settle(found.callIds);
      found = await ask(question(true));
    }
    if (found.kind === 'failed') throw found.error;
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
  };
}
