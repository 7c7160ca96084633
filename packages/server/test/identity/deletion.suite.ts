import { randomUUID } from 'node:crypto';
import {
  type Call,
  type Channel,
  CLOSE,
  type Invitation,
  type Message,
  type Session,
  type Team,
} from '@parley/protocol';
import { expect, it } from 'vitest';
import { openSocket } from '../support/edge-socket.ts';
import { type EdgeStage, refusal } from '../support/edge-stage.ts';
import { jpegOf } from '../support/pictures.ts';

const PASSWORD = 'correct horse';
type List<T> = { items: T[] };

export function deletionSuite(stage: () => EdgeStage): void {
  const remove = (who: Session, password = PASSWORD) =>
    stage().ask('DELETE', '/api/me', { token: who.accessToken, body: { password } });

  /** Two people in a team whom the first one owns. */
  async function pair() {
    const [ada, grace] = [await stage().signUp('Ada'), await stage().signUp('Grace')];
    const team = (await stage().post<Team>('/api/teams', { name: 'Acme' }, ada.accessToken)).body;
    const path = `/api/teams/${team.id}`;
    const link = (await stage().post<Invitation>(`${path}/invitations`, {}, ada.accessToken)).body;
    await stage().post(`/api/invitations/${link.token}/accept`, {}, grace.accessToken);
    const channels = (await stage().get<List<Channel>>(`${path}/channels`, ada.accessToken)).body.items;
    return { ada, grace, team, path, channelId: channels[0]?.id ?? '' };
  }

  it('wants the password', async () => {
    const ada = await stage().signUp('Ada');
    expect(refusal(await remove(ada, 'not the password'))).toEqual([401, 'credentials_invalid']);
    expect((await stage().get('/api/me', ada.accessToken)).status).toBe(200);
  });

  it('leaves history readable, under the name of nobody', async () => {
    const { ada, grace, team, path, channelId } = await pair();
    await stage().post(`/api/channels/${channelId}/messages`, { content: 'Remember me' }, ada.accessToken);
    const device = randomUUID();
    const headers = { 'x-device-id': device, 'idempotency-key': randomUUID() };
    const body = { teamId: team.id, channelId: null, callType: 'audio', recipientIds: [grace.user.id] };
    const made = await stage().ask<Call>('POST', '/api/calls', { token: ada.accessToken, headers, body });
    expect(made.status).toBe(201);
    const measures = { token: ada.accessToken, headers, body: { networkType: 'wifi', rating: 'bad' } };
    expect((await stage().ask('POST', `/api/calls/${made.body.id}/metrics`, measures)).status).toBe(204);

    const raw = jpegOf(256, 256);
    const put = { token: ada.accessToken, raw, headers: { 'content-type': 'image/jpeg' } };
    const { picture } = (await stage().ask<{ picture: string }>('PUT', '/api/me/picture', put)).body;
    const seen = () => stage().get(`/api/people/${ada.user.id}/pictures/${picture}`, grace.accessToken);
    expect((await seen()).status).toBe(200);

    const socket = await openSocket(stage(), ada.accessToken);
    const hears = await openSocket(stage(), grace.accessToken);
    expect((await remove(ada)).status).toBe(204);
    expect(await socket.whenClosed()).toEqual({ code: CLOSE.unauthenticated, reason: 'signed_out' });
    await hears.next('call', ({ view }) => view.call.id === made.body.id && view.call.endReason !== null);

    expect((await seen()).status).toBe(404);
    const messages = await stage().get<List<Message>>(`/api/channels/${channelId}/messages`, grace.accessToken);
    const mine = messages.body.items.find(({ content }) => content === 'Remember me');
    expect(mine?.author).toEqual({ id: ada.user.id, displayName: 'Deleted user' });
    const call = (await stage().get<Call>(`/api/calls/${made.body.id}`, grace.accessToken)).body;
    expect(call.participants.find(({ userId }) => userId === ada.user.id)?.displayName).toBe('Deleted user');
    const measured = await stage().db.once('select 1 from public.call_metrics where user_id = $1', [ada.user.id]);
    expect(measured).toEqual([]);
    // The team of which she was the only owner goes on.
    const teams = (await stage().get<List<Team>>('/api/teams', grace.accessToken)).body.items;
    expect(teams.map(({ role }) => role)).toEqual(['owner']);
    const members = await stage().get<List<{ id: string }>>(`${path}/members`, grace.accessToken);
    expect(members.body.items.map(({ id }) => id)).toEqual([grace.user.id]);
  });

  it('leaves no token, no password, no device and no email behind', async () => {
    const ada = await stage().signUp('Ada');
    await openSocket(stage(), ada.accessToken);
    expect((await remove(ada)).status).toBe(204);
    expect(refusal(await stage().get('/api/me', ada.accessToken))).toEqual([401, 'token_invalid']);
    const refreshed = await stage().post('/api/auth/refresh', { refreshToken: ada.refreshToken });
    expect(refusal(refreshed)).toEqual([401, 'refresh_invalid']);
    const signIn = await stage().post('/api/auth/sign-in', { email: ada.email, password: PASSWORD });
    expect(refusal(signIn)).toEqual([401, 'credentials_invalid']);
    const [left] = await stage().db.once(
      `select (select count(*)::int from identity."user" where id = $1) as accounts,
              (select count(*)::int from identity.account where "userId" = $1) as passwords,
              (select count(*)::int from public.devices where user_id = $1) as devices,
              (select email from auth.users where id = $1) as email,
              (select deleted_at is not null from auth.users where id = $1) as is_tombstone`,
      [ada.user.id],
    );
    expect(left).toEqual({ accounts: 0, passwords: 0, devices: 0, email: null, is_tombstone: true });
    // The address is free again, for another person.
    const again = await stage().post<Session>('/api/auth/sign-up', {
      email: ada.email,
      password: PASSWORD,
      displayName: 'Somebody else',
    });
    expect(again.status).toBe(201);
    expect(again.body.user.id).not.toBe(ada.user.id);
  });
}
