import { bind } from './apply-view.ts';
import type { CallsState } from './state.ts';
import { stepBack } from './turning.ts';

/** A tap takes a call over from another device of the person; the active one steps back for it. */
export function takenOver(state: CallsState, callId: string): CallsState {
  const { self, active } = state;
  const view = state.views.get(callId)?.view;
  // A create that was not answered yet has nothing that could be held.
  if (!self || !view || (active && (active.callId === null || active.callId === callId))) return state;
  const entry = { ...bind(null, view, self.user.id), seated: false, moving: true, turnedFrom: active?.callId ?? null };
  return { ...stepBack(state, 'hold'), active: entry };
}
