import { type Call, type CallEvent, isSeated, participantOf, type UserId } from '@parley/domain';
import type { Sql } from '../ports/database.ts';
import { findLiveCallsInTeam } from '../store/due.ts';
import { type Announcement, announce } from './announce.ts';
import { changeCall } from './keep-call.ts';
import type { CallDeps } from './types.ts';

/**
 * Whoever is no longer in a team hangs up its live calls and declines what rings from it, as if they had done so
 * themselves. Within the caller's transaction.
 * @returns what tells the world of it, for after the commit
 */
export async function leaveTeamCalls(deps: CallDeps, sql: Sql, teamId: string, userId: string): Promise<() => void> {
  const announcements: Announcement[] = [];
  for (const callId of await findLiveCallsInTeam(sql, userId, teamId)) {
    const change = await changeCall(deps, sql, callId, (call) => departure(call, userId));
    if (change?.announcement) announcements.push(change.announcement);
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
