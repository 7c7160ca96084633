import type { Invitation, Session, Team } from '@parley/protocol';
import { beforeAll, expect, it } from 'vitest';
import { type EdgeStage, refusal } from '../support/edge-stage.ts';

export function invitationSuite(stage: () => EdgeStage): void {
  let owner: Session;
  let member: Session;
  let team: Team;
  const invite = async (who: Session, body: object = {}) =>
    (await stage().post<Invitation>(`/api/teams/${team.id}/invitations`, body, who.accessToken)).body;
  const accept = ({ token }: Invitation, who: Session) =>
    stage().post<Team>(`/api/invitations/${token}/accept`, {}, who.accessToken);
  const revoke = (idOrToken: string, who: Session) =>
    stage().ask('DELETE', `/api/invitations/${idOrToken}`, { token: who.accessToken });
  const crowd = (size: number) => Promise.all(Array.from({ length: size }, (_, i) => stage().signUp(`Person ${i}`)));

  beforeAll(async () => {
    [owner, member] = [await stage().signUp('Olga'), await stage().signUp('Mia')];
    team = (await stage().post<Team>('/api/teams', { name: 'Builders' }, owner.accessToken)).body;
    await accept(await invite(owner), member);
  });

  it('lets as many people in as it is given to, when nothing is said', async () => {
    const link = await invite(owner);
    expect(link.maxUses).toBeNull();
    for (const person of await crowd(3)) expect((await accept(link, person)).status).toBe(200);
  });

  it('lets in so many who come at once, and not one more', async () => {
    const link = await invite(owner, { maxUses: 2 });
    const people = await crowd(6);
    const answers = await Promise.all(people.map((person) => accept(link, person)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect(refusal(answer)).toEqual([410, 'invitation_invalid']);
    }
  });

  it('whoever is in the team takes nobody’s place', async () => {
    const link = await invite(owner, { maxUses: 1 });
    const [person, late] = await crowd(2);
    if (!person || !late) throw new Error('nobody came');
    expect((await accept(link, member)).status).toBe(200);
    expect((await accept(link, person)).status).toBe(200);
    expect((await accept(link, person)).status).toBe(200);
    expect(refusal(await accept(link, late))).toEqual([410, 'invitation_invalid']);
  });

  it('ends when it is revoked, by its maker or by an owner, and by nobody else', async () => {
    const [person] = await crowd(1);
    if (!person) throw new Error('nobody came');
    const [owners, members] = [await invite(owner), await invite(member)];
    expect(refusal(await revoke(owners.id, member))).toEqual([404, 'not_found']);
    expect(refusal(await revoke(owners.token, person))).toEqual([404, 'not_found']);
    expect(refusal(await revoke('nonsense', owner))).toEqual([404, 'not_found']);
    expect((await revoke(owners.token, owner)).status).toBe(204);
    expect((await revoke(members.id, owner)).status).toBe(204);
    expect((await revoke(members.id, member)).status).toBe(204);
    for (const link of [owners, members])
      expect(refusal(await accept(link, person))).toEqual([410, 'invitation_invalid']);
  });

  it('takes no number of uses that makes no sense', async () => {
    for (const maxUses of [0, -1, 1.5, 1001, '1', null]) {
      const answer = await stage().post(`/api/teams/${team.id}/invitations`, { maxUses }, owner.accessToken);
      expect(refusal(answer)).toEqual([400, 'bad_request']);
    }
  });
}
