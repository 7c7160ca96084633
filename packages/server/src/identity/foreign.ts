import { createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { TokenVerifier } from '../ports/auth.ts';
import { type ServerClock, serverNow } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { refuse } from './access-tokens.ts';
import { createForeignPeople } from './foreign-people.ts';

/** Where somebody else's tokens are checked against; one of `jwksUrl` and `secret` is there. */
export interface ForeignIssuer {
  readonly jwksUrl: string | null;
  /** Shared secret of HS256 tokens. */
  readonly secret: string | null;
  /** Not checked where null. */
  readonly issuer: string | null;
  readonly audience: string | null;
}

/** Clocks of two machines differ: seconds of leeway. */
const SKEW_SECONDS = 60;
/** Public-key algorithms alone: a token cannot choose to be checked with the public key as an HMAC secret (RFC 8725, 3.1). */
const PUBLIC_KEY_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
  'Ed25519',
];
/** Why the issuer's keys do not check a token, once they are there. */
const ABOUT_THE_TOKEN: ReadonlySet<string> = new Set([
  'ERR_JWKS_NO_MATCHING_KEY',
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  'ERR_JOSE_NOT_SUPPORTED',
  'ERR_JOSE_ALG_NOT_ALLOWED',
  'ERR_JWS_INVALID',
]);
/** People whose mapping is kept in memory. */
const CACHE_SIZE = 10_000;

export function createForeignVerifier(
  deps: { db: Database; clock: ServerClock },
  foreign: ForeignIssuer,
): TokenVerifier {
  const check = signatureCheck(foreign);
  const personOfSubject = createForeignPeople(deps.db);
  const people = new Map<string, string>();

  async function personOf(issuer: string, subject: string, payload: JWTPayload): Promise<string> {
    const key = JSON.stringify([issuer, subject]);
    const known = people.get(key);
    if (known !== undefined) return known;
    const userId = await personOfSubject({ issuer, subject, displayName: nameIn(payload) });
    if (people.size >= CACHE_SIZE) people.delete(people.keys().next().value ?? '');
    people.set(key, userId);
    return userId;
  }

  return {
    async verify(token) {
      const payload = await check(token, {
        requiredClaims: ['sub', 'exp'],
        clockTolerance: SKEW_SECONDS,
        currentDate: new Date(serverNow(deps.clock)),
        ...(foreign.issuer === null ? {} : { issuer: foreign.issuer }),
        ...(foreign.audience === null ? {} : { audience: foreign.audience }),
      }).catch(refuse);
      const { sub, exp, iss } = payload;
      if (typeof sub !== 'string' || sub === '' || sub.length > 255 || exp === undefined) {
        throw new EdgeError('token_invalid');
      }
      return {
        userId: await personOf(iss ?? '', sub, payload),
        isAnonymous: payload.is_anonymous === true,
        expiresAt: exp * 1000,
      };
    },
  };
}

function signatureCheck(foreign: ForeignIssuer): (token: string, options: JWTVerifyOptions) => Promise<JWTPayload> {
  if (foreign.jwksUrl !== null) {
    const keys = createRemoteJWKSet(new URL(foreign.jwksUrl), { timeoutDuration: 5000, cooldownDuration: 30_000 });
    return async (token, options) => {
      const found: JWTVerifyGetKey = async (header, input) => {
        try {
          return await keys(header, input);
        } catch (error) {
          // What is not about the token is the issuer's or the network's: a token must not become invalid by it.
          if (error instanceof Error && !('code' in error && ABOUT_THE_TOKEN.has(String(error.code)))) {
            throw new EdgeError('issuer_unavailable', { retryAfter: 5, cause: error });
          }
          throw error;
        }
      };
      return (await jwtVerify(token, found, { ...options, algorithms: PUBLIC_KEY_ALGORITHMS })).payload;
    };
  }
  const secret = new TextEncoder().encode(foreign.secret ?? '');
  const key = crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  return async (token, options) => (await jwtVerify(token, await key, { ...options, algorithms: ['HS256'] })).payload;
}

/** Supabase puts what people call themselves into `user_metadata`; OpenID Connect names `name`. */
function nameIn(payload: JWTPayload): string {
  const metadata: unknown = payload.user_metadata;
  const inMetadata =
    typeof metadata === 'object' && metadata !== null
      ? [Reflect.get(metadata, 'full_name'), Reflect.get(metadata, 'name')]
      : [];
  const name = [payload.name, ...inMetadata, payload.preferred_username].find(
    (value): value is string => typeof value === 'string' && value.trim() !== '',
  );
  return (name ?? 'New member')
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 80);
}
