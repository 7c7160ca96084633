import type { Call, CallEvent, RefusalCode } from '@parley/domain';
import type { Sql } from '../ports/database.ts';
import type { LockedCall } from '../store/call-record.ts';
import { callView } from '../store/call-view.ts';
import { lockCall, type Sender, saveCall } from '../store/calls.ts';
import type { CommandKey } from '../store/idempotency.ts';
import { namesOf } from '../store/people.ts';
import type { Announcement } from './announce.ts';
import { applyDue, type Progress, step } from './due.ts';
import type { CallDeps } from './types.ts';

/** Writes what has become of a call that this transaction holds. @returns what is to be told of it after the commit */
export async function keepCall(
  sql: Sql,
  locked: LockedCall,
  { call, events, effects }: Progress,
  by: { readonly key?: CommandKey | null; readonly sender?: Sender | null; readonly skewMs: number },
): Promise<Announcement> {
  const saved = await saveCall(sql, {
    call,
    before: locked.call,
    events,
    effects,
    key: by.key ?? null,
    now: locked.now,
    sender: by.sender ?? null,
    skewMs: by.skewMs,
  });
  const names = await namesOf(sql, locked.names, call);
  const media = { room: locked.roomName, before: locked.call, after: call };
  return { ...saved, media, view: callView({ ...locked, names, call }) };
}

export interface CallChange {
  readonly refused: RefusalCode | null;
  /** Null where nothing was written. */
  readonly announcement: Announcement | null;
}

/**
 * An event that is nobody's command: locks the call, applies what is due, then the event that `eventOf` makes of it, if any.
 * Within the caller's transaction. What is due is written even where the event is refused. Null where there is no such call.
 */
export async function changeCall(
  { clock }: CallDeps,
  sql: Sql,
  callId: string,
  eventOf: (call: Call) => CallEvent | null,
): Promise<CallChange | null> {
  const skewMs = clock.skewMs();
  const locked = await lockCall(sql, callId, skewMs);
  if (!locked) return null;
  const due = applyDue(locked);
  const event = eventOf(due.call);
  const next = event && step(due, event, locked.now);
  const progress = next?.kind === 'accepted' ? next.progress : due;
  return {
    refused: next?.kind === 'refused' ? next.code : null,
    announcement: progress.events.length === 0 ? null : await keepCall(sql, locked, progress, { skewMs }),
  };
}
