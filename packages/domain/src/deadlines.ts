import { type Call, isLive } from './call.ts';
import type { CallEvent } from './events.ts';
import type { Instant } from './ids.ts';

/** The deadline that a live call has in itself (leases belong to instances), or null. */
export function deadlineOf(call: Call): Instant | null {
  if (call.status === 'ringing') return call.ringExpiresAt;
  return call.status === 'connecting' ? call.connectExpiresAt : null;
}

/** The event that a passed deadline makes. A timer is only a hint to look: this decides. */
export function dueEvent(call: Call, now: Instant): CallEvent | null {
  const deadline = deadlineOf(call);
  if (!isLive(call) || deadline === null || now < deadline) return null;
  return call.status === 'ringing' ? { type: 'timed_out' } : { type: 'ended', actorId: null };
}
