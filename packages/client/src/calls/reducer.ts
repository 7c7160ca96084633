import { isGroupType, isLiveStatus } from '@parley/domain';
import type { Ring } from '@parley/protocol';
import { applyView, isCallOf, lost } from './apply-view.ts';
import { applyWelcome } from './apply-welcome.ts';
import { keepInbox, notice, RING_GRACE_MS, withNotice, without, withSummary } from './change.ts';
import { type ActiveEntry, type CallsInput, type CallsState, NO_CALLS, type Wanted } from './state.ts';
import { summaryAtTap } from './summary.ts';
import { takenOver } from './taking-over.ts';
import { forgetHeld, notResumed, resumed, stepBack, withoutActive } from './turning.ts';

/** What an input makes of the calls: pure. Taps change the state at once; what the server says corrects it. */
export function reduceCalls(state: CallsState, input: CallsInput): CallsState {
  switch (input.type) {
    case 'identified':
      return input.self?.user.id === state.self?.user.id
        ? { ...state, self: input.self }
        : { ...NO_CALLS, self: input.self };
    case 'welcome':
      return applyWelcome(state, input.welcome, input.now);
    case 'view':
      return applyView(state, input.view, input.events, { partial: input.partial ?? false });
    case 'ring':
      return rings(state, input.ring, input.now);
    case 'tick':
      return expireRings(state, input.now);
    case 'start_tapped':
      return state.active ? state : { ...state, active: input.entry, abandoned: calledAgain(state, input.entry) };
    case 'created':
      return created(state, input);
    case 'accept_tapped':
      return accepted(state, input);
    case 'join_tapped':
      return joining(state, input.entry);
    case 'resume_tapped':
      return resumed(state, input.callId);
    case 'move_tapped':
      return takenOver(state, input.callId);
    case 'leave_held_tapped':
      return leftHeld(state, input.callId, input.now);
    case 'decline_tapped':
      return {
        ...state,
        rings: state.rings.filter((ring) => ring.callId !== input.callId),
        leaving: new Set([...state.leaving, input.callId]),
      };
    case 'leave_tapped':
      return left(state, input.reason, input.now);
    case 'refused':
      return refused(state, input);
    case 'gone':
      return state.active?.callId === input.callId ? withoutActive(state) : forgetHeld(state, input.callId);
    case 'lost':
      return lost(state, input.callId, input.by);
    case 'noticed':
      return withNotice(state, input.notice);
    case 'summary_dismissed':
      return { ...state, summaries: state.summaries.filter((summary) => summary.callId !== input.callId) };
    case 'notice_dismissed':
      return { ...state, notices: state.notices.filter(({ id }) => id !== input.id) };
    case 'inbox':
      return keepInbox(state, [input.item], input.item.seq);
    case 'inbox_read': {
      const inbox = new Map(state.inbox);
      for (const id of input.ids) {
        const item = inbox.get(id);
        if (item) inbox.set(id, { ...item, readAt: input.at });
      }
      return { ...state, inbox };
    }
  }
}

function rings(state: CallsState, ring: Ring, now: number): CallsState {
  const over = !mayRing(state, ring.callId);
  const late = Date.parse(ring.expiresAt) + RING_GRACE_MS <= now;
  const held = state.held.some(({ callId }) => callId === ring.callId);
  const taken = held || state.active?.callId === ring.callId || state.leaving.has(ring.callId);
  if (over || late || taken) return state;
  const others = state.rings.filter((shown) => shown.callId !== ring.callId);
  return { ...state, rings: [...others, ring], rang: new Set([...state.rang, ring.callId]) };
}

/** It rings on while others talk already, of a group or of two who want a third: each person answers for themselves. */
function mayRing({ views, self }: CallsState, callId: string): boolean {
  const call = views.get(callId)?.view.call;
  if (call === undefined || call.status === 'ringing') return true;
  const own = call.participants.find(({ userId }) => userId === self?.user.id);
  // A ring is newer than the view where one was not rung then, or had left.
  return isLiveStatus(call.status) && own?.state !== 'connecting' && own?.state !== 'joined';
}

/** The server ends a ring; if it cannot be heard, the dialog still must not stay for ever. */
function expireRings(state: CallsState, now: number): CallsState {
  const shown = state.rings.filter((ring) => now < Date.parse(ring.expiresAt) + RING_GRACE_MS);
  return shown.length === state.rings.length ? state : { ...state, rings: shown };
}

function created(state: CallsState, input: Extract<CallsInput, { type: 'created' }>): CallsState {
  const { lane, view, partial } = input;
  const callId = view.call.id;
  if (state.active?.lane !== lane) {
    // Cancelled before the answer came: whoever sent it now cancels the call itself.
    const abandoned = new Map(state.abandoned);
    const given = abandoned.delete(lane);
    // Unless they call the same person again.
    const wanted = state.active !== null && isCallOf(state.active, view);
    const leaving = wanted ? state.leaving : new Set([...state.leaving, callId]);
    const next = given ? { ...state, abandoned, leaving } : state;
    return applyView(next, view, [], { partial, refresh: true });
  }
  // Glare, or a pair that has a call already: the call that exists counts, with its first type.
  const active: ActiveEntry = {
    ...state.active,
    callId,
    callType: view.call.callType,
    isInitiator: view.call.initiatorId === state.self?.user.id,
  };
  // The answer may come after what has become of the call since: then that counts, or the screen would wait for its end for ever.
  const known = state.views.get(callId);
  if (known && known.view.call.version > view.call.version) {
    return applyView({ ...state, active }, known.view, [], { partial: known.partial, refresh: true });
  }
  return applyView({ ...state, active }, view, [], { partial, refresh: true });
}

/** Whatever becomes of an earlier call of the same person, or in the same channel, is wanted now. */
function calledAgain({ abandoned }: CallsState, entry: ActiveEntry): CallsState['abandoned'] {
  return new Map([...abandoned].filter(([, earlier]) => !isSameWish(earlier, entry)));
}

function isSameWish(one: Wanted, other: Wanted): boolean {
  if (isGroupType(one.callType) !== isGroupType(other.callType)) return false;
  if (isGroupType(one.callType)) return one.channelId === other.channelId;
  return one.people.some(({ id }) => other.people.some((person) => person.id === id));
}

function accepted(before: CallsState, input: Extract<CallsInput, { type: 'accept_tapped' }>): CallsState {
  const { callId, audioOnly, others } = input;
  const ring = before.rings.find((shown) => shown.callId === callId);
  if (!ring) return before;
  // A create that was not answered yet is given up: there is nothing to hold.
  const given = before.active?.callId === null ? abandon(before, before.active) : before;
  const state = stepBack(given, others);
  const known = state.views.get(callId)?.view;
  const active: ActiveEntry = {
    lane: callId,
    callId,
    callType: ring.callType,
    isInitiator: false,
    teamId: ring.team.id,
    channelId: known?.call.channelId ?? null,
    people: [ring.caller],
    audioOnly,
    restored: false,
    seated: false,
    unheld: true,
    turnedFrom: given.active?.callId ?? null,
  };
  return { ...state, active, rings: state.rings.filter((shown) => shown !== ring) };
}

/** Whoever left it before is wanted back. */
function joining(state: CallsState, entry: ActiveEntry): CallsState {
  const { callId } = entry;
  if (state.active || callId === null) return state;
  return {
    ...state,
    active: entry,
    rings: state.rings.filter((ring) => ring.callId !== callId),
    rang: without(state.rang, callId),
    leaving: without(state.leaving, callId),
    summaries: state.summaries.filter((summary) => summary.callId !== callId),
  };
}

function left(state: CallsState, reason: 'hangup' | 'media_failed', now: number): CallsState {
  const { active, self } = state;
  if (!active || !self) return state;
  if (active.callId === null) return abandon(state, active);
  const gone: CallsState = { ...state, active: null, leaving: new Set([...state.leaving, active.callId]) };
  const known = state.views.get(active.callId)?.view.call;
  return known ? withSummary(gone, summaryAtTap(known, self.user.id, reason, now)) : gone;
}

function leftHeld(state: CallsState, callId: string, now: number): CallsState {
  const { self, held } = state;
  if (!self || !held.some((entry) => entry.callId === callId)) return state;
  const gone: CallsState = { ...forgetHeld(state, callId), leaving: new Set([...state.leaving, callId]) };
  const known = state.views.get(callId)?.view.call;
  return known ? withSummary(gone, summaryAtTap(known, self.user.id, 'hangup', now)) : gone;
}

function abandon(state: CallsState, { lane, callType, people, channelId }: ActiveEntry): CallsState {
  return { ...state, active: null, abandoned: new Map(state.abandoned).set(lane, { callType, people, channelId }) };
}

function refused(state: CallsState, input: Extract<CallsInput, { type: 'refused' }>): CallsState {
  const { command, target, code, unanswered = false } = input;
  switch (command) {
    case 'create': {
      const { active } = state;
      if (active?.lane === target) {
        // Its answer was lost, but the call itself was heard of.
        if (unanswered && active.callId !== null) return state;
        const given = unanswered ? abandon(state, active) : { ...state, active: null };
        return withNotice(given, notice('command_failed', target, code));
      }
      if (unanswered || !state.abandoned.has(target)) return state;
      const abandoned = new Map(state.abandoned);
      abandoned.delete(target);
      return { ...state, abandoned };
    }
    case 'accept': {
      if (state.active?.callId !== target) return state;
      if (code === 'removed_from_call' && state.active.returning) return lost(state, target, 'removed');
      const next = withoutActive({ ...state, active: { ...state.active, seated: false } });
      // Tapped a moment too late: the end of the call has its own words, and the view that brings them is on its way.
      if (code === 'call_ended' || code === 'not_ringing') return next;
      const kind = code === 'answered_elsewhere' ? 'answered_elsewhere' : 'command_failed';
      return withNotice({ ...next, rang: without(state.rang, target) }, notice(kind, target, code));
    }
    case 'decline':
      return code === 'answered_elsewhere' ? withNotice(state, notice('answered_elsewhere', target)) : state;
    case 'resume':
      return withNotice(notResumed(state, target), notice('command_failed', target, code));
    case 'leave':
      return state;
  }
}
