import {
  FOR_GOOD,
  type Invitation,
  type InvitationInfo,
  type Member,
  type PersonSettings,
  type Session,
  type Team,
} from '@parley/protocol';
import { beforeAll, expect, it } from 'vitest';
import { openSocket } from '../support/edge-socket.ts';
import { type EdgeStage, refusal } from '../support/edge-stage.ts';
import { jpegOf, webpOf } from '../support/pictures.ts';

export function settingsSuite(stage: () => EdgeStage): void {
  let ada: Session & { email: string };
  let grace: Session & { email: string };
  let stranger: Session;
  let team: Team;
  const change = (who: Session, body: unknown) =>
    stage().ask<PersonSettings>('PATCH', '/api/me/settings', { body, token: who.accessToken });
  const settings = async (who: Session) =>
    (await stage().get<PersonSettings>('/api/me/settings', who.accessToken)).body;
  const member = async (of: Session, by: Session): Promise<Member | undefined> =>
    (await stage().get<{ items: Member[] }>(`/api/teams/${team.id}/members`, by.accessToken)).body.items.find(
      ({ id }) => id === of.user.id,
    );
  const put = (who: Session, raw: BodyInit, type = 'image/jpeg') =>
    stage().ask<{ picture: string }>('PUT', '/api/me/picture', {
      raw,
      token: who.accessToken,
      headers: { 'content-type': type },
    });
  const picture = (of: Session, hash: string, by?: Session) =>
    stage().get(`/api/people/${of.user.id}/pictures/${hash}`, by?.accessToken);

  beforeAll(async () => {
    [ada, grace, stranger] = [
      await stage().signUp('Ada'),
      await stage().signUp('Grace'),
      await stage().signUp('Mallory'),
    ];
    team = (await stage().post<Team>('/api/teams', { name: 'Settlers' }, ada.accessToken)).body;
    const { token } = (await stage().post<Invitation>(`/api/teams/${team.id}/invitations`, {}, ada.accessToken)).body;
    await stage().post(`/api/invitations/${token}/accept`, {}, grace.accessToken);
  });

  it('begins with nothing chosen, and changes what is named alone', async () => {
    expect(await settings(ada)).toEqual({
      id: ada.user.id,
      displayName: 'Ada',
      email: ada.email,
      picture: null,
      doNotDisturbUntil: null,
      hideAddress: 'never',
      relayAvailable: false,
    });
    expect((await change(ada, { doNotDisturbUntil: FOR_GOOD })).body.doNotDisturbUntil).toBe(FOR_GOOD);
    expect((await change(ada, { hideAddress: 'always' })).body).toMatchObject({
      doNotDisturbUntil: FOR_GOOD,
      hideAddress: 'always',
    });
    expect((await change(ada, { displayName: ' Ada L. ' })).body).toMatchObject({
      displayName: 'Ada L.',
      doNotDisturbUntil: FOR_GOOD,
      hideAddress: 'always',
    });
    expect((await change(ada, {})).status).toBe(200);
    expect((await change(ada, { doNotDisturbUntil: null, displayName: 'Ada', hideAddress: 'never' })).body).toEqual(
      await settings(ada),
    );
  });

  it('refuses what makes no sense, and changes nothing', async () => {
    const before = await settings(ada);
    for (const body of [
      { displayName: '' },
      { displayName: 'x'.repeat(81) },
      { displayName: 'a\u0000b' },
      { doNotDisturbUntil: 'tomorrow' },
      { doNotDisturbUntil: 'infinity' },
      { hideAddress: true },
      { email: 'other@example.test' },
      [],
    ]) {
      expect(refusal(await change(ada, body))).toEqual([400, 'bad_request']);
    }
    expect(await settings(ada)).toEqual(before);
  });

  it('tells the team of a new name, picture and do-not-disturb, and nobody else', async () => {
    const socket = await openSocket(stage(), grace.accessToken);
    const other = await openSocket(stage(), stranger.accessToken);
    socket.say({ t: 'subscribe', topic: `team:${team.id}` });
    await socket.next('subscribed');
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await change(ada, { doNotDisturbUntil: until });
    const { picture: hash } = (await put(ada, jpegOf(256, 256))).body;
    await socket.next('person', ({ person }) => person.picture !== null);
    const heard = socket.of('person');
    expect(heard).toEqual([
      {
        t: 'person',
        teamId: team.id,
        person: { id: ada.user.id, displayName: 'Ada', picture: null, doNotDisturbUntil: until },
      },
      {
        t: 'person',
        teamId: team.id,
        person: { id: ada.user.id, displayName: 'Ada', picture: hash, doNotDisturbUntil: until },
      },
    ]);
    expect(await member(ada, grace)).toEqual(heard[1]?.person);
    // What is private stays so: only the person learns how they hide.
    expect(JSON.stringify(heard)).not.toContain('hideAddress');
    expect(other.of('person')).toEqual([]);
    await change(ada, { doNotDisturbUntil: null });
    await stage().ask('DELETE', '/api/me/picture', { token: ada.accessToken });
    expect(await member(ada, grace)).toMatchObject({ picture: null, doNotDisturbUntil: null });
  });

  it('a socket learns of one’s own do-not-disturb before anything can ring', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await change(grace, { doNotDisturbUntil: until });
    const socket = await openSocket(stage(), grace.accessToken);
    expect(socket.of('welcome')[0]?.doNotDisturbUntil).toBe(until);
    await change(grace, { doNotDisturbUntil: null });
  });

  it('shows a picture to those who may know its person, under an address that changes with it', async () => {
    const bytes = webpOf(256, 256);
    const first = (await put(ada, bytes, 'image/webp')).body.picture;
    const answer = await picture(ada, first, grace);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect((await picture(ada, first, ada)).status).toBe(200);
    expect(refusal(await picture(ada, first, stranger))).toEqual([404, 'not_found']);
    expect(refusal(await picture(ada, first))).toEqual([401, 'unauthenticated']);
    expect(refusal(await picture(grace, first, ada))).toEqual([404, 'not_found']);
    for (const hash of ['x', first.toUpperCase(), '0'.repeat(64)]) {
      expect(refusal(await picture(ada, hash, grace))).toEqual([404, 'not_found']);
    }
    const second = (await put(ada, jpegOf(100, 90))).body.picture;
    expect(second).not.toBe(first);
    expect((await picture(ada, second, grace)).headers.get('content-type')).toBe('image/jpeg');
    expect(refusal(await picture(ada, first, grace))).toEqual([404, 'not_found']);
    expect((await stage().ask('DELETE', '/api/me/picture', { token: ada.accessToken })).status).toBe(204);
    expect(refusal(await picture(ada, second, grace))).toEqual([404, 'not_found']);
  });

  it('takes no picture that is none, too large, of another type or too many pixels', async () => {
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    for (const [bytes, type] of [
      [new Uint8Array(), 'image/jpeg'],
      [svg, 'image/jpeg'],
      [jpegOf(256, 256), 'image/webp'],
      [webpOf(256, 256), 'image/jpeg'],
      [jpegOf(513, 10), 'image/jpeg'],
      [jpegOf(10, 65_535), 'image/jpeg'],
      [jpegOf(0, 10), 'image/jpeg'],
      [webpOf(16_384, 16_384), 'image/webp'],
      [webpOf(256, 256, 0x02), 'image/webp'],
      [jpegOf(256, 256).slice(0, 12), 'image/jpeg'],
    ] as const) {
      expect(refusal(await put(ada, bytes, type))).toEqual([422, 'picture_invalid']);
    }
    expect(refusal(await put(ada, jpegOf(256, 256, 102_400)))).toEqual([413, 'body_too_large']);
    for (const type of ['image/svg+xml', 'image/png', 'text/html', 'application/json', '']) {
      expect(refusal(await put(ada, jpegOf(256, 256), type))).toEqual([415, 'unsupported_media_type']);
    }
    expect((await settings(ada)).picture).toBeNull();
  });

  it('changes a password for whoever knows the old one, and ends all other sessions', async () => {
    const ken = await stage().signUp('Ken');
    const [here, there] = [
      ken,
      (await stage().post<Session>('/api/auth/sign-in', { email: ken.email, password: 'correct horse' })).body,
    ];
    const to = (currentPassword: string, newPassword: string) =>
      stage().post('/api/auth/password', { currentPassword, newPassword }, here.accessToken);
    expect(refusal(await to('wrong horse', 'battery staple'))).toEqual([401, 'credentials_invalid']);
    expect(refusal(await to('correct horse', 'short'))).toEqual([400, 'bad_request']);
    expect(refusal(await to('correct horse', 'password1'))).toEqual([422, 'password_common']);
    expect((await stage().get('/api/me', there.accessToken)).status).toBe(200);
    const socket = await openSocket(stage(), there.accessToken);
    expect((await to('correct horse', 'battery staple')).status).toBe(204);
    await socket.whenClosed();
    expect(refusal(await stage().get('/api/me', there.accessToken))).toEqual([401, 'token_invalid']);
    expect((await stage().get('/api/me', here.accessToken)).status).toBe(200);
    const signIn = (password: string) => stage().post('/api/auth/sign-in', { email: ken.email, password });
    expect(refusal(await signIn('correct horse'))).toEqual([401, 'credentials_invalid']);
    expect((await signIn('battery staple')).status).toBe(200);
  });

  it('lists the links that one may revoke, and tells whoever holds one where it leads', async () => {
    const links = async (who: Session) =>
      (await stage().get<{ items: InvitationInfo[] }>(`/api/teams/${team.id}/invitations`, who.accessToken)).body.items;
    const make = async (who: Session) =>
      (await stage().post<Invitation>(`/api/teams/${team.id}/invitations`, { maxUses: 1 }, who.accessToken)).body;
    const [owners, members] = [await make(ada), await make(grace)];
    expect((await links(grace)).map(({ id }) => id)).toEqual([members.id]);
    expect((await links(ada)).map(({ id }) => id)).toEqual(expect.arrayContaining([owners.id, members.id]));
    expect((await links(grace))[0]).toMatchObject({
      maxUses: 1,
      uses: 0,
      expiresAt: members.expiresAt,
      createdBy: { id: grace.user.id, displayName: 'Grace' },
    });
    expect(JSON.stringify(await links(ada))).not.toContain(owners.token);
    const preview = (token: string) => stage().get(`/api/invitations/${token}`);
    expect((await preview(owners.token)).body).toEqual({ teamName: 'Settlers', invitedBy: 'Ada' });
    expect(refusal(await preview('nonsense'))).toEqual([404, 'not_found']);
    // By its id nobody is let in, and nothing is told.
    expect(refusal(await preview(owners.id))).toEqual([404, 'not_found']);
    await stage().ask('DELETE', `/api/invitations/${members.id}`, { token: ada.accessToken });
    expect(await links(grace)).toEqual([]);
    expect(refusal(await preview(members.token))).toEqual([410, 'invitation_invalid']);
    await stage().post(`/api/invitations/${owners.token}/accept`, {}, (await stage().signUp('New')).accessToken);
    expect(refusal(await preview(owners.token))).toEqual([410, 'invitation_invalid']);
    expect((await links(ada)).map(({ id }) => id)).not.toContain(owners.id);
  });
}
