import { base64url, errors, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createHs256 } from '../../src/identity/hs256.ts';
import { createNodeHmac } from '../../src/node/hmac.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const SECRET = bytes('a secret that is long enough for tests');
const OPTIONS = { issuer: 'parley', audience: 'parley', typ: 'at+jwt', requiredClaims: ['sub', 'exp'] };
const token = (alg = 'HS256') =>
  new SignJWT({})
    .setProtectedHeader({ alg, typ: 'at+jwt' })
    .setIssuer('parley')
    .setAudience('parley')
    .setSubject('ada')
    .setExpirationTime('1h');
const good = () => token().sign(SECRET);
const header = (fields: object) => base64url.encode(JSON.stringify(fields));

describe.each([
  ['by WebCrypto', null],
  ['at once', createNodeHmac()],
])('a token of HS256, checked %s', (_way, hmac) => {
  const check = createHs256(SECRET, hmac);

  it('is taken with its claims', async () => {
    expect(await check(await good(), OPTIONS)).toMatchObject({ sub: 'ada', iss: 'parley' });
  });

  it.each([
    ['of another secret', () => token().sign(bytes('another secret that is long enough'))],
    ['of another algorithm', () => token('HS512').sign(SECRET)],
    [
      'without a signature',
      async () =>
        new UnsecuredJWT({ sub: 'ada' }).setIssuer('parley').setAudience('parley').setExpirationTime('1h').encode(),
    ],
    [
      'that says that it needs none',
      async () => (await good()).replace(/^[^.]+/, header({ alg: 'none', typ: 'at+jwt' })),
    ],
    ['whose signature was cut off', async () => (await good()).replace(/[^.]+$/, '')],
    ['whose signature was cut short', async () => (await good()).slice(0, -1)],
    [
      'whose claims were changed',
      async () => (await good()).replace(/\.[^.]+\./, `.${header({ sub: 'grace', exp: 9_999_999_999 })}.`),
    ],
    ['with a fourth part', async () => `${await good()}.${header({})}`],
    ['that is none', async () => 'a.b.c'],
    ['that is empty', async () => ''],
  ])('is refused: one %s', async (_what, make) => {
    await expect(check(await make(), OPTIONS)).rejects.toThrow(errors.JOSEError);
  });

  it.each([
    ['expired', (t: SignJWT) => t.setExpirationTime('-1h'), errors.JWTExpired],
    ['of another issuer', (t: SignJWT) => t.setIssuer('else'), errors.JWTClaimValidationFailed],
    ['for another audience', (t: SignJWT) => t.setAudience('else'), errors.JWTClaimValidationFailed],
    ['not valid yet', (t: SignJWT) => t.setNotBefore('1h'), errors.JWTClaimValidationFailed],
  ])('is refused by its claims: one %s', async (_what, change, error) => {
    await expect(check(await change(token()).sign(SECRET), OPTIONS)).rejects.toThrow(error);
  });

  it('is refused by its claims: one of another type', async () => {
    const guest = new SignJWT({}).setProtectedHeader({ alg: 'HS256', typ: 'guest+jwt' }).setSubject('ada');
    const signed = await guest.setIssuer('parley').setAudience('parley').setExpirationTime('1h').sign(SECRET);
    await expect(check(signed, OPTIONS)).rejects.toThrow(errors.JWTClaimValidationFailed);
  });
});

it('checked at once, one with an extension that has to be understood is refused', async () => {
  const header = { alg: 'HS256', typ: 'at+jwt', crit: ['b64'], b64: true };
  const signed = await new SignJWT({ sub: 'ada' }).setProtectedHeader(header).setExpirationTime('1h').sign(SECRET);
  await expect(createHs256(SECRET, createNodeHmac())(signed, {})).rejects.toThrow(errors.JOSENotSupported);
});
