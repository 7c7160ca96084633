import { type Call, type CallEvent, dueEvent, type Effect, isLive, type Recorded, transition } from '@parley/domain';
import type { LockedCall } from '../store/call-record.ts';

/** A call on its way through a transaction: what it has become, and what is to be written. */
export interface Progress {
  readonly call: Call;
  readonly events: readonly Recorded<CallEvent>[];
  readonly effects: readonly Effect[];
}

/** One more event, if the machine accepts it; otherwise its answer. */
export function step(
  progress: Progress,
  event: CallEvent,
  now: number,
):
  | { readonly kind: 'accepted'; readonly progress: Progress }
  | Exclude<ReturnType<typeof transition>, { kind: 'accepted' }> {
  const next = transition(progress.call, event, now);
  if (next.kind !== 'accepted') return next;
  const recorded = { seq: next.call.version, at: next.call.updatedAt, event };
  return {
    kind: 'accepted',
    progress: {
      call: next.call,
      events: [...progress.events, recorded],
      effects: [...progress.effects, ...next.effects],
    },
  };
}

/** Applies the deadlines that have passed, then the leases that have run out. */
export function applyDue(locked: LockedCall): Progress {
  let progress: Progress = { call: locked.call, events: [], effects: [] };
  const due = (event: CallEvent) => {
    const next = step(progress, event, locked.now);
    if (next.kind === 'accepted') progress = next.progress;
  };
  for (let event = dueEvent(progress.call, locked.now); event; ) {
    const { version } = progress.call;
    due(event);
    event = progress.call.version === version ? null : dueEvent(progress.call, locked.now);
  }
  for (const userId of locked.lapsed) if (isLive(progress.call)) due({ type: 'dropped', userId });
  return progress;
}
