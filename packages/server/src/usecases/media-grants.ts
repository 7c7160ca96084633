import { type Call, isLive, isSeated, participantOf } from '@parley/domain';
import type { MediaGrants } from '../ports/media-server.ts';

/** Who has accepted. */
export const FULL: MediaGrants = { subscribe: true, publish: ['microphone', 'camera', 'screen', 'screen_audio'] };
/** Who is rung and joins ahead: a microphone that they keep muted, and nothing of the others. */
export const AHEAD: MediaGrants = { subscribe: false, publish: ['microphone'] };

/** Two devices of a person can join ahead, and a reload takes the place of its own ghost. */
export const identityOf = (userId: string, deviceId: string): string => `${userId}:${deviceId}`;

/** What the ledger lets this identity do in the room of a call; null where it has no business there. */
export function grantsOf(call: Call, identity: string): MediaGrants | null {
  const colon = identity.indexOf(':');
  const [userId, deviceId] = [identity.slice(0, colon), identity.slice(colon + 1)];
  const person = isLive(call) && colon > 0 ? participantOf(call, userId) : undefined;
  if (person === undefined) return null;
  if (isSeated(person)) return person.seat.deviceId === deviceId ? FULL : null;
  return person.state === 'ringing' ? AHEAD : null;
}

export const sameGrants = (a: MediaGrants, b: MediaGrants): boolean =>
  a.subscribe === b.subscribe && a.publish.toSorted().join() === b.publish.toSorted().join();
