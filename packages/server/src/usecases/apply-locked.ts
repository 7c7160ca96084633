import type { CallEvent } from '@parley/domain';
import type { Sql } from '../ports/database.ts';
import type { LockedCall } from '../store/call-record.ts';
import type { Sender } from '../store/calls.ts';
import type { Announcement } from './announce.ts';
import { applyDue, step } from './due.ts';
import { keepCall } from './keep-call.ts';

/**
 * Applies what is due to a call that this transaction holds, and then one more event if the machine accepts it. Null when nothing
 * came of either.
 */
export async function applyLocked(
  sql: Sql,
  locked: LockedCall,
  event: CallEvent,
  by: { readonly sender?: Sender | null; readonly skewMs: number },
): Promise<Announcement | null> {
  const due = applyDue(locked);
  const next = step(due, event, locked.now);
  const progress = next.kind === 'accepted' ? next.progress : due;
  return progress.events.length === 0 ? null : keepCall(sql, locked, progress, by);
}
