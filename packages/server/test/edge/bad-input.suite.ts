import type { Channel, Problem, Session, Team } from '@parley/protocol';
import { Problem as ProblemSchema } from '@parley/protocol';
import { beforeAll, expect, it } from 'vitest';
import { type Ask, type EdgeStage, refusal } from '../support/edge-stage.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

export function badInputSuite(stage: () => EdgeStage): void {
  let session: Session;
  let team: Team;
  let channel: Channel;

  beforeAll(async () => {
    session = await stage().signUp('Bea');
    team = (await stage().post<Team>('/api/teams', { name: 'Bea’s' }, session.accessToken)).body;
    const { body } = await stage().get<{ items: Channel[] }>(`/api/teams/${team.id}/channels`, session.accessToken);
    const [general] = body.items;
    if (general === undefined) throw new Error('There is no channel.');
    channel = general;
  });

  const rows = () =>
    stage().db.once(
      `select (select count(*) from public.messages) as messages, (select count(*) from public.teams) as teams,
              (select count(*) from public.channels) as channels, (select count(*) from auth.users) as people`,
    );

  it.each<[what: string, method: string, path: () => string, ask: () => Ask, status: number, code: string]>([
    ['no JSON', 'POST', () => '/api/teams', () => ({ raw: '{"name":', headers: JSON_TYPE }), 400, 'bad_json'],
    [
      'no UTF-8',
      'POST',
      () => '/api/teams',
      () => ({ raw: new Uint8Array([0x22, 0xff, 0x22]), headers: JSON_TYPE }),
      400,
      'bad_json',
    ],
    ['a list instead of an object', 'POST', () => '/api/teams', () => ({ body: [] }), 400, 'bad_request'],
    ['no body', 'POST', () => '/api/teams', () => ({}), 400, 'bad_request'],
    ['a wrong type', 'POST', () => '/api/teams', () => ({ body: { name: 7 } }), 400, 'bad_request'],
    ['an empty name', 'POST', () => '/api/teams', () => ({ body: { name: '   ' } }), 400, 'bad_request'],
    [
      'a name with control characters',
      'POST',
      () => '/api/teams',
      () => ({ body: { name: 'a\u0000b' } }),
      400,
      'bad_request',
    ],
    [
      'a name that is too long',
      'POST',
      () => '/api/teams',
      () => ({ body: { name: 'x'.repeat(81) } }),
      400,
      'bad_request',
    ],
    ['an unknown field', 'POST', () => '/api/teams', () => ({ body: { name: 'x', owner: 'me' } }), 400, 'bad_request'],
    [
      'another content type',
      'POST',
      () => '/api/teams',
      () => ({ raw: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      415,
      'unsupported_media_type',
    ],
    [
      'no content type',
      'POST',
      () => '/api/teams',
      () => ({ raw: new Blob(['{"name":"x"}']) }),
      415,
      'unsupported_media_type',
    ],
    [
      'a body over 64 KiB',
      'POST',
      () => `/api/channels/${channel.id}/messages`,
      () => ({ body: { content: 'x'.repeat(65_536) } }),
      413,
      'body_too_large',
    ],
    [
      'a chunked body over 64 KiB',
      'POST',
      () => `/api/channels/${channel.id}/messages`,
      () => ({ raw: endless(), headers: JSON_TYPE }),
      413,
      'body_too_large',
    ],
    [
      'a body over 64 KiB where none is asked for',
      'POST',
      () => `/api/teams/${team.id}/invitations`,
      () => ({ raw: endless(), headers: JSON_TYPE }),
      413,
      'body_too_large',
    ],
    [
      'a message that is too long',
      'POST',
      () => `/api/channels/${channel.id}/messages`,
      () => ({ body: { content: 'x'.repeat(4001) } }),
      400,
      'bad_request',
    ],
    [
      'a message of spaces',
      'POST',
      () => `/api/channels/${channel.id}/messages`,
      () => ({ body: { content: ' \n ' } }),
      400,
      'bad_request',
    ],
    [
      'a message with a null character',
      'POST',
      () => `/api/channels/${channel.id}/messages`,
      () => ({ body: { content: 'a\0b' } }),
      400,
      'bad_request',
    ],
    [
      'a cursor of a year that Postgres does not have',
      'GET',
      () => `/api/channels/${channel.id}/messages?cursor=${cursorOf('0000-01-01T00:00:00.000Z')}`,
      () => ({}),
      400,
      'bad_request',
    ],
    [
      'a cursor with a null character',
      'GET',
      () => `/api/teams/${team.id}/members?cursor=${cursorOf('a\0b')}`,
      () => ({}),
      400,
      'bad_request',
    ],
    ['the realtime address without an upgrade', 'GET', () => '/api/realtime', () => ({}), 400, 'bad_request'],
    ['an address with a slash too many', 'GET', () => '/api/teams/', () => ({}), 404, 'not_found'],
    ['a malformed id', 'GET', () => '/api/teams/7/members', () => ({}), 400, 'bad_id'],
    ['an unknown id', 'GET', () => `/api/teams/${crypto.randomUUID()}/members`, () => ({}), 404, 'not_found'],
    [
      'a malformed channel',
      'POST',
      () => "/api/channels/1'%20or%20true/messages",
      () => ({ body: { content: 'x' } }),
      400,
      'bad_id',
    ],
    [
      'an unknown channel',
      'POST',
      () => `/api/channels/${crypto.randomUUID()}/messages`,
      () => ({ body: { content: 'x' } }),
      404,
      'not_found',
    ],
    [
      'a malformed id in the body',
      'POST',
      () => `/api/teams/${team.id}/direct`,
      () => ({ body: { userId: 'x' } }),
      400,
      'bad_request',
    ],
    [
      'a cursor that was not made here',
      'GET',
      () => `/api/channels/${channel.id}/messages?cursor=abc`,
      () => ({}),
      400,
      'bad_request',
    ],
    [
      'an unknown parameter',
      'GET',
      () => `/api/channels/${channel.id}/messages?limit=5`,
      () => ({}),
      400,
      'bad_request',
    ],
    ['an unknown address', 'GET', () => '/api/nothing', () => ({}), 404, 'not_found'],
    ['a method that the address does not know', 'DELETE', () => '/api/teams', () => ({}), 405, 'method_not_allowed'],
    [
      'a short password',
      'POST',
      () => '/api/auth/sign-up',
      () => ({ body: { email: 'a@example.test', password: '1234567', displayName: 'A' } }),
      400,
      'bad_request',
    ],
    [
      'an email that is none',
      'POST',
      () => '/api/auth/sign-up',
      () => ({ body: { email: 'example.test', password: '12345678', displayName: 'A' } }),
      400,
      'bad_request',
    ],
    [
      'a call without an idempotency key',
      'POST',
      () => '/api/calls',
      () => ({ body: {} }),
      400,
      'idempotency_key_required',
    ],
    [
      'a call without a device',
      'POST',
      () => '/api/calls',
      () => ({ body: {}, headers: { 'idempotency-key': crypto.randomUUID() } }),
      400,
      'device_required',
    ],
  ])('answers %s with its stable code, and changes nothing', async (_what, method, path, ask, status, code) => {
    const before = await rows();
    const answer = await stage().ask<Problem>(method, path(), { token: session.accessToken, ...ask() });
    expect(refusal(answer)).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(ProblemSchema.parse(answer.body).status).toBe(status);
    expect(await rows()).toEqual(before);
  });

  it('says where the input was wrong', async () => {
    const { body } = await stage().post<Problem>('/api/auth/sign-up', { email: 'x', password: 'short', nick: 'A' });
    expect(body.errors?.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['email', 'password', 'displayName', '']),
    );
    expect(JSON.stringify(body)).not.toContain('short"');
  });

  it('names the methods that an address knows', async () => {
    const { headers } = await stage().ask('PUT', '/api/teams', { token: session.accessToken });
    expect(headers.get('allow')).toBe('GET, POST');
  });

  it('takes ids in any case', async () => {
    const { status } = await stage().get(`/api/teams/${team.id.toUpperCase()}/members`, session.accessToken);
    expect(status).toBe(200);
  });

  it('says no details of a failure of its own', async () => {
    const { db } = stage();
    await db.once('alter table public.team_invitations rename to elsewhere');
    const answer = await stage().post<Problem>(`/api/teams/${team.id}/invitations`, {}, session.accessToken);
    await db.once('alter table public.elsewhere rename to team_invitations');
    expect(refusal(answer)).toEqual([500, 'internal']);
    expect(JSON.stringify(answer.body)).not.toContain('team_invitations');
  });
}

/** Made by nobody: cursors are the server's own. */
const cursorOf = (first: string) => Buffer.from(JSON.stringify([first, crypto.randomUUID()])).toString('base64url');

/** Never tells its length, and never ends. */
function endless(): ReadableStream<Uint8Array> {
  const chunk = new TextEncoder().encode('a'.repeat(8192));
  return new ReadableStream({ pull: (controller) => controller.enqueue(chunk) });
}
