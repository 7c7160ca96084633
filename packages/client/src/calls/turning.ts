import { notice, withNotice, without } from './change.ts';
import type { ActiveEntry, CallsState } from './state.ts';

/**
 * A person turns from one call to another. The first one's media stays at hand until it is known what became of it: on hold it can
 * be come back to, and whatever the server refuses has changed nothing.
 */

/** The active call steps back for another one. */
export function stepBack(state: CallsState, others: 'hold' | 'end'): CallsState {
  const { active } = state;
  if (active?.callId == null) return state;
  // The seat in it is lost, and not asked for any more: there is nothing to come back to.
  if (active.returning) return { ...state, active: null };
  return {
    ...state,
    active: null,
    held: [...state.held, active],
    ending: others === 'end' ? new Set([...state.ending, active.callId]) : state.ending,
  };
}

/** The call is none of this instance's any more: it does not wait to be come back to. */
export function forgetHeld(state: CallsState, callId: string): CallsState {
  if (!state.held.some((entry) => entry.callId === callId)) return state;
  return {
    ...state,
    held: state.held.filter((entry) => entry.callId !== callId),
    ending: without(state.ending, callId),
  };
}

/** The active call is over for this instance. One that was turned to in vain gives the place back to the one before it. */
export function withoutActive(state: CallsState): CallsState {
  const { active } = state;
  const before = active !== null && !active.seated && active.turnedFrom !== null ? active.turnedFrom : null;
  const entry = before === null ? undefined : state.held.find(({ callId }) => callId === before);
  return entry === undefined
    ? { ...state, active: null }
    : { ...forgetHeld(state, entry.callId ?? ''), active: { ...entry, turnedFrom: null } };
}

/** A tap brings a call back from hold, in the place of the active one. */
export function resumed(state: CallsState, callId: string): CallsState {
  const entry = state.held.find((held) => held.callId === callId);
  if (!entry || state.ending.has(callId)) return state;
  const turnedFrom = state.active?.callId ?? null;
  return { ...forgetHeld(stepBack(state, 'hold'), callId), active: turnedTo(entry, turnedFrom) };
}

/** The server did not have it: as it was before. */
export function notResumed(state: CallsState, callId: string): CallsState {
  const { active } = state;
  if (active?.callId !== callId || active.unheld) return state;
  const back = withoutActive({ ...state, active: { ...active, seated: false } });
  return { ...back, held: [...back.held, { ...active, turnedFrom: null }] };
}

/** Microphone and camera are as they were left. */
const turnedTo = (entry: ActiveEntry, turnedFrom: string | null): ActiveEntry => ({
  ...entry,
  restored: true,
  unheld: false,
  turnedFrom,
});

/**
 * What the server says of a call in which this instance sits: on hold or not. Until it has said so, a call that was turned to is
 * believed not to be.
 */
export function follow(state: CallsState, entry: ActiveEntry, onHold: boolean): CallsState {
  const callId = entry.callId ?? '';
  const { active } = state;
  const isActive = active !== null && active.lane === entry.lane;
  if (isActive && onHold && entry.unheld) {
    const held: CallsState = { ...state, active: null, held: [...state.held, { ...entry, turnedFrom: null }] };
    return withNotice(held, notice('held', callId));
  }
  if (isActive) return { ...state, active: { ...entry, unheld: entry.unheld || !onHold } };
  const known = state.held.some((held) => held.callId === callId);
  if (!onHold && active === null && !state.ending.has(callId)) {
    return { ...forgetHeld(state, callId), active: { ...turnedTo(entry, null), unheld: true } };
  }
  if (known) return { ...state, held: state.held.map((held) => (held.callId === callId ? entry : held)) };
  if (onHold) return { ...state, held: [...state.held, entry] };
  // From before a reload, and the person has turned to another since: nobody would see that they sit in it.
  return active === null ? state : { ...state, leaving: new Set([...state.leaving, callId]) };
}
