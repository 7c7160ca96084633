import type { Sql } from '../ports/database.ts';
import type { LockedCall } from '../store/call-record.ts';
import { lockCall, lockDueCall } from '../store/calls.ts';
import { findDue } from '../store/due.ts';
import { type Announcement, announce } from './announce.ts';
import { single } from './context.ts';
import { applyDue } from './due.ts';
import { keepCall } from './keep-call.ts';
import type { CallDeps } from './types.ts';

/** Calls of one batch; each is a transaction of its own, so that nobody waits for the whole batch. */
const BATCH = 20;

/** Applies what is due to one call that this transaction holds. Null when nothing is (any more). */
async function settleLocked(sql: Sql, locked: LockedCall, skewMs: number): Promise<Announcement | null> {
  const due = applyDue(locked);
  return due.events.length === 0 ? null : keepCall(sql, locked, due, { skewMs });
}

/** Applies what is due to these calls. Calls in which nothing is due are not locked. */
export async function settleCalls(deps: CallDeps, callIds: readonly string[]): Promise<number> {
  let changed = 0;
  for (const callId of await findDue(single(deps), callIds, deps.clock.skewMs())) {
    const settled = await deps.db.tx(async (sql) => {
      const locked = await lockCall(sql, callId, deps.clock.skewMs());
      return locked && settleLocked(sql, locked, deps.clock.skewMs());
    });
    if (!settled) continue;
    announce(deps, settled);
    changed += 1;
  }
  return changed;
}

/** One batch of whatever is due. A call that fails is passed over, so that it does not hold up the others. */
export async function settleBatch(deps: CallDeps): Promise<number> {
  let changed = 0;
  const passedOver: string[] = [];
  for (let i = 0; i < BATCH; i += 1) {
    let callId: string | null = null;
    try {
      const settled = await deps.db.tx(async (sql) => {
        const locked = await lockDueCall(sql, passedOver, deps.clock.skewMs());
        callId = locked?.call.id ?? null;
        return locked && settleLocked(sql, locked, deps.clock.skewMs());
      });
      if (callId === null) break;
      if (settled) {
        announce(deps, settled);
        changed += 1;
      } else passedOver.push(callId);
    } catch (error) {
      if (callId === null) throw error;
      passedOver.push(callId);
      deps.log.error(
        { callId, reason: error instanceof Error ? error.message : String(error) },
        'What is due to a call could not be applied',
      );
    }
  }
  return changed;
}
