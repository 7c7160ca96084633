import { expect, it } from 'vitest';
import { createPasswordHasher } from '../../src/node/password-hash.ts';
import { type EdgeStage, refusal } from '../support/edge-stage.ts';

export function passwordSuite(stage: () => EdgeStage): void {
  let n = 0;
  const signUp = (password: string, displayName = 'Wilhelmina Byte') => {
    n += 1;
    return stage().post('/api/auth/sign-up', { email: `wilhelmina${n}@example.test`, password, displayName });
  };

  it('ASVS 6.2.1: has at least eight characters', async () => {
    expect(refusal(await signUp('xK3#qpz'))).toEqual([400, 'bad_request']);
    expect((await signUp('xK3#qpzv')).status).toBe(201);
  });

  it('ASVS 6.2.4, 6.2.11: is none that is tried first, in any case, nor a word of this place or a name with something to it', async () => {
    const common = [
      'password',
      'PassWord1',
      '12345678',
      'iloveyou',
      'qwertyuiop',
      'aaaaaaaaaaaa',
      'parley2026',
      'wilhelmina1',
    ];
    for (const password of common) {
      expect([password, ...refusal(await signUp(password))]).toEqual([password, 422, 'password_common']);
    }
  });

  it('ASVS 6.2.5, 6.2.8, 6.2.9: may have any characters, 128 of them, and is taken as it is', async () => {
    const long = `${'correct horse battery staple '.repeat(5)}`.slice(0, 128);
    for (const password of ['just small letters', '  ümläut ☎ 密码  ', long]) {
      expect((await signUp(password)).status).toBe(201);
      const email = `wilhelmina${n}@example.test`;
      expect((await stage().post('/api/auth/sign-in', { email, password })).status).toBe(200);
      const trimmed = { email, password: password.trim().toUpperCase() };
      expect(refusal(await stage().post('/api/auth/sign-in', trimmed))).toEqual([401, 'credentials_invalid']);
    }
  });

  it('ASVS 11.4.2: is kept as scrypt with OWASP’s numbers, under a salt of its own', async () => {
    await signUp('the same words');
    await signUp('the same words');
    const rows = await stage().db.once<{ password: string }>(
      'select password from identity.account order by "createdAt" desc limit 2',
    );
    for (const { password } of rows) expect(password).toMatch(/^\$scrypt\$ln=\d+,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/);
    expect(await createPasswordHasher().hash('words')).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
    expect(rows[0]?.password).not.toBe(rows[1]?.password);
  });

  it('reads no hash but its own', async () => {
    const passwords = createPasswordHasher(10);
    const hash = await passwords.hash('the same words');
    expect(await passwords.verify(hash, 'the same words')).toBe(true);
    expect(await passwords.verify(hash, 'the same word')).toBe(false);
    for (const broken of ['', 'plain', '00:00', hash.slice(0, -1), hash.replace('ln=10', 'ln=')]) {
      expect(await passwords.verify(broken, 'the same words')).toBe(false);
    }
  });

  it('ASVS 6.3.8: does as much work to say no to an account that does not exist, or to what is no address', async () => {
    await signUp('the right words');
    const known = `wilhelmina${n}@example.test`;
    // Work and not time: all else that a sign-in does is small beside the one hash.
    for (const email of [known, 'nobody@example.test', 'no address']) {
      const before = stage().hashings();
      const answer = await stage().post('/api/auth/sign-in', { email, password: 'the wrong words' });
      expect(refusal(answer)).toEqual([401, 'credentials_invalid']);
      expect([email, stage().hashings() - before]).toEqual([email, 1]);
    }
  });
}
