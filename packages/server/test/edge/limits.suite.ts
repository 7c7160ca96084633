import type { Session } from '@parley/protocol';
import { expect, it } from 'vitest';
import { hashToken } from '../../src/random-token.ts';
import { type EdgeStage, refusal } from '../support/edge-stage.ts';
import { jpegOf } from '../support/pictures.ts';

export function limitsSuite(stage: () => EdgeStage): void {
  const signIn = (email: string, password: string, address: string) =>
    stage().ask('POST', '/api/auth/sign-in', { body: { email, password }, address });
  /** An email that is none is refused like any other, but costs no hash. */
  const wrong = async (name: string, address: string) => refusal(await signIn(name, 'wrong', address));

  it('allows ten wrong tries for an account in five minutes, from wherever they come', async () => {
    for (let i = 0; i < 10; i += 1) {
      expect(await wrong('somebody', `10.0.0.${i}`)).toEqual([401, 'credentials_invalid']);
    }
    const limited = await signIn('somebody', 'wrong', '10.0.0.99');
    expect(refusal(limited)).toEqual([429, 'rate_limited']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(100);
    expect((await wrong('somebody else', '10.0.0.99'))[0]).toBe(401);
  });

  it('allows ten wrong tries from an address in five minutes, for whatever account', async () => {
    const { email } = await stage().signUp('Ada');
    for (let i = 0; i < 10; i += 1) expect((await wrong(`nobody ${i}`, '10.0.1.1'))[0]).toBe(401);
    expect(refusal(await signIn(email, 'correct horse', '10.0.1.1'))).toEqual([429, 'rate_limited']);
    expect((await signIn(email, 'correct horse', '10.0.1.2')).status).toBe(200);
  });

  it('does not count tries that succeed', async () => {
    const { email } = await stage().signUp('Ada');
    for (let i = 0; i < 9; i += 1) await wrong(`nobody at all ${i}`, '10.0.2.1');
    for (let i = 0; i < 2; i += 1) expect((await signIn(email, 'correct horse', '10.0.2.1')).status).toBe(200);
    expect((await wrong('the tenth', '10.0.2.1'))[0]).toBe(401);
    expect((await wrong('the eleventh', '10.0.2.1'))[0]).toBe(429);
  });

  const refresh = (refreshToken: string, address: string) =>
    stage().ask<Session>('POST', '/api/auth/refresh', { body: { refreshToken }, address });

  it('allows thirty unknown refresh tokens from an address in five minutes, and a good one passes all the same', async () => {
    const [ada, grace] = [await stage().signUp('Ada'), await stage().signUp('Grace')];
    for (let i = 0; i < 30; i += 1) {
      expect(refusal(await refresh(`guess-${i}`, '10.0.3.1'))).toEqual([401, 'refresh_invalid']);
    }
    const limited = await refresh('one more', '10.0.3.1');
    expect(refusal(limited)).toEqual([429, 'rate_limited']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(100);
    expect(refusal(await refresh('one more', '10.0.3.2'))).toEqual([401, 'refresh_invalid']);
    // One person's noise keeps nobody of the same office signed out, nor themselves.
    for (const { refreshToken } of [ada, grace]) expect((await refresh(refreshToken, '10.0.3.1')).status).toBe(200);
  });

  it('lets a whole office renew at once', async () => {
    const { refreshToken } = await stage().signUp('Ada');
    const other = await stage().signUp('Grace');
    const all = [refreshToken, other.refreshToken].flatMap((token) => Array.from({ length: 18 }, () => token));
    const answers = await Promise.all(all.map((token) => refresh(token, '10.0.6.1')));
    expect(answers.map(({ status }) => status)).toEqual(all.map(() => 200));
  });

  it('gives a session twenty new tokens a minute, from wherever it asks, and the session goes on', async () => {
    let { refreshToken } = await stage().signUp('Ada');
    const other = await stage().signUp('Grace');
    for (let i = 0; i < 20; i += 1) {
      const renewed = await refresh(refreshToken, `10.0.4.${i}`);
      expect(renewed.status).toBe(200);
      refreshToken = renewed.body.refreshToken;
    }
    expect(refusal(await refresh(refreshToken, '10.0.4.99'))).toEqual([429, 'rate_limited']);
    // The token was not used up by being refused, and nobody else is held up.
    expect(
      await stage().db.once(`select 1 from identity.refresh_tokens where used_at is null and hash = $1`, [
        await hashToken(refreshToken),
      ]),
    ).toHaveLength(1);
    expect((await refresh(other.refreshToken, '10.0.4.99')).status).toBe(200);
  });

  it('allows ten pictures of a person in five minutes, whatever becomes of them', async () => {
    const [ada, grace] = [await stage().signUp('Ada'), await stage().signUp('Grace')];
    const put = (who: Session, raw: BodyInit) =>
      stage().ask('PUT', '/api/me/picture', {
        raw,
        token: who.accessToken,
        headers: { 'content-type': 'image/jpeg' },
      });
    for (let i = 0; i < 9; i += 1) expect((await put(ada, jpegOf(8, 8))).status).toBe(200);
    expect(refusal(await put(ada, 'no picture'))).toEqual([422, 'picture_invalid']);
    const limited = await put(ada, jpegOf(8, 8));
    expect(refusal(limited)).toEqual([429, 'rate_limited']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(100);
    expect((await put(grace, jpegOf(8, 8))).status).toBe(200);
  });

  it('counts no try that fails because the database is away', async () => {
    const { refreshToken, email } = await stage().signUp('Ada');
    await stage().withoutDatabase(async () => {
      for (let i = 0; i < 31; i += 1) expect((await refresh('guess', '10.0.5.1')).status).toBe(503);
      for (let i = 0; i < 11; i += 1) expect((await signIn(email, 'correct horse', '10.0.5.1')).status).toBe(503);
    });
    expect((await refresh(refreshToken, '10.0.5.1')).status).toBe(200);
    expect((await signIn(email, 'correct horse', '10.0.5.1')).status).toBe(200);
  });
}
