import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createForeignVerifier } from '../../src/identity/foreign.ts';
import { serverNow } from '../../src/ports/clock.ts';
import type { Database } from '../../src/ports/database.ts';
import { ManualClock } from '../support/manual-timers.ts';

const ISSUER = 'https://auth.example.test';
const AUDIENCE = 'authenticated';

/** A database in which everybody is known already: what is tested here is the tokens. */
const db: Database = {
  tx: () => Promise.reject(new Error('not here')),
  readAs: () => Promise.reject(new Error('not here')),
  once: async <R extends object>(_text: string, [issuers]: readonly unknown[] = []) => {
    if (!Array.isArray(issuers)) return [{ ours: true }] as R[];
    return issuers.map((_, index) => ({ at: index + 1, user_id: '00000000-0000-4000-8000-000000000001' })) as R[];
  },
  close: async () => {},
};

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}
async function makeKey(kid: string, alg = 'ES256'): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

describe('tokens of a foreign issuer by its JWKS', () => {
  let server: Server;
  let url: URL;
  let one: Key;
  let two: Key;
  let rsa: Key;
  let published: unknown;
  let status = 200;
  let fetches = 0;
  const clock = new ManualClock();

  beforeAll(async () => {
    [one, two, rsa] = await Promise.all([makeKey('one'), makeKey('two'), makeKey('rsa', 'RS256')]);
    server = createServer((_request, response) => {
      fetches += 1;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(published));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`);
  });
  beforeEach(() => {
    published = { keys: [one.jwk] };
    status = 200;
    fetches = 0;
  });
  // The library's pause between two fetches goes by the process's own clock.
  afterEach(() => void vi.useRealTimers());
  afterAll(() => void server?.close());

  const verifier = () =>
    createForeignVerifier({ db, clock }, { jwksUrl: url.href, secret: null, issuer: ISSUER, audience: AUDIENCE });
  const seconds = (offset: number) => Math.floor(serverNow(clock) / 1000) + offset;
  const claims = (more: object = {}) => ({ sub: 'somebody', iss: ISSUER, aud: AUDIENCE, exp: seconds(600), ...more });
  const sign = (key: Key, more: object = {}, header: object = {}) =>
    new SignJWT(claims(more)).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey);
  const invalid = { code: 'token_invalid' };
  const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });

  it('takes a new key into use without a restart, once the pause between two fetches is over', async () => {
    const { verify } = verifier();
    await verify(await sign(one));
    published = { keys: [one.jwk, two.jwk] };
    later(31_000);
    await verify(await sign(two));
    await verify(await sign(one));
    expect(fetches).toBe(2);
  });

  it('takes no key any more that the issuer has withdrawn, after ten minutes at the latest', async () => {
    const { verify } = verifier();
    await verify(await sign(one));
    published = { keys: [two.jwk] };
    later(601_000);
    await verify(await sign(two));
    await expect(verify(await sign(one))).rejects.toMatchObject(invalid);
  });

  it('asks the issuer at most once in half a minute for keys that it does not know', async () => {
    const { verify } = verifier();
    await verify(await sign(one));
    const unknown = await sign(two);
    for (let i = 0; i < 50; i += 1) await expect(verify(unknown)).rejects.toMatchObject(invalid);
    expect(fetches).toBe(1);
    later(31_000);
    for (let i = 0; i < 50; i += 1) await expect(verify(unknown)).rejects.toMatchObject(invalid);
    expect(fetches).toBe(2);
  });

  it('fetches once for many who come at the same moment', async () => {
    const { verify } = verifier();
    const token = await sign(one);
    await Promise.all(Array.from({ length: 20 }, () => verify(token)));
    expect(fetches).toBe(1);
  });

  it('ASVS 9.1.2: is not confused about algorithms: a public key is no shared secret, and none is none', async () => {
    published = { keys: [one.jwk, rsa.jwk] };
    const { verify } = verifier();
    for (const key of [one, rsa]) {
      for (const secret of [await exportSPKI(key.publicKey), JSON.stringify(key.jwk), key.jwk.n ?? key.jwk.x ?? '']) {
        const forged = await new SignJWT(claims())
          .setProtectedHeader({ alg: 'HS256', kid: key.kid })
          .sign(new TextEncoder().encode(secret.padEnd(32, ' ')));
        await expect(verify(forged)).rejects.toMatchObject(invalid);
      }
    }
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const alg of ['none', 'None', 'NONE', '']) {
      await expect(verify(`${part({ alg, kid: 'one' })}.${part(claims())}.`)).rejects.toMatchObject(invalid);
    }
    // A key that is published for one algorithm serves no other.
    await expect(verify(await sign({ ...rsa, alg: 'PS256' }).catch(() => 'x.y.z'))).rejects.toMatchObject(invalid);
  });

  it('ASVS 9.1.2: takes no secret that somebody put among the public keys', async () => {
    const k = Buffer.from('a secret that is published for all to see').toString('base64url');
    published = { keys: [{ kty: 'oct', k, kid: 'oct', alg: 'HS256' }] };
    const forged = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', kid: 'oct' })
      .sign(Buffer.from(k, 'base64url'));
    await expect(verifier().verify(forged)).rejects.toMatchObject(invalid);
  });

  it('ASVS 9.1.3: takes no key that the token brings or points at', async () => {
    const { verify } = verifier();
    const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}/evil.json`;
    for (const header of [{ jwk: two.jwk }, { jku: elsewhere }, { x5u: elsewhere }, { jwk: two.jwk, kid: 'one' }]) {
      await expect(verify(await sign(two, {}, header))).rejects.toMatchObject(invalid);
    }
    expect(fetches).toBe(1);
  });

  it('ASVS 9.2.1: grants a minute of difference between two clocks at both ends, and no more', async () => {
    const { verify } = verifier();
    for (const good of [{ exp: seconds(-50) }, { nbf: seconds(50) }, { nbf: seconds(-50), exp: seconds(1) }]) {
      await expect(verify(await sign(one, good))).resolves.toBeTruthy();
    }
    await expect(verify(await sign(one, { exp: seconds(-70) }))).rejects.toMatchObject({ code: 'token_expired' });
    await expect(verify(await sign(one, { nbf: seconds(70) }))).rejects.toMatchObject(invalid);
    for (const nonsense of [{ exp: 'tomorrow' }, { nbf: 'yesterday' }, { exp: undefined }]) {
      await expect(verify(await sign(one, nonsense))).rejects.toMatchObject(invalid);
    }
  });

  it('ASVS 9.2.3: takes what is meant for it, by its issuer, alone', async () => {
    const { verify } = verifier();
    await expect(verify(await sign(one, { aud: ['another', AUDIENCE] }))).resolves.toBeTruthy();
    const wrong = [
      { aud: 'another' },
      { aud: [] },
      { aud: undefined },
      { aud: `${AUDIENCE} ` },
      { iss: `${ISSUER}/` },
      { iss: undefined },
      { sub: '' },
      { sub: undefined },
      { sub: 'x'.repeat(256) },
    ];
    for (const more of wrong) await expect(verify(await sign(one, more))).rejects.toMatchObject(invalid);
  });

  it('tells an issuer that is away from a token that is bad', async () => {
    for (const broken of [() => (status = 503), () => (published = 'nonsense')]) {
      status = 200;
      published = { keys: [one.jwk] };
      broken();
      const { verify } = verifier();
      await expect(verify(await sign(one))).rejects.toMatchObject({ code: 'issuer_unavailable' });
    }
  });
});
