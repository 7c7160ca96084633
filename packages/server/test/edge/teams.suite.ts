import type { Channel, Invitation, Message, Session, Team, User } from '@parley/protocol';
import { beforeAll, expect, it } from 'vitest';
import { type EdgeStage, refusal } from '../support/edge-stage.ts';

interface List<T> {
  items: T[];
  nextCursor: string | null;
}

export function teamsSuite(stage: () => EdgeStage): void {
  let owner: Session;
  let member: Session;
  let outsider: Session;
  let team: Team;

  async function invite(): Promise<Invitation> {
    return (await stage().post<Invitation>(`/api/teams/${team.id}/invitations`, {}, owner.accessToken)).body;
  }
  const accept = (token: string, who: Session) =>
    stage().post<Team>(`/api/invitations/${token}/accept`, {}, who.accessToken);
  const channelsOf = async (who: Session) =>
    (await stage().get<List<Channel>>(`/api/teams/${team.id}/channels`, who.accessToken)).body.items;

  beforeAll(async () => {
    [owner, member, outsider] = await Promise.all([
      stage().signUp('Olga'),
      stage().signUp('Mia'),
      stage().signUp('Otto'),
    ]);
    team = (await stage().post<Team>('/api/teams', { name: '  Builders ' }, owner.accessToken)).body;
    await accept((await invite()).token, member);
  });

  it('a new account is in no team', async () => {
    const { body } = await stage().get<List<Team>>('/api/teams', outsider.accessToken);
    expect(body).toEqual({ items: [], nextCursor: null });
  });

  it('the creator owns the team, which has a channel general', async () => {
    expect(team).toEqual({ id: team.id, name: 'Builders', role: 'owner' });
    const { body } = await stage().get<List<Team>>('/api/teams', owner.accessToken);
    expect(body.items).toEqual([team]);
    expect((await channelsOf(owner)).map(({ name, kind, memberIds }) => [name, kind, memberIds])).toEqual([
      ['general', 'channel', []],
    ]);
  });

  it('an invitation is a link that lets people in as members', async () => {
    const { token, url, expiresAt } = await invite();
    expect(url).toBe(`http://localhost:3000/invite/${token}`);
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    const { body } = await stage().get<List<Team>>('/api/teams', member.accessToken);
    expect(body.items).toEqual([{ ...team, role: 'member' }]);
  });

  it('accepting again changes nothing, not even the owner’s role', async () => {
    const { token } = await invite();
    expect((await accept(token, owner)).body.role).toBe('owner');
    expect((await accept(token, member)).body.role).toBe('member');
    const { body } = await stage().get<List<User>>(`/api/teams/${team.id}/members`, owner.accessToken);
    expect(body.items.map(({ displayName }) => displayName)).toEqual(['Mia', 'Olga']);
  });

  it('an invitation ends after seven days, and one that never was is not found', async () => {
    const { token } = await invite();
    await stage().db.once(
      "update public.team_invitations set created_at = created_at - interval '8 days', expires_at = expires_at - interval '8 days'",
    );
    expect(refusal(await accept(token, outsider))).toEqual([410, 'invitation_invalid']);
    expect(refusal(await accept('nonsense', outsider))).toEqual([404, 'not_found']);
  });

  it('shows members what may be known of each other and never an email', async () => {
    const { body } = await stage().get<List<User>>(`/api/teams/${team.id}/members`, member.accessToken);
    expect(body.items.map((user) => Object.keys(user).sort())).toEqual([
      ['displayName', 'doNotDisturbUntil', 'id', 'picture'],
      ['displayName', 'doNotDisturbUntil', 'id', 'picture'],
    ]);
  });

  it('does not exist for outsiders', async () => {
    const { accessToken } = outsider;
    const base = `/api/teams/${team.id}`;
    const answers = await Promise.all([
      stage().get(`${base}/members`, accessToken),
      stage().get(`${base}/channels`, accessToken),
      stage().post(`${base}/channels`, { name: 'mine' }, accessToken),
      stage().post(`${base}/invitations`, {}, accessToken),
      stage().post(`${base}/direct`, { userId: owner.user.id }, accessToken),
    ]);
    for (const answer of answers) expect(refusal(answer)).toEqual([404, 'not_found']);
  });

  it('makes channels that all members see', async () => {
    const made = await stage().post<Channel>(`/api/teams/${team.id}/channels`, { name: 'design' }, member.accessToken);
    expect(made.status).toBe(201);
    expect((await channelsOf(owner)).map(({ name }) => name)).toEqual(['design', 'general']);
  });

  it('opens one direct channel for two people, whoever asks, and shows it to the two alone', async () => {
    const third = await stage().signUp('Tom');
    await accept((await invite()).token, third);
    const open = (who: Session, other: Session) =>
      stage().post<Channel>(`/api/teams/${team.id}/direct`, { userId: other.user.id }, who.accessToken);
    const first = await open(owner, member);
    const second = await open(member, owner);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect(first.body.memberIds.toSorted()).toEqual([owner.user.id, member.user.id].toSorted());
    expect((await channelsOf(member)).map(({ id }) => id)).toContain(first.body.id);
    expect((await channelsOf(third)).map(({ id }) => id)).not.toContain(first.body.id);
    expect(refusal(await stage().get(`/api/channels/${first.body.id}/messages`, third.accessToken))).toEqual([
      404,
      'not_found',
    ]);
    expect(
      refusal(await stage().post(`/api/channels/${first.body.id}/messages`, { content: 'me?' }, third.accessToken)),
    ).toEqual([404, 'not_found']);
  });

  it('opens no direct channel with oneself or with somebody outside', async () => {
    const open = (userId: string) => stage().post(`/api/teams/${team.id}/direct`, { userId }, owner.accessToken);
    expect(refusal(await open(owner.user.id))).toEqual([422, 'recipient_is_self']);
    expect(refusal(await open(outsider.user.id))).toEqual([422, 'recipient_not_in_team']);
    expect(refusal(await open(crypto.randomUUID()))).toEqual([422, 'recipient_not_in_team']);
  });

  it('keeps messages newest first, in pages that neither skip nor repeat', async () => {
    const channel = (await stage().post<Channel>(`/api/teams/${team.id}/channels`, { name: 'long' }, owner.accessToken))
      .body;
    const path = `/api/channels/${channel.id}/messages`;
    const sent = await stage().post<Message>(path, { content: ' first ' }, member.accessToken);
    expect(sent.status).toBe(201);
    expect(sent.body).toMatchObject({ content: 'first', type: 'text', author: member.user, channelId: channel.id });
    // All in one millisecond, where order by time alone would not do.
    await stage().db.once(
      `insert into public.messages (channel_id, author_id, content, created_at)
       select $1, $2, 'number ' || n, date_trunc('milliseconds', clock_timestamp()) + interval '1 second'
         from generate_series(1, 120) n`,
      [channel.id, owner.user.id],
    );
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
      const { body } = await stage().get<List<Message>>(`${path}${query}`, member.accessToken);
      seen.push(...body.items.map(({ content }) => content));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen.length).toBe(121);
    expect(new Set(seen).size).toBe(121);
    expect(seen.at(-1)).toBe('first');
  });

  it('keeps one message of the same message sent twice, and refuses the key for another', async () => {
    const [channel] = await channelsOf(owner);
    const path = `/api/channels/${channel?.id}/messages`;
    const key = crypto.randomUUID();
    const send = (content: string, who: Session, idempotencyKey: string = key) =>
      stage().ask<Message>('POST', path, {
        token: who.accessToken,
        body: { content },
        headers: { 'idempotency-key': idempotencyKey },
      });
    const [first, second] = await Promise.all([send('once', owner), send('once', owner)]);
    expect([first.status, second.status].toSorted()).toEqual([200, 201]);
    expect(second.body).toEqual(first.body);
    expect(first.body.id).toBe(key);
    expect(refusal(await send('something else', owner))).toEqual([422, 'idempotency_key_reused']);
    expect(refusal(await send('once', member))).toEqual([422, 'idempotency_key_reused']);
    expect(refusal(await send('once', owner, 'abc'))).toEqual([400, 'idempotency_key_required']);
  });

  it('does not show a channel’s messages to outsiders, nor take theirs', async () => {
    const [channel] = await channelsOf(owner);
    const path = `/api/channels/${channel?.id}/messages`;
    expect(refusal(await stage().get(path, outsider.accessToken))).toEqual([404, 'not_found']);
    expect(refusal(await stage().post(path, { content: 'hello' }, outsider.accessToken))).toEqual([404, 'not_found']);
  });
}
