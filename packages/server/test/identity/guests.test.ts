import { randomUUID } from 'node:crypto';
import type { Call, CallLink, KnockAnswer, MediaCredentials, Session } from '@parley/protocol';
import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { createGuestIdentity } from '../../src/identity/guest-tokens.ts';
import { oneDatabase } from '../support/databases.ts';
import { openEdge } from '../support/edge-stage.ts';
import { ManualClock } from '../support/manual-timers.ts';

oneDatabase((_, open) => {
  it('a guest comes in by a link, with a token of ours that nobody else makes', async () => {
    const { db, close } = await open();
    const edge = await openEdge(db, { PARLEY_RATE_LIMITS: 'off' });
    try {
      const account = { email: 'ada@acme.test', password: 'correct horse battery', displayName: 'Ada' };
      const ada = (await edge.ask<Session>('POST', '/api/auth/sign-up', { body: account })).body;
      const headersOf = (deviceId: string) => ({ 'X-Device-Id': deviceId, 'Idempotency-Key': randomUUID() });
      const [desk, phone] = [randomUUID(), randomUUID()];
      const asAda = <T>(method: string, path: string, body: unknown = {}) =>
        edge.ask<T>(method, path, { token: ada.accessToken, body, headers: headersOf(desk) });
      const team = (await asAda<{ id: string }>('POST', '/api/teams', { name: 'Acme' })).body;
      const link = (await asAda<CallLink>('POST', `/api/teams/${team.id}/call-links`)).body;
      const { callId } = (await asAda<KnockAnswer>('POST', `/api/call-links/${link.token}/knock`)).body;

      const knock = await edge.ask<KnockAnswer>('POST', `/api/call-links/${link.token}/knock`, {
        body: { displayName: 'Eve' },
      });
      expect(knock.body.status).toBe('waiting');
      const token = knock.body.session?.accessToken ?? '';
      const asEve = <T>(method: string, path: string, body?: unknown) =>
        edge.ask<T>(method, path, { token, ...(body === undefined ? {} : { body }), headers: headersOf(phone) });
      expect((await asEve<{ displayName: string }>('GET', '/api/me')).body.displayName).toBe('Eve');
      expect((await asEve('POST', '/api/teams', { name: 'Mine' })).status).toBe(403);
      expect((await asEve('GET', `/api/teams/${team.id}/members`)).status).toBe(404);
      expect((await asEve('POST', `/api/calls/${callId}/accept`, {})).status).toBe(404);

      const admit = { knockId: knock.body.knockId, admit: true };
      expect((await asAda('POST', `/api/call-links/${link.id}/admit`, admit)).status).toBe(200);
      const call = await asEve<Call>('POST', `/api/calls/${callId}/accept`, {});
      expect(call.body.participants.map(({ displayName, role }) => `${displayName} ${role}`)).toEqual([
        'Ada host',
        'Eve guest',
      ]);
      const media = await asEve<MediaCredentials>('POST', `/api/calls/${callId}/token`, {});
      expect(media.body).toMatchObject({ engine: 'p2p' });
      // A token that says that it is a guest's, of another key.
      const forged = await new SignJWT({})
        .setProtectedHeader({ alg: 'HS256', typ: 'guest+jwt' })
        .setIssuer('parley')
        .setAudience('parley-guest')
        .setSubject(ada.user.id)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode('not the key of this installation at all'));
      expect((await edge.ask('GET', '/api/me', { token: forged })).status).toBe(401);
    } finally {
      await edge.stop();
      await close();
    }
  });

  it('a guest’s token ends with its time, and leaves all others alone', async () => {
    const { db, close } = await open();
    try {
      const clock = new ManualClock();
      const guests = await createGuestIdentity(db, clock);
      const asked: string[] = [];
      const verifier = guests.beside({
        verify: async (token) => {
          asked.push(token);
          return { userId: 'somebody', isAnonymous: false, expiresAt: 0 };
        },
      });
      const userId = randomUUID();
      const token = await guests.tokens.sign(userId, clock.now() + 3_600_000);
      expect(await verifier.verify(token)).toMatchObject({ userId, isAnonymous: true });
      for (const other of ['nonsense', 'a.b.c']) await verifier.verify(other);
      expect(asked).toEqual(['nonsense', 'a.b.c']);
      clock.turn(3_700_000);
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token_expired' });
    } finally {
      await close();
    }
  });
});
