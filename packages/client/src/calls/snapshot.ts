import { isGroupType, isSeatedState, type UserId } from '@parley/domain';
import type { CallView, Participant, User } from '@parley/protocol';
import type { CallMediaState } from '../media/call-media.ts';
import type { LocalMediaState } from '../media/local-media.ts';
import type { ActiveCall, CallPhase, IncomingCall, OtherCall, PersonInCall } from '../model.ts';
import type { MediaStreamLike } from '../ports/media-engine.ts';
import type { Passing } from './group-desk.ts';
import { seatsOf, sitsElsewhere } from './seats.ts';
import type { ActiveEntry, CallsState, Self } from './state.ts';

/** What of screens and voices the engine tells. */
export interface Sharing {
  /** This device can share its screen in this call. */
  readonly possible: boolean;
  readonly own: MediaStreamLike | null;
  readonly screens: ReadonlyMap<UserId, MediaStreamLike | null>;
  /** Who speaks, the loudest first. */
  readonly speakers: readonly UserId[];
}

interface Around {
  readonly media: CallMediaState;
  readonly local: LocalMediaState;
  readonly passing: Passing;
  readonly sharing: Sharing;
  readonly dataSaver: boolean;
  /** A server's instant by this device's clock. */
  toLocal(instant: number): number;
}

/**
 * Glare: two people call each other at once. The server makes one call of it; until it has said so, the ring of the very
 * person who is being called is no question to be asked.
 */
export function incomingOf(state: CallsState, audible: boolean): readonly IncomingCall[] {
  const { active } = state;
  const calls = active?.isInitiator && !isGroupType(active.callType);
  // A pair has one live call: once this one is known to be it, what rings besides is another, with more people.
  const called = calls && active.callId === null ? active.people : [];
  return (
    state.rings
      // Of two groups, or of a group and a call of two, the server makes nothing: without the question both would wait in vain.
      .filter((ring) => isGroupType(ring.callType) || !called.some(({ id }) => id === ring.caller.id))
      .map((ring) => {
        const waiting = waitingOf(state, ring.callId);
        const call = state.views.get(ring.callId)?.view.call ?? null;
        return { ring, waiting, audible: audible && waiting === null, answering: false, call };
      })
  );
}

function waitingOf(state: CallsState, callId: string): IncomingCall['waiting'] {
  if (!sitsElsewhere(state, callId)) return null;
  // A call that still rings others cannot be held.
  const { active } = state;
  const placing = active !== null && phaseOf(active, viewOf(state, active)) === 'ringing';
  const ringing = seatsOf(state).some(({ view, onHold }) => !onHold && view.call.status === 'ringing');
  return placing || ringing ? 'end' : 'hold';
}

/** Those that are to be ended are none any more for the person. */
export function othersOfState(state: CallsState): readonly OtherCall[] {
  const { self, held, ending, leaving } = state;
  return seatsOf(state)
    .filter(({ view: { call }, here }) => {
      if (ending.has(call.id) || leaving.has(call.id) || state.active?.callId === call.id) return false;
      return !here || held.some(({ callId }) => callId === call.id);
    })
    .map(({ view: { call }, here, elsewhere, onHold }) => ({
      callId: call.id,
      callType: call.callType,
      teamId: call.teamId,
      channelId: call.channelId,
      people: call.participants
        .filter((p) => p.userId !== self?.user.id && (isSeated(p) || call.status === 'ringing'))
        .map(({ userId, displayName }) => ({ id: userId, displayName })),
      here,
      movable: elsewhere && call.status !== 'ringing',
      onHold: onHold || here,
    }));
}

export function activeOf(state: CallsState, around: Around): ActiveCall | null {
  const { active, self } = state;
  if (!active || !self) return null;
  const view = viewOf(state, active);
  const connectedAt = view?.call.connectedAt ?? null;
  return {
    callId: active.callId,
    callType: active.callType,
    phase: phaseOf(active, view),
    isInitiator: active.isInitiator,
    teamId: active.teamId,
    channelId: active.channelId,
    media: around.media.connection,
    people: peopleOf(active, view, self, around),
    speakers: around.sharing.speakers,
    onAnotherCall: view !== null && view.call.status === 'ringing' && presentIn(view, self).some((p) => p.waiting),
    ringing: ringingOf(view, self),
    self: {
      userId: self.user.id,
      displayName: self.user.displayName,
      isMuted: around.local.isMuted,
      videoEnabled: around.local.videoEnabled,
      stream: around.local.preview,
      mirrored: around.local.mirrored,
      screen: around.sharing.own,
      ...standingOf(view?.call.participants.find(({ userId }) => userId === self.user.id)),
    },
    connectedAt: connectedAt === null ? null : around.toLocal(Date.parse(connectedAt)),
    protection: around.media.protection,
    stats: around.media.stats,
    quality: around.media.quality,
    videoHeld: around.local.videoHeld,
    view,
    permissionProblems: around.local.problems,
    locked: view?.call.locked ?? false,
    ...around.passing,
    canShare: around.sharing.possible,
    dataSaver: around.dataSaver,
  };
}

const viewOf = (state: CallsState, active: ActiveEntry): CallView | null =>
  active.callId === null ? null : (state.views.get(active.callId)?.view ?? null);

/** The callee's tap counts before the server has said so: it never sees *ringing* of a call that it has accepted. */
function phaseOf(active: ActiveEntry, view: CallView | null): CallPhase {
  const status = view?.call.status;
  if (status === 'connecting' || status === 'connected') return status;
  return active.isInitiator ? 'ringing' : 'connecting';
}

function peopleOf(
  active: ActiveEntry,
  view: CallView | null,
  self: Self,
  { media, sharing }: Around,
): readonly PersonInCall[] {
  const broken = media.connection === 'reconnecting' || media.connection === 'failed';
  if (!view) {
    // Of a group nobody is there before the server says so: those who are rung are not.
    if (isGroupType(active.callType)) return [];
    return active.people.map(({ id, displayName }) => ({
      userId: id,
      displayName,
      isMuted: false,
      videoEnabled: false,
      stream: null,
      screen: null,
      speaking: false,
      away: false,
      onHold: false,
      ...standingOf(undefined),
    }));
  }
  return presentIn(view, self).map((person) => ({
    userId: person.userId,
    displayName: person.displayName,
    isMuted: person.isMuted,
    videoEnabled: person.videoEnabled,
    stream: media.streams.get(person.userId) ?? null,
    screen: sharing.screens.get(person.userId) ?? null,
    speaking: sharing.speakers.includes(person.userId),
    away: broken && view.call.status === 'connected',
    onHold: person.onHold,
    ...standingOf(person),
  }));
}

const standingOf = (person: Participant | undefined): Pick<PersonInCall, 'role' | 'handRaisedAt'> => ({
  role: person?.role ?? 'member',
  handRaisedAt: person?.handRaisedAt == null ? null : Date.parse(person.handRaisedAt),
});

const isSeated = ({ state }: Participant): boolean => isSeatedState(state);

/** Whom one sees in the call; as long as two people's call rings that is whom it rings. */
function presentIn({ call }: CallView, self: Self): readonly Participant[] {
  const others = call.participants.filter(({ userId }) => userId !== self.user.id);
  const here = others.filter(isSeated);
  if (isGroupType(call.callType) || here.length > 0) return here.sort(byJoining);
  return others.slice(0, 1);
}

/** The first to have come first; whoever has no picture or sound yet comes last, in the order in which they were asked. */
function byJoining(a: Participant, b: Participant): number {
  if (a.joinedAt === b.joinedAt) return 0;
  if (a.joinedAt === null || b.joinedAt === null) return a.joinedAt === null ? 1 : -1;
  return a.joinedAt.localeCompare(b.joinedAt);
}

function ringingOf(view: CallView | null, self: Self): readonly User[] {
  if (view === null) return [];
  const shown = new Set(presentIn(view, self).map(({ userId }) => userId));
  return view.call.participants
    .filter(({ userId, state }) => userId !== self.user.id && state === 'ringing' && !shown.has(userId))
    .map(({ userId, displayName }) => ({ id: userId, displayName }));
}
