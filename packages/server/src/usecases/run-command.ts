import { type CallEvent, MAX_LIVE_CALLS, type RefusalCode } from '@parley/domain';
import type { OtherCalls } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import type { LockedCall } from '../store/call-record.ts';
import { type BeforeAccept, beforeAccept, beginCommand } from '../store/calls.ts';
import type { CommandKey } from '../store/idempotency.ts';
import { type Announcement, announce } from './announce.ts';
import { announceAgain } from './announce-again.ts';
import { type CallContext, senderOf } from './context.ts';
import { applyDue, type Progress, step } from './due.ts';
import { keepCall } from './keep-call.ts';
import { holdWithOthers, turnFromOthers, turnsFromOthers } from './other-calls.ts';
import { permitted, requireMeans } from './permitted.ts';
import type { Actor } from './types.ts';

/** Nobody knows when a call of the person will end: seconds after which it is worth another try. */
export const LIVE_CALLS_RETRY_SECONDS = 5;

export type CommandEnd = 'accepted' | 'unchanged' | 'repeated' | { readonly refused: RefusalCode };

export interface CommandRun extends Announcement {
  readonly end: CommandEnd;
  /** The person's other calls, from which the command has turned away. */
  readonly others: readonly Announcement[];
}

export interface CommandMeaning {
  /** What else the command means, once it was taken. */
  readonly follow?: CallEvent | null;
  /** What becomes of the person's other calls, where the command turns away from them. */
  readonly others?: OtherCalls | undefined;
}

/**
 * One command, one transaction: lock the call (and the others that an accept turns away from), apply what is due (which is
 * written even if the command is refused then), ask the machine, write rows, events, inbox and key. What was committed is published.
 * @throws EdgeError `not_found` for whoever does not take part, `idempotency_key_reused`, `too_many_live_calls` for an accept
 */
export async function runCommand(
  context: CallContext,
  actor: Actor,
  key: CommandKey,
  callId: string,
  event: CallEvent,
  { follow = null, others = 'hold' }: CommandMeaning = {},
): Promise<CommandRun> {
  const { db, clock, settings } = context;
  await context.ensureBeat();
  const sender = senderOf(actor, settings.leaseMs);
  const write = async (sql: Sql): Promise<CommandRun> => {
    const turns = turnsFromOthers(event);
    if (turns) await holdWithOthers(sql, callId, actor.userId);
    const known = context.known.get(callId);
    const begun = await beginCommand(sql, callId, { key, sender, skewMs: clock.skewMs(), known });
    // To outsiders the call does not exist: the transaction is undone, their sign of life with it.
    if (!begun) throw new EdgeError('not_found');
    const { locked, repeated } = begun;
    const wanted = await permitted(sql, locked.call, actor, event, clock.skewMs());
    const due = applyDue(locked);
    const next = repeated ? null : step(due, wanted, locked.now);
    if (next?.kind === 'accepted') await requireMeans(context, sql, locked.call, wanted);
    const accepts = event.type === 'accepted' && next?.kind === 'accepted';
    const before = accepts ? await requireFreeSeat(context, sql, callId, actor) : null;
    const taken = next?.kind === 'accepted' ? next.progress : due;
    const done = before?.callerTalks ? heldForCaller(taken, locked.now) : taken;
    const goesOn = follow !== null && next !== null && next.kind !== 'refused';
    const become = goesOn ? await followed(context, sql, locked, done, actor, follow) : done;
    const kept = await keepCall(sql, locked, become, {
      key: next === null || (next.kind === 'refused' && !isAnswered(event, next.code)) ? null : key,
      sender,
      skewMs: clock.skewMs(),
    });
    const end = next === null ? 'repeated' : next.kind === 'refused' ? { refused: next.code } : next.kind;
    const turned = turns && next?.kind === 'accepted';
    return { ...kept, end, others: turned ? await turnFromOthers(context, sql, callId, actor, others) : [] };
  };
  const inTurn = () =>
    context.lines.runAll(linesOf(context, event, callId, actor.userId), async () => {
      const run = await db.tx(write);
      for (const one of [run, ...run.others]) context.known.note(one);
      return run;
    });
  const run = await context.doubts.watch(actor.userId, key.key, inTurn);
  // The others first: nobody shall be seen in two calls at once.
  for (const other of run.others) announce(context, other);
  announce(context, run);
  if (run.end === 'repeated' && context.doubts.settle(actor.userId, key.key)) await announceAgain(context, run.view);
  return run;
}

/**
 * A create that found the call of its pair, which another device of the person has answered, is answered with that call: it has
 * done what it could. Told again, when that call is over, it must not make another.
 */
const isAnswered = (event: CallEvent, code: RefusalCode): boolean =>
  event.type === 'accepted' && event.data.via === 'glare' && code === 'answered_elsewhere';

/** A call of many from which the command turns away has a line too: its row is not waited for with a connection in hand. */
const linesOf = ({ known }: CallContext, event: CallEvent, callId: string, userId: string): readonly string[] =>
  turnsFromOthers(event) ? [callId, ...known.seatsOf(userId)] : [callId];

/** What the same person does with it, in the same breath: where it does not fit, the command stands all the same. */
async function followed(
  context: CallContext,
  sql: Sql,
  { now }: LockedCall,
  progress: Progress,
  actor: Actor,
  event: CallEvent,
): Promise<Progress> {
  const wanted = await permitted(sql, progress.call, actor, event, context.clock.skewMs());
  const next = step(progress, wanted, now);
  if (next.kind !== 'accepted') return progress;
  await requireMeans(context, sql, progress.call, wanted);
  return next.progress;
}

/** A call that is accepted counts like one that is made. Nothing is written then: what is due is applied by whoever looks next. */
async function requireFreeSeat(
  { clock }: CallContext,
  sql: Sql,
  callId: string,
  { userId }: Actor,
): Promise<BeforeAccept> {
  const before = await beforeAccept(sql, callId, userId, clock.skewMs());
  if (before.others < MAX_LIVE_CALLS) return before;
  throw new EdgeError('too_many_live_calls', { retryAfter: LIVE_CALLS_RETRY_SECONDS });
}

/** Whoever talks in another call is not torn from it because somebody has answered: this one waits for them (W4c). */
function heldForCaller(progress: Progress, now: number): Progress {
  const held = step(progress, { type: 'hold', actorId: progress.call.initiatorId, data: { onHold: true } }, now);
  return held.kind === 'accepted' ? held.progress : progress;
}

/** The error that a refusal is answered with. Who is not in the call does not get to know that there is one. */
export const refusal = (code: RefusalCode): EdgeError => new EdgeError(code === 'not_in_call' ? 'not_found' : code);
