import { isLiveStatus } from '@parley/domain';
import type { CallEventRecord, CallView } from '@parley/protocol';
import { lockCall } from '../store/calls.ts';
import { findUntuned, type Untuned } from '../store/seats.ts';
import { announce } from './announce.ts';
import { applyLocked } from './apply-locked.ts';
import { single } from './context.ts';
import type { CallDeps } from './types.ts';

/** Whose seats these events have changed: for them other calls may ring in another manner now. */
export function whoMoved({ call }: CallView, events: readonly CallEventRecord[]): readonly string[] {
  if (!isLiveStatus(call.status)) return call.participants.map(({ userId }) => userId);
  return events.flatMap(({ type, actorId, data }) => {
    if (type === 'created' || type === 'accepted' || type === 'left') return actorId === null ? [] : [actorId];
    return (type === 'dropped' || type === 'removed') && typeof data.userId === 'string' ? [data.userId] : [];
  });
}

/**
 * What rings for these people rings quietly while they are in another call, and in earnest once they are in none; the callers see
 * which. Null for everybody. Returns how many calls changed.
 */
export async function attune(deps: CallDeps, userIds: readonly string[] | null): Promise<number> {
  if (userIds?.length === 0) return 0;
  let changed = 0;
  for (const untuned of await findUntuned(single(deps), userIds, deps.clock.skewMs())) {
    if (await attuneOne(deps, untuned)) changed += 1;
  }
  return changed;
}

async function attuneOne(deps: CallDeps, { callId, userId, waiting }: Untuned): Promise<boolean> {
  const announcement = await deps.db.tx(async (sql) => {
    const locked = await lockCall(sql, callId, deps.clock.skewMs());
    return (
      locked &&
      applyLocked(
        sql,
        locked,
        { type: 'waiting', data: { userIds: [userId], waiting } },
        { skewMs: deps.clock.skewMs() },
      )
    );
  });
  if (announcement) announce(deps, announcement);
  return announcement !== null;
}
