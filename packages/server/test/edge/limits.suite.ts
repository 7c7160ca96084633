import { expect, it } from 'vitest';
import { type EdgeStage, refusal } from '../support/edge-stage.ts';

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
}
