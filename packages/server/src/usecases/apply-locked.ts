import type { CallEvent } from '@parley/domain';
import type { Sql } from '../ports/database.ts';
import type { LockedCall } from '../store/call-record.ts';
import { callView } from '../store/call-view.ts';
import { type Sender, saveCall } from '../store/calls.ts';
import type { Announcement } from './announce.ts';
import { applyDue, step } from './due.ts';

/**
 * Applies what is due to a call that this transaction holds, and then one more event if the machine accepts it. Null when nothing
 * came of either.
 */
export async function applyLocked(
  sql: Sql,
  locked: LockedCall,
  event: CallEvent | null = null,
  sender: Sender | null = null,
): Promise<Announcement | null> {
  const due = applyDue(locked);
  const next = event === null ? null : step(due, event, locked.now);
  const { call, events, effects } = next?.kind === 'accepted' ? next.progress : due;
  if (events.length === 0) return null;
  const saved = await saveCall(sql, { call, events, effects, key: null, now: locked.now, sender });
  return {
    ...saved,
    media: { room: locked.roomName, before: locked.call, after: call },
    view: callView({ ...locked, call }),
  };
}
