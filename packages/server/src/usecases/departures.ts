import { EdgeError } from '../ports/edge-error.ts';
import { endMembership, lockRoles, noteRemoval } from '../store/departures.ts';
import type { ChatDeps, Person } from './chat-deps.ts';
import type { CallUseCases } from './types.ts';

/**
 * A member leaves, or an owner removes somebody. In one transaction the membership ends, and with it the person's part in
 * the team's live calls; sockets hear of it after the commit and lose what they may not hear any more.
 * @throws EdgeError `not_found` for outsiders and for whoever is not in the team, `forbidden` for members who would remove
 * others, `last_owner`
 */
export async function removeMember(
  deps: ChatDeps & { readonly calls: Pick<CallUseCases, 'leaveTeamCalls'> },
  person: Person,
  teamId: string,
  userId: string,
): Promise<void> {
  const skewMs = deps.clock.skewMs();
  const announceCalls = await deps.db.tx(async (sql) => {
    const roles = await lockRoles(sql, teamId, person.userId, userId);
    if (roles.actor === null) throw new EdgeError('not_found');
    const leaves = userId === person.userId;
    if (!leaves && roles.actor !== 'owner') throw new EdgeError('forbidden');
    if (roles.leaver === null) throw new EdgeError('not_found');
    if (roles.leaver === 'owner' && roles.owners === 1) throw new EdgeError('last_owner');
    await endMembership(sql, teamId, userId, skewMs);
    if (!leaves) await noteRemoval(sql, { teamId, userId, byId: person.userId, skewMs });
    return deps.calls.leaveTeamCalls(sql, teamId, userId);
  });
  announceCalls();
  deps.publisher.teamChanged(teamId, 'members');
}
