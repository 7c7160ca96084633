import type { CallView } from '@parley/protocol';
import type { CallMediaState } from '../media/call-media.ts';
import type { LocalMediaState } from '../media/local-media.ts';
import type { ActiveCall, CallPhase, IncomingCall, PersonInCall } from '../model.ts';
import type { ActiveEntry, CallsState, Self } from './state.ts';

interface Around {
  readonly media: CallMediaState;
  readonly local: LocalMediaState;
  /** A server's instant by this device's clock. */
  toLocal(instant: number): number;
}

/**
 * Glare: two people call each other at once. The server makes one call of it; until it has said so, the ring of the very
 * person who is being called is no question to be asked.
 */
export function incomingOf(state: CallsState, audible: boolean): readonly IncomingCall[] {
  const { active } = state;
  const called = active?.isInitiator && phaseOf(active, viewOf(state, active)) === 'ringing' ? active.people : [];
  return state.rings
    .filter((ring) => !called.some(({ id }) => id === ring.caller.id))
    .map((ring) => ({ ring, audible, answering: false }));
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
    media: around.media.connection,
    people: peopleOf(active, view, self, around.media),
    self: {
      userId: self.user.id,
      displayName: self.user.displayName,
      isMuted: around.local.isMuted,
      videoEnabled: around.local.videoEnabled,
      stream: around.local.preview,
      mirrored: around.local.mirrored,
    },
    connectedAt: connectedAt === null ? null : around.toLocal(Date.parse(connectedAt)),
    protection: around.media.protection,
    stats: around.media.stats,
    quality: around.media.quality,
    videoHeld: around.local.videoHeld,
    view,
    permissionProblems: around.local.problems,
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
  media: CallMediaState,
): readonly PersonInCall[] {
  const broken = media.connection === 'reconnecting' || media.connection === 'failed';
  if (!view) {
    return active.people.map(({ id, displayName }) => ({
      userId: id,
      displayName,
      isMuted: false,
      videoEnabled: false,
      stream: null,
      away: false,
    }));
  }
  return view.call.participants
    .filter(({ userId }) => userId !== self.user.id)
    .map(({ userId, displayName, isMuted, videoEnabled }) => ({
      userId,
      displayName,
      isMuted,
      videoEnabled,
      stream: media.streams.get(userId) ?? null,
      away: broken && view.call.status === 'connected',
    }));
}
