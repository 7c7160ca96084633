import { type Call, type CallEvent, isSeated, participantOf, type UserId } from '@parley/domain';
import type { Sql } from '../ports/database.ts';
import { callView } from '../store/call-view.ts';
import { lockCall, saveCall } from '../store/calls.ts';
import { findLiveCallsInTeam } from '../store/due.ts';
import { type Announcement, announce } from './announce.ts';
import { step } from './due.ts';
import type { CallDeps } from './types.ts';

/**
 * Whoever is no longer in a team hangs up its live calls and declines what rings from it, as if they had done so
 * themselves. Within the caller's transaction.
 * @returns what tells the world of it, for after the commit
 */
export async function leaveTeamCalls(deps: CallDeps, sql: Sql, teamId: string, userId: string): Promise<() => void> {
  const announcements: Announcement[] = [];
  for (const callId of await findLiveCallsInTeam(sql, userId, teamId)) {
    const locked = await lockCall(sql, callId, deps.clock.skewMs());
    const event = locked && departure(locked.call, userId);
    if (!locked || !event) continue;
    const next = step({ call: locked.call, events: [], effects: [] }, event, locked.now);
    if (next.kind !== 'accepted') continue;
    const { call, events, effects } = next.progress;
    const saved = await saveCall(sql, { call, events, effects, key: null, now: locked.now });
    const media = { room: locked.roomName, before: locked.call, after: call };
    announcements.push({ ...saved, media, view: callView({ ...locked, call }) });
  }
  return () => {
    for (const announcement of announcements) announce(deps, announcement);
  };
}

function departure(call: Call, userId: UserId): CallEvent | null {
  const person = participantOf(call, userId);
  if (!person) return null;
  if (isSeated(person)) return { type: 'left', actorId: userId, data: { reason: 'hangup' } };
  return person.state === 'ringing' || person.state === 'invited' ? { type: 'declined', actorId: userId } : null;
}
