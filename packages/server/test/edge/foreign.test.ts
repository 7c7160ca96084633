import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { base64url, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createForeignVerifier, type ForeignIssuer } from '../../src/identity/foreign.ts';
import type { TokenVerifier } from '../../src/ports/auth.ts';
import { serverNow } from '../../src/ports/clock.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import { ManualClock } from '../support/manual-timers.ts';

const ISSUER = 'https://auth.example.test';
const AUDIENCE = 'authenticated';
const SECRET = 'a secret that two servers share 123';

oneDatabase((_name, open) => {
  const clock = new ManualClock();
  let database: TestDatabase;
  let keys: CryptoKeyPair;
  let jwks: Server;
  let jwksUrl: string;
  let fetched = 0;

  beforeAll(async () => {
    database = await open();
    keys = (await generateKeyPair('ES256', { extractable: true })) as CryptoKeyPair;
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
    jwks = createServer((_request, response) => {
      fetched += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
    jwksUrl = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/jwks.json`;
  });
  afterAll(async () => {
    jwks?.close();
    await database?.close();
  });

  const verifier = (issuer: Partial<ForeignIssuer>): TokenVerifier =>
    createForeignVerifier(
      { db: database.db, clock },
      { jwksUrl: null, secret: null, issuer: ISSUER, audience: AUDIENCE, ...issuer },
    );
  const byKeys = () => verifier({ jwksUrl });
  const bySecret = () => verifier({ secret: SECRET });
  const inSeconds = (seconds: number) => Math.floor(serverNow(clock) / 1000) + seconds;
  const claims = (more: JWTPayload = {}): JWTPayload => ({
    sub: 'somebody',
    iss: ISSUER,
    aud: AUDIENCE,
    exp: inSeconds(600),
    name: 'Some Body',
    ...more,
  });
  const without = (name: 'sub' | 'exp'): JWTPayload => {
    const { [name]: _left, ...rest } = claims();
    return rest;
  };
  const signed = (
    payload: JWTPayload,
    header = { alg: 'ES256', kid: 'one' },
    key: CryptoKey | Uint8Array = keys.privateKey,
  ) => new SignJWT(payload).setProtectedHeader(header).sign(key);
  const shared = (payload: JWTPayload, secret = SECRET) =>
    signed(payload, { alg: 'HS256', kid: '' }, new TextEncoder().encode(secret));

  it('makes a person of (iss, sub) on the first request, and knows them afterwards', async () => {
    const first = await byKeys().verify(await signed(claims({ sub: 'auth0|1', name: 'Nora Byte' })));
    const again = await byKeys().verify(await signed(claims({ sub: 'auth0|1', name: 'Renamed' })));
    expect(again.userId).toBe(first.userId);
    const rows = await database.db.once('select display_name from public.profiles where id = $1', [first.userId]);
    expect(rows).toEqual([{ display_name: 'Nora Byte' }]);
    const other = await verifier({ jwksUrl, issuer: null }).verify(
      await signed(claims({ sub: 'auth0|1', iss: 'https://another.example.test' })),
    );
    expect(other.userId).not.toBe(first.userId);
  });

  it('makes one person of many first requests at once', async () => {
    const token = await signed(claims({ sub: 'auth0|crowd' }));
    const people = await Promise.all(Array.from({ length: 8 }, () => byKeys().verify(token)));
    expect(new Set(people.map(({ userId }) => userId)).size).toBe(1);
  });

  it('keeps a subject that is a UUID, unless a built-in account has it', async () => {
    const id = crypto.randomUUID();
    expect((await byKeys().verify(await signed(claims({ sub: id })))).userId).toBe(id);
    const [account] = await database.db.once<{ id: string }>(
      `insert into identity."user" (name, email, "emailVerified") values ('Ada', 'ada@example.test', false) returning id`,
    );
    expect((await byKeys().verify(await signed(claims({ sub: account?.id ?? '' })))).userId).not.toBe(account?.id);
  });

  it('fetches the keys once, and knows guests', async () => {
    const both = byKeys();
    const before = fetched;
    const guest = await both.verify(await signed(claims({ sub: 'guest', is_anonymous: true })));
    await both.verify(await signed(claims({ sub: 'guest', is_anonymous: true })));
    expect(fetched - before).toBe(1);
    expect(guest.isAnonymous).toBe(true);
  });

  it('takes tokens of a shared secret', async () => {
    const principal = await bySecret().verify(await shared(claims({ sub: 'shared' })));
    expect(principal.isAnonymous).toBe(false);
    expect(principal.expiresAt).toBeGreaterThan(Date.now());
  });

  it('grants a minute of difference between two clocks, and no more', async () => {
    expect((await byKeys().verify(await signed(claims({ exp: inSeconds(-50) })))).userId).toBeTruthy();
    await expect(byKeys().verify(await signed(claims({ exp: inSeconds(-70) })))).rejects.toMatchObject({
      code: 'token_expired',
    });
  });

  it('says that the issuer cannot be reached, not that the token is bad', async () => {
    const nowhere = verifier({ jwksUrl: 'http://127.0.0.1:1/jwks.json' });
    await expect(nowhere.verify(await signed(claims()))).rejects.toMatchObject({ code: 'issuer_unavailable' });
  });

  describe('refuses', () => {
    const unsigned = () =>
      `${base64url.encode(JSON.stringify({ alg: 'none' }))}.${base64url.encode(JSON.stringify(claims()))}.`;
    const cases: Record<string, () => Promise<[TokenVerifier, string]>> = {
      'alg none': async () => [byKeys(), unsigned()],
      'alg none with a shared secret': async () => [bySecret(), unsigned()],
      'the public key as a shared secret': async () => [
        byKeys(),
        await shared(claims(), await exportSPKI(keys.publicKey)),
      ],
      'a foreign key': async () => {
        const { privateKey } = await generateKeyPair('ES256');
        return [byKeys(), await signed(claims(), { alg: 'ES256', kid: 'one' }, privateKey)];
      },
      'an unknown key': async () => [byKeys(), await signed(claims(), { alg: 'ES256', kid: 'two' })],
      'another secret': async () => [bySecret(), await shared(claims(), 'quite another secret of that length')],
      'another issuer': async () => [byKeys(), await signed(claims({ iss: 'https://evil.example.test' }))],
      'another audience': async () => [byKeys(), await signed(claims({ aud: 'someone else' }))],
      'no subject': async () => [byKeys(), await signed(without('sub'))],
      'no expiry': async () => [byKeys(), await signed(without('exp'))],
      'what is not a token': async () => [byKeys(), 'hello'],
    };
    it.each(Object.keys(cases))('%s', async (name) => {
      const [by, token] = (await cases[name]?.()) ?? [];
      await expect(by?.verify(token ?? '')).rejects.toMatchObject({ code: 'token_invalid' });
    });
  });
});
