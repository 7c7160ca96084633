import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Principal } from '../ports/auth.ts';
import { type ServerClock, serverNow } from '../ports/clock.ts';
import { EdgeError } from '../ports/edge-error.ts';

/** Life of an access token, in milliseconds: short, because only its end or the end of its session stops it. */
export const ACCESS_TOKEN_MS = 10 * 60_000;
const NAME = 'parley';
const ALGORITHM = 'HS256';

const Claims = z.object({ sub: z.uuid(), sid: z.uuid(), exp: z.number() });

export interface AccessTokens {
  sign(userId: string, sessionId: string): Promise<{ token: string; expiresAt: number }>;
  /** @throws EdgeError `token_invalid` or `token_expired` */
  verify(token: string): Promise<Principal & { readonly sessionId: string }>;
}

/** Our own JWTs: one algorithm, one key that nobody else holds, no leeway, since the clock is our own. */
export async function createAccessTokens(secret: Uint8Array<ArrayBuffer>, clock: ServerClock): Promise<AccessTokens> {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ]);
  return {
    async sign(userId, sessionId) {
      const now = Math.floor(serverNow(clock) / 1000);
      const expires = now + ACCESS_TOKEN_MS / 1000;
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt' })
        .setIssuer(NAME)
        .setAudience(NAME)
        .setSubject(userId)
        .setIssuedAt(now)
        .setExpirationTime(expires)
        .sign(key);
      return { token, expiresAt: expires * 1000 };
    },

    async verify(token) {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        typ: 'at+jwt',
        issuer: NAME,
        audience: NAME,
        requiredClaims: ['sub', 'sid', 'exp', 'iat'],
        currentDate: new Date(serverNow(clock)),
      }).catch(refuse);
      const claims = Claims.safeParse(payload);
      if (!claims.success) throw new EdgeError('token_invalid');
      const { sub, sid, exp } = claims.data;
      return { userId: sub, sessionId: sid, isAnonymous: false, expiresAt: exp * 1000 };
    },
  };
}

/** What is wrong with a token, in our own words; anything that is not about the token goes on as it is. */
export function refuse(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw new EdgeError('token_expired', { cause: error });
  if (error instanceof errors.JWKSTimeout) throw new EdgeError('issuer_unavailable', { retryAfter: 5, cause: error });
  if (error instanceof errors.JOSEError) throw new EdgeError('token_invalid', { cause: error });
  throw error;
}
