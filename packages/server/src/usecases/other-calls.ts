import { type CallEvent, isSeated, participantOf } from '@parley/domain';
import type { OtherCalls } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';
import { findCall, lockCall } from '../store/calls.ts';
import { holdCalls, otherSeats } from '../store/seats.ts';
import { type Announcement, announce } from './announce.ts';
import { applyLocked } from './apply-locked.ts';
import { type CallContext, senderOf } from './context.ts';
import type { Actor } from './types.ts';

/** Whoever accepts a call, comes back to one or takes it to another device turns away from the others in which they sit. */
export const turnsFromOthers = (event: CallEvent): boolean =>
  event.type === 'accepted' || event.type === 'moved' || (event.type === 'hold' && !event.data.onHold);

/** Holds the calls that one command may change, itself included, before it begins. */
export async function holdWithOthers(sql: Sql, callId: string, userId: string): Promise<void> {
  const others = await otherSeats(sql, callId, userId);
  if (others.length > 0) await holdCalls(sql, [callId, ...others]);
}

/**
 * In the transaction of the command that turns away from them: the other calls of a person are left, or put on hold. One that
 * still rings others is not held, and rings on.
 */
export async function turnFromOthers(
  context: CallContext,
  sql: Sql,
  callId: string,
  actor: Actor,
  others: OtherCalls,
): Promise<readonly Announcement[]> {
  const skewMs = context.clock.skewMs();
  const actorId = actor.userId;
  const event: CallEvent =
    others === 'end'
      ? { type: 'left', actorId, data: { reason: 'hangup' } }
      : { type: 'hold', actorId, data: { onHold: true } };
  const changed: Announcement[] = [];
  for (const otherId of await otherSeats(sql, callId, actorId)) {
    const locked = await lockCall(sql, otherId, skewMs);
    if (!locked) continue;
    const one = await applyLocked(sql, locked, event, {
      sender: senderOf(actor, context.settings.leaseMs),
      skewMs,
    });
    if (one) changed.push(one);
  }
  return changed;
}

/**
 * After a call was made by somebody who sits in others: these wait on hold meanwhile. Unless it is over by now, or waits itself,
 * because it was answered before this could be said.
 */
export async function holdOthers(context: CallContext, callId: string, actor: Actor): Promise<void> {
  const changed = await context.lines.runAll([callId, ...context.known.seatsOf(actor.userId)], async () => {
    const turned = await context.db.tx(async (sql) => {
      await holdWithOthers(sql, callId, actor.userId);
      const made = await findCall(sql, callId);
      const own = made && participantOf(made.call, actor.userId);
      if (!own || !isSeated(own) || own.onHold) return [];
      return turnFromOthers(context, sql, callId, actor, 'hold');
    });
    for (const one of turned) context.known.note(one);
    return turned;
  });
  for (const one of changed) announce(context, one);
}
