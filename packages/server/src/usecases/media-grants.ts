import {
  type Call,
  isLive,
  isSeated,
  isSeatedState,
  type MediaDifference,
  type ParticipantStateName,
  participantOf,
} from '@parley/domain';
import type { MediaGrants } from '../ports/media-server.ts';

/** Who has accepted. */
export const FULL: MediaGrants = { subscribe: true, publish: ['microphone', 'camera', 'screen', 'screen_audio'] };
/** Who is rung and joins ahead: a microphone that they keep muted, and nothing of the others. */
export const AHEAD: MediaGrants = { subscribe: false, publish: ['microphone'] };

/** Two devices of a person can join ahead, and a reload takes the place of its own ghost. */
export const identityOf = (userId: string, deviceId: string): string => `${userId}:${deviceId}`;

export function partsOf(identity: string): { readonly userId: string; readonly deviceId: string } {
  const colon = identity.indexOf(':');
  return colon < 0
    ? { userId: identity, deviceId: '' }
    : { userId: identity.slice(0, colon), deviceId: identity.slice(colon + 1) };
}

/** What a live call lets a device of a person do in its room; null where it has no business there. */
export function grantsFor(
  state: ParticipantStateName | null,
  seat: string | null,
  deviceId: string,
): MediaGrants | null {
  if (state !== null && isSeatedState(state)) return seat === deviceId ? FULL : null;
  return state === 'ringing' ? AHEAD : null;
}

/** What the ledger lets this identity do in the room of a call; null where it has no business there. */
export function grantsOf(call: Call, identity: string): MediaGrants | null {
  const { userId, deviceId } = partsOf(identity);
  const person = isLive(call) ? participantOf(call, userId) : undefined;
  if (person === undefined) return null;
  return grantsFor(person.state, isSeated(person) ? person.seat.deviceId : null, deviceId);
}

/** What this identity lacks to be in the room of a live call; null where it is there rightly. */
export function strangeness(call: Call, identity: string): Exclude<MediaDifference, 'rights'> | null {
  if (grantsOf(call, identity) !== null) return null;
  const person = participantOf(call, partsOf(identity).userId);
  if (person === undefined) return 'not_in_call';
  return isSeated(person) ? 'other_device' : 'no_seat';
}

export const sameGrants = (a: MediaGrants, b: MediaGrants): boolean =>
  a.subscribe === b.subscribe && a.publish.toSorted().join() === b.publish.toSorted().join();
