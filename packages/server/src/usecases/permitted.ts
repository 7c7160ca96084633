import { type Call, type CallEvent, isGroupType, isSeated, participantOf } from '@parley/domain';
import type { Sql } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { hasAccess } from '../store/channels.ts';
import { whoTalks } from '../store/seats.ts';
import { keepMembers, lockMembership } from '../store/teams.ts';
import { type CallContext, hasMediaServer } from './context.ts';
import type { Actor } from './types.ts';

/**
 * What the machine cannot know: who belongs to the team. To outsiders the call does not exist: the transaction is undone, their
 * sign of life with it.
 * @returns the event, with what was found out
 * @throws EdgeError `not_found`
 */
export async function permitted(
  sql: Sql,
  call: Call,
  actor: Actor,
  event: CallEvent,
  skewMs: number,
): Promise<CallEvent> {
  const person = participantOf(call, actor.userId);
  if (person && event.type === 'invited') {
    const waitingIds = await whoTalks(sql, event.data.userIds, skewMs);
    return waitingIds.length === 0 ? event : { ...event, data: { ...event.data, waitingIds } };
  }
  if (event.type === 'accepted' && isGroupType(call.callType)) {
    // Who is rung, let in or sits there was asked; everybody else comes because the call is their team's or their channel's.
    const isAsked = person && (isSeated(person) || person.state === 'ringing' || person.state === 'invited');
    if (isAsked) return event;
    const isTheirs = !actor.isAnonymous && (await isAtHome(sql, call, actor.userId));
    if (!isTheirs || (!person && call.channelId === null)) throw new EdgeError('not_found');
    return { ...event, data: { ...event.data, joins: true } };
  }
  if (!person) throw new EdgeError('not_found');
  return event;
}

/**
 * What the machine has accepted, and the world around it may still refuse.
 * @throws EdgeError `recipient_not_in_team`, `sfu_unavailable`
 */
export async function requireMeans(context: CallContext, sql: Sql, call: Call, event: CallEvent): Promise<void> {
  if (event.type === 'invited') await requireMembers(sql, call, event.data.userIds);
  if (event.type === 'media_plan' && !hasMediaServer(context)) {
    throw new EdgeError('sfu_unavailable', { retryAfter: 5 });
  }
}

const isAtHome = (sql: Sql, call: Call, userId: string): Promise<boolean> =>
  call.channelId === null ? lockMembership(sql, call.teamId, userId) : hasAccess(sql, call.channelId, userId);

async function requireMembers(sql: Sql, call: Call, userIds: readonly string[]): Promise<void> {
  const asked = [...new Set(userIds)];
  // A group's channel may be one of two people: those who can read there can be asked. A pair leaves its channel with the third.
  const channelId = isGroupType(call.callType) ? call.channelId : null;
  const members = await keepMembers(sql, call.teamId, channelId, asked);
  if (members !== asked.length) throw new EdgeError('recipient_not_in_team');
}
