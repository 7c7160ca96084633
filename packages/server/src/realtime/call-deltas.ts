import { isLiveStatus } from '@parley/domain';
import type { CallEventRecord, CallView, Participant, Seat } from '@parley/protocol';
import type { Timers } from '../ports/timers.ts';
import { type Shown, shownIn } from '../store/big-call.ts';
import { BOUNDS } from './bounds.ts';
import type { Session } from './session.ts';

/** What somebody hears of themselves. */
interface Own {
  readonly person: Participant;
  readonly seat: Seat | null;
  readonly events: readonly CallEventRecord[];
}

/** Changes of a call of many people since they were last told. */
export interface CallDelta {
  readonly view: CallView;
  /** The newest number of what was told before; null: nothing was, and the whole view has to be. */
  readonly from: number | null;
  readonly events: readonly CallEventRecord[];
  /** People and seats that are others than before, of those whom everybody sees. */
  readonly people: readonly Participant[];
  readonly seats: readonly Seat[];
  readonly gone: readonly string[];
  readonly counts: Shown['counts'];
  /** Everybody about whom something has changed. */
  readonly own: ReadonlyMap<string, Own>;
  readonly guests: ReadonlySet<Session>;
}

interface Known {
  view: CallView;
  shown: Shown;
  /** Null before anything was told. */
  told: number | null;
  /** People who have changed since. */
  readonly changed: Set<string>;
  /** People who were shown at some time since, and are not any more or were not before. */
  readonly moved: Set<string>;
  events: CallEventRecord[];
  guests: Set<Session>;
  waiting: boolean;
}

/**
 * Changes of a call of many people, told together and by what is different: a hundred who come in within a second are a few small
 * messages for each of those who are there, and what a message holds does not grow with the call.
 */
export class CallDeltas {
  readonly #calls = new Map<string, Known>();
  readonly #timers: Timers;
  readonly #send: (delta: CallDelta) => void;

  constructor(timers: Timers, send: (delta: CallDelta) => void) {
    this.#timers = timers;
    this.#send = send;
  }

  add(view: CallView, events: readonly CallEventRecord[], guests: Iterable<Session>): void {
    const { id } = view.call;
    const known = this.#calls.get(id) ?? begin(view);
    this.#calls.set(id, known);
    if (view.call.version > known.view.call.version) note(known, view);
    known.events.push(...events);
    for (const guest of guests) known.guests.add(guest);
    if (!isLiveStatus(view.call.status)) this.#flush(id);
    else if (!known.waiting) {
      known.waiting = true;
      const wait = Math.max(BOUNDS.bigCallMs, known.shown.counts.seated * BOUNDS.togetherMsEach);
      this.#timers.setTimeout(() => this.#flush(id), wait);
    }
  }

  #flush(callId: string): void {
    const known = this.#calls.get(callId);
    if (!known) return;
    const delta = deltaOf(known);
    if (!isLiveStatus(known.view.call.status)) this.#calls.delete(callId);
    known.told = known.view.call.version;
    known.changed.clear();
    known.moved.clear();
    known.events = [];
    known.guests = new Set();
    known.waiting = false;
    this.#send(delta);
  }
}

function begin(view: CallView): Known {
  return {
    view,
    shown: shownIn(view.call),
    told: null,
    changed: new Set(),
    moved: new Set(),
    events: [],
    guests: new Set(),
    waiting: false,
  };
}

/** People of a call are never taken out of its list, and new ones come last. */
function note(known: Known, view: CallView): void {
  const before = known.view.call.participants;
  const seats = new Map(known.view.seats.map((seat) => [seat.userId, seat]));
  const seatsNow = new Map(view.seats.map((seat) => [seat.userId, seat]));
  view.call.participants.forEach((person, index) => {
    const { userId } = person;
    const old = before[index];
    if (old === undefined || !isSame(old, person) || !isSameSeat(seats.get(userId), seatsNow.get(userId))) {
      known.changed.add(userId);
    }
  });
  const shown = shownIn(view.call);
  for (const id of shown.ids) if (!known.shown.ids.has(id)) known.moved.add(id);
  for (const id of known.shown.ids) if (!shown.ids.has(id)) known.moved.add(id);
  known.view = view;
  known.shown = shown;
}

function deltaOf({ view, shown, told, changed, moved, events, guests }: Known): CallDelta {
  const isTold = ({ userId }: { readonly userId: string }) =>
    shown.ids.has(userId) && (changed.has(userId) || moved.has(userId));
  const seats = new Map(view.seats.map((seat) => [seat.userId, seat]));
  const own = new Map<string, Own>();
  if (changed.size > 0) {
    for (const person of view.call.participants) {
      const { userId } = person;
      if (!changed.has(userId)) continue;
      own.set(userId, {
        person,
        seat: seats.get(userId) ?? null,
        events: events.filter((event) => names(event, userId)),
      });
    }
  }
  return {
    view,
    from: told,
    events,
    people: view.call.participants.filter(isTold),
    seats: view.seats.filter(isTold),
    gone: [...moved].filter((id) => !shown.ids.has(id)),
    counts: shown.counts,
    own,
    guests,
  };
}

const names = ({ actorId, data }: CallEventRecord, userId: string): boolean =>
  actorId === userId || data.userId === userId || (Array.isArray(data.userIds) && data.userIds.includes(userId));

function isSame(a: Participant, b: Participant): boolean {
  if (a === b) return true;
  return (
    a.userId === b.userId &&
    a.state === b.state &&
    a.isMuted === b.isMuted &&
    a.waiting === b.waiting &&
    a.onHold === b.onHold &&
    a.videoEnabled === b.videoEnabled &&
    a.role === b.role &&
    a.handRaisedAt === b.handRaisedAt &&
    a.mediaEpoch === b.mediaEpoch &&
    a.joinedAt === b.joinedAt &&
    a.leftAt === b.leftAt &&
    a.displayName === b.displayName
  );
}

const isSameSeat = (a: Seat | undefined, b: Seat | undefined): boolean =>
  a?.deviceId === b?.deviceId && a?.instanceId === b?.instanceId;
