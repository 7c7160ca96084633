import type { Principal } from '../ports/auth.ts';
import { endMembership } from '../store/departures.ts';
import { findTeams } from '../store/teams.ts';
import { entomb, lockPerson, passOnOwnership } from '../store/tombstones.ts';
import type { ChatDeps } from './chat-deps.ts';
import type { CallUseCases } from './types.ts';

/** What a tombstone is called, in everybody's history. */
const DELETED_NAME = 'Deleted user';

/**
 * A person goes for good: out of all teams and live calls, without sessions, devices, inbox, email and name. What others
 * remember stays: messages, and who called whom, under the name of nobody. A team whose last owner goes falls to whoever has
 * been in it longest; one in which nobody else is stays behind, seen by nobody.
 */
export async function deleteAccount(
  deps: ChatDeps & { readonly calls: Pick<CallUseCases, 'leaveTeamCalls'> },
  { userId }: Pick<Principal, 'userId'>,
): Promise<void> {
  const skewMs = deps.clock.skewMs();
  const { teamIds, announce } = await deps.db.tx(async (sql) => {
    await lockPerson(sql, userId);
    const announce: (() => void)[] = [];
    const teamIds = (await findTeams(sql, userId)).map(({ id }) => id).sort();
    for (const teamId of teamIds) {
      await passOnOwnership(sql, teamId, userId);
      await endMembership(sql, teamId, userId, skewMs);
      announce.push(await deps.calls.leaveTeamCalls(sql, teamId, userId));
    }
    await entomb(sql, { userId, name: DELETED_NAME, skewMs });
    return { teamIds, announce };
  });
  for (const tell of announce) tell();
  for (const teamId of teamIds) deps.publisher.teamChanged(teamId, 'members');
  deps.publisher.disconnect(userId, 'signed_out');
}
