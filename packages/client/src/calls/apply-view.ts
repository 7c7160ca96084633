import { isGroupType, isLiveStatus, isSeatedState } from '@parley/domain';
import type { CallEventRecord, CallView } from '@parley/protocol';
import { notice, withNotice, without, withSummary } from './change.ts';
import type { ActiveEntry, CallsState, KnownView, Self, Wanted } from './state.ts';
import { othersOf, summaryOf } from './summary.ts';
import { follow, forgetHeld, withoutActive } from './turning.ts';

const MOST_ENDED_VIEWS = 30;

interface How {
  readonly partial?: boolean;
  /** The server was asked for the whole state: the same version is news too. */
  readonly refresh?: boolean;
}

/** A view that is not newer than the known one is old news. */
export function applyView(
  state: CallsState,
  view: CallView,
  events: readonly CallEventRecord[],
  { partial = false, refresh = false }: How,
): CallsState {
  const { self } = state;
  if (!self || !isNews(state.views.get(view.call.id), view, partial, refresh)) return state;
  const kept = keep(state, view, partial);
  return isLiveStatus(view.call.status) ? applyLive(kept, view, events) : applyEnd(kept, view, events);
}

function isNews(known: KnownView | undefined, view: CallView, partial: boolean, refresh: boolean): boolean {
  if (!known) return true;
  const newer = view.call.version - known.view.call.version;
  if (newer !== 0) return newer > 0;
  return refresh || (known.partial && !partial);
}

function keep(state: CallsState, view: CallView, partial: boolean): CallsState {
  const known = state.views.get(view.call.id);
  // A REST answer does not say who sits where: what was known of it stays.
  const seats = partial ? mergeSeats(view, known) : view.seats;
  const views = new Map(state.views);
  views.delete(view.call.id);
  views.set(view.call.id, { view: { ...view, seats }, partial });
  const ended = [...views.values()].filter((other) => !isLiveStatus(other.view.call.status));
  for (const old of ended.slice(0, Math.max(0, ended.length - MOST_ENDED_VIEWS))) views.delete(old.view.call.id);
  return { ...state, views };
}

function mergeSeats(view: CallView, known: KnownView | undefined): CallView['seats'] {
  const seats = [...view.seats, ...(known?.view.seats ?? [])];
  const seen = new Set<string>();
  return seats.filter(({ userId }) => {
    const seated = view.call.participants.some((p) => p.userId === userId && isSeatedState(p.state));
    if (seen.has(userId) || !seated) return false;
    seen.add(userId);
    return true;
  });
}

function applyLive(state: CallsState, view: CallView, events: readonly CallEventRecord[]): CallsState {
  const { self, active } = state;
  const callId = view.call.id;
  const seat = view.seats.find(({ userId }) => userId === self?.user.id);
  if (!self) return state;
  if (!seat) return withoutSeat(state, view, events, self);
  const rings = state.rings.filter((ring) => ring.callId !== callId);
  if (seat.instanceId === self.instanceId) {
    if (state.leaving.has(callId)) return { ...state, rings };
    const lane = active && isCallOf(active, view) ? undefined : abandonedLane(state, view);
    if (lane !== undefined) {
      const abandoned = new Map(state.abandoned);
      abandoned.delete(lane);
      return { ...state, rings, abandoned, leaving: new Set([...state.leaving, callId]) };
    }
    return seatedHere({ ...state, rings, rang: without(state.rang, callId) }, view, self.user.id);
  }
  // The seat is another one's: it has been asked for, or this device rang in vain, or its tap came second, or another took it over.
  if (active?.callId === callId && active.moving) return { ...state, rings };
  const concerned = rings.length !== state.rings.length || active?.callId === callId;
  const next = gone({ ...state, rings, rang: without(state.rang, callId) }, callId);
  // Another tab of this device needs no words: the person sees it there.
  if (!concerned || seat.deviceId === self.deviceId) return next;
  const moved = active?.callId === callId && active.seated;
  return withNotice(next, notice(moved ? 'moved_elsewhere' : 'answered_elsewhere', callId));
}

/** A call that goes on, and in which one has no seat: not asked yet, not any more, or not by one's own wish. */
function withoutSeat(
  state: CallsState,
  { call }: CallView,
  events: readonly CallEventRecord[],
  { user }: Self,
): CallsState {
  const own = call.participants.find(({ userId }) => userId === user.id);
  if (own?.state === 'ringing' || own?.state === 'connecting' || own?.state === 'joined') return state;
  const rang = state.rang.has(call.id);
  const next: CallsState = rang
    ? { ...state, rings: state.rings.filter((ring) => ring.callId !== call.id), rang: without(state.rang, call.id) }
    : state;
  // The server has heard that this instance left: what comes of the call after that is news of others.
  if (next.leaving.has(call.id)) return { ...next, leaving: without(next.leaving, call.id) };
  const mine = [next.active, ...next.held].find((entry) => entry?.callId === call.id);
  if (!mine?.seated) return next;
  // By one's own wish.
  if (next.ending.has(call.id)) return gone(next, call.id);
  const by = lossOf(events, user.id)?.by ?? null;
  // A device that slept hears only that it sits there no more: what by, is asked for before anything is done.
  if (mine === next.active && isGroupType(call.callType) && (by === null || by === 'dropped')) {
    const lane = `${call.id}@${call.version}`;
    const back = { lane, restored: true, seated: false, returning: true, unheld: false, turnedFrom: null };
    return { ...next, active: { ...mine, ...back } };
  }
  return lost(next, call.id, by ?? 'dropped');
}

type Loss = 'removed' | 'left' | 'dropped';

const isLoss = (type: CallEventRecord['type']): type is Loss =>
  type === 'removed' || type === 'left' || type === 'dropped';

/** What the newest of these events about a person took them out by, and when by the server's clock. */
export function lossOf(events: readonly CallEventRecord[], me: string): { by: Loss; at: number } | null {
  const last = events.findLast(({ type, actorId, data }) => {
    if (type === 'left' || type === 'accepted') return actorId === me;
    return (type === 'removed' || type === 'dropped') && data.userId === me;
  });
  return last !== undefined && isLoss(last.type) ? { by: last.type, at: Date.parse(last.at) } : null;
}

/** Out of the active call, or of one that is on hold, which goes on. */
export function lost(state: CallsState, callId: string, by: Loss): CallsState {
  if (![state.active, ...state.held].some((entry) => entry?.callId === callId)) return state;
  const out = gone(state, callId);
  // By this very person, elsewhere: they know.
  return by === 'left' ? out : withNotice(out, notice(by, callId));
}

/** The view of the active call, or what its create may have made: a pair, or a channel, has one live call, so that this is it. */
export const isCallOf = (active: ActiveEntry, { call }: CallView): boolean =>
  active.callId === call.id || (active.callId === null && isOutcomeOf(active, call));

function isOutcomeOf({ callType, people, channelId }: Wanted, call: CallView['call']): boolean {
  if (isGroupType(callType)) return isGroupType(call.callType) && call.channelId === channelId;
  return call.participants.some(({ userId }) => people.some(({ id }) => id === userId));
}

/** This instance lost its part in the call, or never had it. */
const gone = (state: CallsState, callId: string): CallsState =>
  state.active?.callId === callId ? withoutActive(state) : forgetHeld(state, callId);

/** The active call, one that is on hold, or one that this instance finds itself in. */
function seatedHere(state: CallsState, view: CallView, me: string): CallsState {
  const { active, held } = state;
  const own = view.call.participants.find(({ userId }) => userId === me);
  const isActive = active !== null && isCallOf(active, view);
  const known = isActive ? active : (held.find(({ callId }) => callId === view.call.id) ?? null);
  return follow(state, bind(known, view, me), own?.onHold ?? false);
}

/** The view of a create that has not been answered yet, or of a call that this instance finds itself in. */
export function bind(active: ActiveEntry | null, view: CallView, me: string): ActiveEntry {
  const { call } = view;
  const own = call.participants.find((p) => p.userId === me);
  return {
    lane: active?.lane ?? call.id,
    callId: call.id,
    callType: call.callType,
    isInitiator: call.initiatorId === me,
    teamId: call.teamId,
    channelId: call.channelId,
    people: othersOf(call, me),
    audioOnly: active ? active.audioOnly : own?.videoEnabled === false,
    restored: active ? active.restored : true,
    seated: true,
    unheld: active?.unheld ?? false,
    turnedFrom: active?.turnedFrom ?? null,
  };
}

/** The create that was given up, and of which this call of one's own has come. */
const abandonedLane = ({ self, abandoned }: CallsState, { call }: CallView): string | undefined =>
  call.initiatorId === self?.user.id ? [...abandoned].find(([, wanted]) => isOutcomeOf(wanted, call))?.[0] : undefined;

function applyEnd(state: CallsState, view: CallView, events: readonly CallEventRecord[]): CallsState {
  const { self, active, leaving } = state;
  const { call } = view;
  if (!self) return state;
  const summary = summaryOf(call, self.user.id);
  const wasActive = active?.callId === call.id;
  const wasHeld = state.held.some(({ callId }) => callId === call.id);
  const left = leaving.has(call.id);
  const rang = state.rang.has(call.id);
  const next: CallsState = gone(
    {
      ...state,
      rings: state.rings.filter((ring) => ring.callId !== call.id),
      rang: without(state.rang, call.id),
      leaving: without(leaving, call.id),
    },
    call.id,
  );
  if (left) {
    // Its summary was shown at the tap; the server's figures replace it, unless it was put away since.
    const shown = next.summaries.some(({ callId }) => callId === call.id);
    return summary && shown ? withSummary(next, summary) : next;
  }
  if (!wasActive && !wasHeld && !rang) return next;
  const own = call.participants.find((p) => p.userId === self.user.id);
  const recipient = call.initiatorId !== self.user.id;
  if (recipient && call.endReason === 'declined') {
    const declinedHere = events.some((event) => event.type === 'declined' && event.deviceId === self.deviceId);
    return declinedHere ? next : withNotice(next, notice('declined_elsewhere', call.id));
  }
  // It was answered and has ended again while this device could not hear of it.
  if (!wasActive && !wasHeld && own?.state === 'left') return withNotice(next, notice('answered_elsewhere', call.id));
  return summary ? withSummary(next, summary) : next;
}
