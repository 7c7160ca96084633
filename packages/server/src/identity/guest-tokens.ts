import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Principal, TokenVerifier } from '../ports/auth.ts';
import { type ServerClock, serverNow } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import type { GuestTokens } from '../ports/guests.ts';
import { refuse } from './access-tokens.ts';
import { installationSecret } from './secrets.ts';

const NAME = 'parley';
const AUDIENCE = 'parley-guest';
const TYPE = 'guest+jwt';
const ALGORITHM = 'HS256';
const Claims = z.object({ sub: z.uuid(), exp: z.number() });

export interface GuestIdentity {
  readonly tokens: GuestTokens;
  /** Takes tokens of guests, and leaves all others to `verifier`. */
  beside(verifier: TokenVerifier): TokenVerifier;
}

/**
 * Tokens of guests are our own, whoever keeps the accounts: of another key, type and audience than those of people who have
 * one, so that neither is ever taken for the other. They are not renewed.
 */
export async function createGuestIdentity(db: Database, clock: ServerClock): Promise<GuestIdentity> {
  const secret = await installationSecret(db, 'guest-tokens');
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ]);

  async function verify(token: string): Promise<Principal> {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: NAME,
      audience: AUDIENCE,
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: new Date(serverNow(clock)),
    }).catch(refuse);
    const claims = Claims.safeParse(payload);
    if (!claims.success) throw new EdgeError('token_invalid');
    return { userId: claims.data.sub, isAnonymous: true, expiresAt: claims.data.exp * 1000 };
  }

  return {
    tokens: {
      async sign(userId, expiresAt) {
        const seconds = Math.floor(expiresAt / 1000);
        return new SignJWT({})
          .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
          .setIssuer(NAME)
          .setAudience(AUDIENCE)
          .setSubject(userId)
          .setIssuedAt(Math.floor(serverNow(clock) / 1000))
          .setExpirationTime(seconds)
          .sign(key);
      },
    },
    beside: (verifier) => ({ verify: (token) => (isGuests(token) ? verify(token) : verifier.verify(token)) }),
  };
}

function isGuests(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === TYPE;
  } catch {
    return false;
  }
}
