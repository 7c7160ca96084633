import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Invitation, Session, Team } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDataDir } from '../../src/node/data-lock.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import { openSocket } from '../support/edge-socket.ts';
import { type EdgeStage, openEdge } from '../support/edge-stage.ts';

const RELAY = 'the secret that server and relay share';

it('ASVS 13.3.2 the data folder is its user’s alone', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'parley-'));
  try {
    const folder = join(parent, 'data');
    openDataDir(folder);
    expect(((await stat(folder)).mode & 0o777).toString(8)).toBe('700');
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
});

oneDatabase((_name, open) => {
  let database: TestDatabase;
  let edge: EdgeStage;
  beforeAll(async () => {
    database = await open();
    edge = await openEdge(database.db, { TURN_URLS: 'turn:127.0.0.1:3478', TURN_SECRET: RELAY });
  });
  afterAll(async () => {
    await edge?.stop();
    await database?.close();
  });

  it('ASVS 13.3.1, 16.2.5 no password, token, link or key gets into the log or into an error', async () => {
    const errors: string[] = [];
    const ask: EdgeStage['ask'] = async (method, path, options) => {
      const answer = await edge.ask<never>(method, path, options);
      if (answer.status >= 400) errors.push(JSON.stringify(answer.body));
      return answer;
    };
    const post = <T>(path: string, body: object, token?: string) =>
      ask<T>('POST', path, token === undefined ? { body } : { body, token });
    const password = 'the words of Ada';
    const email = 'ada.secret@example.test';
    const ada = (await post<Session>('/api/auth/sign-up', { email, password, displayName: 'Ada' })).body;
    const again = (await post<Session>('/api/auth/refresh', { refreshToken: ada.refreshToken })).body;
    const team = (await post<Team>('/api/teams', { name: 'Acme' }, again.accessToken)).body;
    const link = (await post<Invitation>(`/api/teams/${team.id}/invitations`, {}, again.accessToken)).body;
    const socket = await openSocket(edge, again.accessToken);
    socket.raw(JSON.stringify({ t: 'token', token: again.accessToken, password }));

    // Whatever can be wrong, with a secret in it.
    await post('/api/auth/sign-up', { email, password, displayName: 'Ada' });
    await post('/api/auth/sign-up', { email: password, password, displayName: 'Ada' });
    await post('/api/auth/sign-up', { email, password: [password], displayName: 'Ada', [password]: 1 });
    await post('/api/auth/sign-in', { email, password: `${password}!` });
    await ask('POST', '/api/auth/sign-in', {
      raw: `{"email":"${email}","password":"${password}"`,
      headers: { 'content-type': 'application/json' },
    });
    await post('/api/auth/refresh', { refreshToken: `${again.refreshToken}x` });
    await post('/api/auth/refresh', { refreshToken: { is: again.refreshToken } });
    await ask('GET', '/api/me', { token: `${again.accessToken.slice(0, -2)}xx` });
    await ask('GET', '/api/me', { headers: { authorization: `Basic ${again.accessToken}` } });
    await ask('GET', `/api/nowhere?token=${again.accessToken}`, { token: again.accessToken });
    await post(`/api/invitations/${link.token}x/accept`, {}, again.accessToken);
    await post(`/api/invitations/${link.token}/accept`, {});
    await ask('DELETE', `/api/invitations/${link.token}`, { token: again.accessToken });
    await post(`/api/invitations/${link.token}/accept`, {}, again.accessToken);
    await ask('DELETE', '/api/me', { token: again.accessToken, body: { password: `${password}?` } });
    await post('/api/auth/sign-out', { refreshToken: again.refreshToken });
    await ask('GET', '/api/me', { token: again.accessToken });

    const keys = await edge.db.once<{ value: string }>('select value from identity.secrets');
    const hashes = await edge.db.once<{ value: string }>('select password as value from identity.account');
    const secrets = [
      ...[password, email, ada.accessToken, ada.refreshToken, again.accessToken, again.refreshToken, link.token],
      ...[RELAY, ...[...keys, ...hashes].map(({ value }) => value)],
    ];
    expect(errors.length).toBeGreaterThan(10);
    expect(edge.logged.length).toBeGreaterThan(15);
    const log = JSON.stringify(edge.logged);
    const frames = JSON.stringify(socket.of('error'));
    for (const secret of secrets) {
      for (const [where, text] of Object.entries({ log, frames, errors: errors.join('\n') })) {
        expect([where, secret, text.includes(secret)]).toEqual([where, secret, false]);
      }
    }
  });
});
