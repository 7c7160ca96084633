import type { Channel, CreateChannel, CreateTeam, Team, User } from '@parley/protocol';
import { Text, Uuid } from '@parley/protocol';
import { z } from 'zod';
import { EdgeError } from '../ports/edge-error.ts';
import { ensureDirect, findChannels, insertChannel } from '../store/channels.ts';
import { findMembers, findTeams, insertTeam, lockMembership } from '../store/teams.ts';
import { type ChatDeps, claimsOf, type Person } from './chat-deps.ts';
import { decodeCursor, toPage } from './cursor.ts';

interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

const MEMBERS_PAGE = 500;
const MemberPosition = z.tuple([Text.max(80), Uuid]);

export async function listTeams({ db }: ChatDeps, person: Person): Promise<Page<Team>> {
  const items = await db.readAs(claimsOf(person), (sql) => findTeams(sql, person.userId));
  return { items, nextCursor: null };
}

/** Makes a team with a channel *general*. @throws EdgeError `forbidden` for guests */
export async function createTeam(
  { db }: ChatDeps,
  person: Person,
  { name }: z.infer<typeof CreateTeam>,
): Promise<Team> {
  if (person.isAnonymous) throw new EdgeError('forbidden');
  return db.tx(async (sql) => {
    const team = await insertTeam(sql, name, person.userId);
    await insertChannel(sql, team.id, 'general', person.userId);
    return team;
  });
}

/** @throws EdgeError `not_found` for outsiders */
export async function listMembers(
  { db }: ChatDeps,
  person: Person,
  teamId: string,
  cursor: string | undefined,
): Promise<Page<User>> {
  const position = decodeCursor(cursor, MemberPosition);
  const after = position === null ? null : { name: position[0], id: position[1] };
  return db.readAs(claimsOf(person), async (sql) => {
    const [team] = await findTeams(sql, person.userId, teamId);
    if (team === undefined) throw new EdgeError('not_found');
    const rows = await findMembers(sql, teamId, after, MEMBERS_PAGE + 1);
    return toPage(rows, MEMBERS_PAGE, (last) => [last.displayName, last.id]);
  });
}

/** @throws EdgeError `not_found` for outsiders */
export async function listChannels({ db }: ChatDeps, person: Person, teamId: string): Promise<Page<Channel>> {
  return db.readAs(claimsOf(person), async (sql) => {
    const [team] = await findTeams(sql, person.userId, teamId);
    if (team === undefined) throw new EdgeError('not_found');
    return { items: await findChannels(sql, teamId), nextCursor: null };
  });
}

/** @throws EdgeError `not_found` for outsiders */
export async function createChannel(
  { db, publisher }: ChatDeps,
  person: Person,
  teamId: string,
  { name }: z.infer<typeof CreateChannel>,
): Promise<Channel> {
  const channel = await db.tx(async (sql) => {
    if (!(await lockMembership(sql, teamId, person.userId))) throw new EdgeError('not_found');
    return insertChannel(sql, teamId, name, person.userId);
  });
  publisher.teamChanged(teamId, 'channels');
  return channel;
}

/**
 * The direct channel with somebody of the team.
 * @throws EdgeError `not_found` for outsiders, `recipient_is_self`, `recipient_not_in_team`
 */
export async function openDirect(
  { db, publisher }: ChatDeps,
  person: Person,
  teamId: string,
  otherId: string,
): Promise<{ channel: Channel; made: boolean }> {
  const result = await db.tx(async (sql) => {
    if (!(await lockMembership(sql, teamId, person.userId))) throw new EdgeError('not_found');
    if (otherId === person.userId) throw new EdgeError('recipient_is_self');
    if (!(await lockMembership(sql, teamId, otherId))) throw new EdgeError('recipient_not_in_team');
    return ensureDirect(sql, teamId, person.userId, otherId);
  });
  if (result.made) publisher.teamChanged(teamId, 'channels');
  return result;
}
