import { type Invitation, type InvitationInfo, type InvitationPreview, type Team, Uuid } from '@parley/protocol';
import { EdgeError } from '../ports/edge-error.ts';
import { hashToken, randomToken } from '../random-token.ts';
import {
  countUse,
  findInvitation,
  findLinks,
  findTeamOfLink,
  insertInvitation,
  revokeInvitation,
} from '../store/invitations.ts';
import { findTeams, insertMember, lockMembership } from '../store/teams.ts';
import type { ChatDeps, Person } from './chat-deps.ts';

/** How long a link lets people in, in milliseconds. */
const LIFE_MS = 7 * 24 * 3600 * 1000;

/** A link into the team; `maxUses` null for as many people as it is given to. @throws EdgeError `not_found` for outsiders */
export async function createInvitation(
  { db, clock, settings }: ChatDeps,
  person: Person,
  teamId: string,
  maxUses: number | null = null,
): Promise<Invitation> {
  const token = randomToken();
  const tokenHash = await hashToken(token);
  const { id, expiresAt } = await db.tx(async (sql) => {
    if (!(await lockMembership(sql, teamId, person.userId))) throw new EdgeError('not_found');
    return insertInvitation(sql, {
      teamId,
      creatorId: person.userId,
      tokenHash,
      lifeMs: LIFE_MS,
      maxUses,
      skewMs: clock.skewMs(),
    });
  });
  return { id, token, url: `${settings.publicUrl}/invite/${token}`, expiresAt: expiresAt.toISOString(), maxUses };
}

/** Links that the person may revoke. @throws EdgeError `not_found` for outsiders */
export async function listInvitations(
  { db, clock }: ChatDeps,
  person: Person,
  teamId: string,
): Promise<{ items: InvitationInfo[]; nextCursor: null }> {
  const items = await db.tx(async (sql) => {
    if (!(await lockMembership(sql, teamId, person.userId))) throw new EdgeError('not_found');
    return findLinks(sql, { teamId, userId: person.userId, skewMs: clock.skewMs() });
  });
  return { items, nextCursor: null };
}

/** @throws EdgeError `not_found` for a link that never was, `invitation_invalid` for one that lets nobody in any more */
export async function previewInvitation({ db, clock }: ChatDeps, token: string): Promise<InvitationPreview> {
  const tokenHash = await hashToken(token);
  const link = await db.tx((sql) => findTeamOfLink(sql, tokenHash, clock.skewMs()));
  if (link === undefined) throw new EdgeError('not_found');
  if (!link.open) throw new EdgeError('invitation_invalid');
  return { teamName: link.teamName, invitedBy: link.madeBy };
}

/** `idOrToken`: what its maker was given. @throws EdgeError `not_found` for a link that is not theirs to revoke */
export async function endInvitation({ db, clock }: ChatDeps, person: Person, idOrToken: string): Promise<void> {
  const id = Uuid.safeParse(idOrToken).data ?? null;
  const link = { id, tokenHash: await hashToken(idOrToken), userId: person.userId, skewMs: clock.skewMs() };
  if (!(await db.tx((sql) => revokeInvitation(sql, link)))) throw new EdgeError('not_found');
}

/**
 * Comes into the team of the link; somebody who is in it already stays what they are.
 * @throws EdgeError `not_found` for a link that never was, `invitation_invalid` for one that is over, `forbidden` for guests
 */
export async function acceptInvitation(
  { db, publisher, clock }: ChatDeps,
  person: Person,
  token: string,
): Promise<Team> {
  if (person.isAnonymous) throw new EdgeError('forbidden');
  const tokenHash = await hashToken(token);
  const { team, joined } = await db.tx(async (sql) => {
    const invitation = await findInvitation(sql, tokenHash, person.userId, clock.skewMs());
    if (invitation === undefined) throw new EdgeError('not_found');
    if (!invitation.valid) throw new EdgeError('invitation_invalid');
    const joined = await insertMember(sql, invitation.teamId, person.userId, 'member');
    // Whoever is in the team already takes nobody's place.
    if (joined && invitation.full) throw new EdgeError('invitation_invalid');
    if (joined) await countUse(sql, invitation.id);
    const [team] = await findTeams(sql, person.userId, invitation.teamId);
    if (team === undefined) throw new EdgeError('not_found');
    return { team, joined };
  });
  if (joined) publisher.teamChanged(team.id, 'members');
  return team;
}
