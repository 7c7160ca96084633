import type { Session } from '@parley/protocol';
import { base64url, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { type EdgeStage, refusal } from '../support/edge-stage.ts';

export function authSuite(stage: () => EdgeStage): void {
  const refresh = (refreshToken: string) => stage().post<Session>('/api/auth/refresh', { refreshToken });
  const me = (token: string) => stage().get('/api/me', token);

  it('signs up: a session that says who one is, and an id that is auth.users.id', async () => {
    const session = await stage().signUp('Zoë Ångström');
    expect(session.user.displayName).toBe('Zoë Ångström');
    expect(Date.parse(session.expiresAt)).toBeGreaterThan(Date.now());
    expect((await me(session.accessToken)).body).toEqual(session.user);
    const rows = await stage().db.once('select email from auth.users where id = $1', [session.user.id]);
    expect(rows).toEqual([{ email: session.email }]);
  });

  it('takes an email once, whatever its case, and leaves nothing of the second account', async () => {
    const first = await stage().signUp('First');
    const again = await stage().post('/api/auth/sign-up', {
      email: first.email.toUpperCase(),
      password: 'something else',
      displayName: 'Second',
    });
    expect(refusal(again)).toEqual([409, 'email_taken']);
    const rows = await stage().db.once('select display_name from public.profiles where id = $1', [first.user.id]);
    expect(rows).toEqual([{ display_name: 'First' }]);
  });

  it('takes an email once of those who sign up with it at once', async () => {
    const person = { email: 'at-once@example.test', password: 'correct horse', displayName: 'One' };
    const answers = await Promise.all(
      ['at-once@example.test', 'At-Once@example.test', 'at-once@example.test'].map((email) =>
        stage().post('/api/auth/sign-up', { ...person, email }),
      ),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map(refusal)).toEqual([
      [409, 'email_taken'],
      [409, 'email_taken'],
    ]);
  });

  it('signs in with the email in any case', async () => {
    const { email, user } = await stage().signUp('Ada');
    const { status, body } = await stage().post<Session>('/api/auth/sign-in', {
      email: ` ${email.toUpperCase()} `,
      password: 'correct horse',
    });
    expect(status).toBe(200);
    expect(body.user).toEqual(user);
    expect(Object.keys(body).sort()).toEqual(['accessToken', 'expiresAt', 'refreshToken', 'user']);
  });

  it('answers a wrong password and an unknown account alike', async () => {
    const { email } = await stage().signUp('Ada');
    const wrong = await stage().post('/api/auth/sign-in', { email, password: 'wrong' });
    const unknown = await stage().post('/api/auth/sign-in', { email: 'nobody@example.test', password: 'wrong' });
    const nonsense = await stage().post('/api/auth/sign-in', { email: 'nonsense', password: 'wrong' });
    expect(refusal(wrong)).toEqual([401, 'credentials_invalid']);
    expect(unknown.body).toEqual(wrong.body);
    expect(nonsense.body).toEqual(wrong.body);
  });

  it('exchanges a refresh token for a new pair', async () => {
    const first = await stage().signUp('Ada');
    const { status, body } = await refresh(first.refreshToken);
    expect(status).toBe(200);
    expect(body.user).toEqual(first.user);
    expect(body.refreshToken).not.toBe(first.refreshToken);
    expect((await me(body.accessToken)).status).toBe(200);
  });

  it('honours a used refresh token for ten seconds more, with a session that is as good', async () => {
    const first = await stage().signUp('Ada');
    const second = (await refresh(first.refreshToken)).body;
    stage().clock.turn(9_000);
    const third = await refresh(first.refreshToken);
    expect(third.status).toBe(200);
    expect((await me(third.body.accessToken)).status).toBe(200);
    // Both go on: the other tab's and this one's.
    expect((await refresh(second.refreshToken)).status).toBe(200);
    expect((await refresh(third.body.refreshToken)).status).toBe(200);
  });

  it('two tabs that refresh at the same moment both get a session', async () => {
    const { refreshToken } = await stage().signUp('Ada');
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken), refresh(refreshToken)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const { body } of answers) expect((await refresh(body.refreshToken)).status).toBe(200);
  });

  it('ends the session when a refresh token comes back after ten seconds', async () => {
    const first = await stage().signUp('Ada');
    const second = (await refresh(first.refreshToken)).body;
    stage().clock.turn(10_001);
    expect(refusal(await refresh(first.refreshToken))).toEqual([401, 'refresh_invalid']);
    expect(refusal(await refresh(second.refreshToken))).toEqual([401, 'refresh_invalid']);
    expect(refusal(await me(second.accessToken))).toEqual([401, 'token_invalid']);
  });

  it('leaves the person’s other sessions alone when one is ended', async () => {
    const { email, refreshToken } = await stage().signUp('Ada');
    const other = (await stage().post<Session>('/api/auth/sign-in', { email, password: 'correct horse' })).body;
    await refresh(refreshToken);
    stage().clock.turn(10_001);
    await refresh(refreshToken);
    expect((await refresh(other.refreshToken)).status).toBe(200);
  });

  it('ends a session that has not been used for thirty days', async () => {
    const { refreshToken } = await stage().signUp('Ada');
    stage().clock.turn(30 * 24 * 3_600_000 + 1_000);
    expect(refusal(await refresh(refreshToken))).toEqual([401, 'refresh_invalid']);
  });

  it('refuses a refresh token that never was', async () => {
    expect(refusal(await refresh('x'.repeat(43)))).toEqual([401, 'refresh_invalid']);
  });

  it('signs out: neither token is good any more', async () => {
    const { accessToken, refreshToken } = await stage().signUp('Ada');
    expect((await stage().ask('POST', '/api/auth/sign-out', { token: accessToken })).status).toBe(204);
    expect(refusal(await me(accessToken))).toEqual([401, 'token_invalid']);
    expect(refusal(await refresh(refreshToken))).toEqual([401, 'refresh_invalid']);
  });

  it('signs out with the refresh token once the access token has expired', async () => {
    const { accessToken, refreshToken } = await stage().signUp('Ada');
    stage().clock.turn(11 * 60_000);
    expect(refusal(await stage().ask('POST', '/api/auth/sign-out', { token: accessToken }))).toEqual([
      401,
      'token_expired',
    ]);
    expect((await stage().post('/api/auth/sign-out', { refreshToken })).status).toBe(204);
    expect(refusal(await refresh(refreshToken))).toEqual([401, 'refresh_invalid']);
  });

  it('keeps tokens as hashes only', async () => {
    const { refreshToken } = await stage().signUp('Ada');
    const rows = await stage().db.once<{ hash: string }>('select hash from identity.refresh_tokens');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(refreshToken);
  });

  it('refuses access tokens that are missing, malformed, expired, forged, unsigned or foreign', async () => {
    const { accessToken, user } = await stage().signUp('Ada');
    const [head = '', payload = '', signature = ''] = accessToken.split('.');
    const json = (value: unknown) => base64url.encode(JSON.stringify(value));
    const claims = JSON.parse(new TextDecoder().decode(base64url.decode(payload))) as Record<string, unknown>;
    const foreignKey = crypto.getRandomValues(new Uint8Array(32));
    const pair = await generateKeyPair('ES256', { extractable: true });
    const sign = (alg: string, key: Parameters<SignJWT['sign']>[0], extra: object = {}) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg, typ: 'at+jwt', ...extra }).sign(key);
    const forged: Record<string, string> = {
      'not a token': 'hello',
      'alg none': `${json({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      'alg none with the signature': `${json({ alg: 'none', typ: 'at+jwt' })}.${payload}.${signature}`,
      'another person': `${head}.${json({ ...claims, sub: crypto.randomUUID() })}.${signature}`,
      'a longer life': `${head}.${json({ ...claims, exp: 4_000_000_000 })}.${signature}`,
      'a foreign key': await sign('HS256', foreignKey),
      'another algorithm': await sign('ES256', pair.privateKey),
      'a key that it brings': await sign('ES256', pair.privateKey, { jwk: await exportJWK(pair.publicKey) }),
      'no signature': `${head}.${payload}.`,
    };
    for (const [what, token] of Object.entries(forged)) {
      expect([what, ...refusal(await me(token))]).toEqual([what, 401, 'token_invalid']);
    }
    expect(refusal(await stage().get('/api/me'))).toEqual([401, 'unauthenticated']);
    const spaced = await stage().ask('GET', '/api/me', { headers: { authorization: 'Bearer one two' } });
    expect(refusal(spaced)).toEqual([401, 'token_invalid']);
    expect((await me(accessToken)).body).toEqual(user);
    stage().clock.turn(10 * 60_000 + 1_000);
    const expired = await me(accessToken);
    expect(refusal(expired)).toEqual([401, 'token_expired']);
  });

  it('names an error in its challenge to whoever brought a token, and to nobody else (RFC 6750 §3.1)', async () => {
    const { accessToken, email } = await stage().signUp('Ada');
    const tokenless = [{}, { authorization: '' }, { authorization: 'Bearer' }, { authorization: 'Basic YTpi' }];
    for (const headers of tokenless) {
      const refused = await stage().ask('GET', '/api/me', { headers });
      expect([headers, ...refusal(refused)]).toEqual([headers, 401, 'unauthenticated']);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    }
    const wrong = await stage().post('/api/auth/sign-in', { email, password: 'not the password' });
    expect([...refusal(wrong), wrong.headers.get('www-authenticate')]).toEqual([401, 'credentials_invalid', 'Bearer']);

    const forged = await me(`${accessToken.slice(0, -2)}xx`);
    expect(forged.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token", error_description="[^"]+"$/);
    stage().clock.turn(10 * 60_000 + 1_000);
    const expired = await me(accessToken);
    expect(refusal(expired)).toEqual([401, 'token_expired']);
    expect(expired.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token".*expired/);
  });

  it('writes neither passwords nor tokens nor emails into the log', async () => {
    const { email, accessToken, refreshToken } = await stage().signUp('Ada', 'very secret words');
    await stage().post('/api/auth/sign-in', { email, password: 'not the secret' });
    await me(accessToken);
    const log = JSON.stringify(stage().logged);
    for (const secret of ['very secret words', 'not the secret', email, accessToken, refreshToken]) {
      expect(log).not.toContain(secret);
    }
  });
}
