import { type Call, isLive } from './call.ts';
import type { CallEvent } from './events.ts';
import type { Instant } from './ids.ts';

/** The next deadline that a live call has in itself (leases belong to instances), or null. */
export function deadlineOf(call: Call): Instant | null {
  if (!isLive(call)) return null;
  const deadlines = call.participants.flatMap((p) => (p.state === 'ringing' ? [p.ringUntil] : []));
  if (call.status === 'connecting' && call.connectExpiresAt !== null) deadlines.push(call.connectExpiresAt);
  return deadlines.length === 0 ? null : deadlines.reduce((a, b) => Math.min(a, b));
}

/** When the next ring of a call ends, or null. */
export function ringDeadlineOf(call: Call): Instant | null {
  if (!isLive(call)) return null;
  const rings = call.participants.flatMap((p) => (p.state === 'ringing' ? [p.ringUntil] : []));
  return rings.length === 0 ? null : rings.reduce((a, b) => Math.min(a, b));
}

/**
 * The event that a passed deadline makes; there may be another after it. A timer is only a hint to look: this decides.
 */
export function dueEvent(call: Call, now: Instant): CallEvent | null {
  if (!isLive(call)) return null;
  const ring = ringDeadlineOf(call);
  if (ring !== null && now >= ring) return { type: 'timed_out' };
  if (isMediaOverdue(call, now)) return { type: 'ended', actorId: null };
  return null;
}

/** No media came in time. */
export const isMediaOverdue = (call: Call, now: Instant): boolean =>
  call.status === 'connecting' && call.connectExpiresAt !== null && now >= call.connectExpiresAt;
