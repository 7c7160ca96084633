import { isLiveStatus } from '@parley/domain';
import type { CallView } from '@parley/protocol';
import { applyView } from './apply-view.ts';
import { keepInbox, RING_GRACE_MS } from './change.ts';
import type { CallsState, Welcome } from './state.ts';

/** The server's word on everything: what it does not name does not ring and does not live. */
export function applyWelcome(state: CallsState, welcome: Welcome, now: number): CallsState {
  let next = state;
  const oldestFirst = (a: CallView, b: CallView) => a.call.createdAt.localeCompare(b.call.createdAt);
  for (const view of [...welcome.ended, ...[...welcome.calls].sort(oldestFirst)]) {
    next = applyView(next, view, [], { refresh: true });
  }
  next = forgetUnnamed(next, welcome);
  const sits = (callId: string) => [next.active, ...next.held].some((entry) => entry?.callId === callId);
  const taken = (callId: string) => sits(callId) || next.leaving.has(callId);
  const rings = welcome.rings.filter((ring) => !taken(ring.callId) && now < Date.parse(ring.expiresAt) + RING_GRACE_MS);
  next = { ...next, rings, rang: new Set([...next.rang, ...rings.map((ring) => ring.callId)]) };
  return keepInbox(next, welcome.inbox.items, welcome.inbox.seq);
}

/** Live calls that the server no longer counts as such; of the active one the client asks before it lets go. */
function forgetUnnamed(state: CallsState, welcome: Welcome): CallsState {
  const named = new Set(welcome.calls.map((view) => view.call.id));
  const views = new Map(
    [...state.views].filter(
      ([id, { view }]) => named.has(id) || id === state.active?.callId || !isLiveStatus(view.call.status),
    ),
  );
  const held = state.held.filter(({ callId }) => callId !== null && named.has(callId));
  return { ...state, views, held };
}
