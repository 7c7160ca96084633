import { isLiveStatus } from '@parley/domain';
import type { CallView } from '@parley/protocol';
import type { CallsState } from './state.ts';

interface OwnSeat {
  readonly view: CallView;
  /** It is this instance's. */
  readonly here: boolean;
  /** Another device's, and not only another tab's. */
  readonly elsewhere: boolean;
  /** The person talks in another call meanwhile. */
  readonly onHold: boolean;
}

/** The live calls in which the person sits, on this instance or another. */
export function seatsOf({ views, self }: CallsState): readonly OwnSeat[] {
  return [...views.values()].flatMap(({ view }) => {
    const seat = view.seats.find(({ userId }) => userId === self?.user.id);
    if (!seat || !isLiveStatus(view.call.status)) return [];
    const own = view.call.participants.find(({ userId }) => userId === self?.user.id);
    const elsewhere = seat.deviceId !== self?.deviceId;
    return [{ view, here: seat.instanceId === self?.instanceId, elsewhere, onHold: own?.onHold ?? false }];
  });
}

/** The person is in another call than this one: it rings quietly. */
export const sitsElsewhere = (state: CallsState, callId: string): boolean =>
  (state.active !== null && state.active.callId !== callId) ||
  seatsOf(state).some(({ view }) => view.call.id !== callId && !state.leaving.has(view.call.id));
