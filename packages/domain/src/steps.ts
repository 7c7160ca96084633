import type { Call, LiveCall, Participant, ParticipantCommon } from './call.ts';
import { isSeated } from './call.ts';
import type { RefusalCode } from './errors.ts';
import type { Effect } from './events.ts';
import type { Instant, UserId } from './ids.ts';
import { isGroupType } from './values.ts';

export type Transition =
  | { readonly kind: 'accepted'; readonly call: Call; readonly effects: readonly Effect[] }
  /** The call is so already: nothing to write, and no event. */
  | { readonly kind: 'unchanged'; readonly call: Call }
  | { readonly kind: 'refused'; readonly code: RefusalCode };

export const accepted = (call: Call, effects: readonly Effect[] = []): Transition => ({
  kind: 'accepted',
  call,
  effects,
});

/** What every event changes. */
export const common = (call: LiveCall, now: Instant) => ({ updatedAt: now, version: call.version + 1 });

export const change = (call: Call, userId: UserId, to: (p: Participant) => Participant): readonly Participant[] =>
  call.participants.map((p) => (p.userId === userId ? to(p) : p));

/** Somebody of whom nothing has been heard yet. */
export const newcomer = (userId: UserId, isGuest = false): ParticipantCommon => ({
  userId,
  isMuted: false,
  videoEnabled: false,
  isGuest,
  barred: false,
  handRaisedAt: null,
  mediaEpoch: null,
});

/** Stays with its holder while they sit; passes on to whoever stands first in the list. Guests are no hosts. */
export function whoHosts(hostId: UserId | null, participants: readonly Participant[]): UserId | null {
  const members = participants.filter((p) => isSeated(p) && !p.isGuest);
  if (members.some((p) => p.userId === hostId)) return hostId;
  return members[0]?.userId ?? null;
}

/**
 * `connected` is when media flows, not when somebody taps: on both sides of a call of two; in a group, where it may go to a
 * server, with the first.
 */
export function settled(call: LiveCall, now: Instant): LiveCall {
  if (call.status !== 'connecting') return call;
  const joined = call.participants.filter((p) => p.state === 'joined').length;
  if (joined < (isGroupType(call.callType) ? 1 : 2)) return call;
  const { connectExpiresAt: _, ...rest } = call;
  return { ...rest, status: 'connected', connectedAt: now };
}
