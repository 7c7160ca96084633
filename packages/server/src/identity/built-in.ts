import type { Session, SignIn, SignUp } from '@parley/protocol';
import { base64url } from 'jose';
import type { z } from 'zod';
import type { TokenVerifier } from '../ports/auth.ts';
import { type ServerClock, serverNow } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { findPerson } from '../store/people.ts';
import { ACCESS_TOKEN_MS, createAccessTokens } from './access-tokens.ts';
import { createAccounts } from './accounts.ts';
import { createRefreshTokens } from './refresh-tokens.ts';
import { installationSecret } from './secrets.ts';

/** Accounts that this server keeps itself. */
export interface BuiltInIdentity {
  readonly verifier: TokenVerifier;
  /** @throws EdgeError `email_taken` */
  signUp(input: z.infer<typeof SignUp>): Promise<Session>;
  /** @throws EdgeError `credentials_invalid`, equally for an account that does not exist */
  signIn(input: z.infer<typeof SignIn>): Promise<Session>;
  /** @throws EdgeError `refresh_invalid` */
  refresh(refreshToken: string): Promise<Session>;
  /** Ends the session of this access token. @throws EdgeError `token_invalid` or `token_expired` */
  signOut(accessToken: string): Promise<void>;
  /** Ends the session of this refresh token; one that is unknown has none to end. */
  signOutByRefreshToken(refreshToken: string): Promise<void>;
}

export async function createBuiltInIdentity(deps: { db: Database; clock: ServerClock }): Promise<BuiltInIdentity> {
  const { db, clock } = deps;
  const ended = createEndedSessions(clock);
  const accounts = createAccounts(db, base64url.encode(await installationSecret(db, 'accounts')));
  const accessTokens = await createAccessTokens(await installationSecret(db, 'access-tokens'), clock);
  const refreshTokens = createRefreshTokens(db, clock, (sessionId) => ended.add(sessionId));

  async function session(begun: { sessionId: string; userId: string; refreshToken: string }): Promise<Session> {
    const { sessionId, userId, refreshToken } = begun;
    const user = await db.tx((sql) => findPerson(sql, userId));
    if (user === undefined) throw new Error('The account has no profile.');
    const { token, expiresAt } = await accessTokens.sign(userId, sessionId);
    return { accessToken: token, refreshToken, expiresAt: new Date(expiresAt).toISOString(), user };
  }

  async function end(sessionId: string): Promise<void> {
    ended.add(sessionId);
    await refreshTokens.end(sessionId);
  }

  return {
    verifier: {
      async verify(token) {
        const principal = await accessTokens.verify(token);
        if (ended.has(principal.sessionId)) throw new EdgeError('token_invalid');
        return principal;
      },
    },
    async signUp({ email, password, displayName }) {
      const { sessionToken } = await accounts.signUp(email, password, displayName);
      return session(await refreshTokens.begin(sessionToken));
    },
    async signIn({ email, password }) {
      const { sessionToken } = await accounts.signIn(email, password);
      return session(await refreshTokens.begin(sessionToken));
    },
    refresh: async (refreshToken) => session(await refreshTokens.rotate(refreshToken)),
    async signOut(accessToken) {
      const { sessionId } = await accessTokens.verify(accessToken);
      await end(sessionId);
    },
    async signOutByRefreshToken(refreshToken) {
      const sessionId = await refreshTokens.sessionOf(refreshToken);
      if (sessionId !== null) await end(sessionId);
    },
  };
}

/**
 * Sessions that ended here while their access tokens still run. With several nodes another one honours such a token until it
 * expires, which is why they are short.
 */
function createEndedSessions(clock: ServerClock) {
  const until = new Map<string, number>();
  return {
    add(sessionId: string): void {
      for (const [id, at] of until) {
        if (at > serverNow(clock)) break;
        until.delete(id);
      }
      until.set(sessionId, serverNow(clock) + ACCESS_TOKEN_MS);
    },
    has: (sessionId: string) => until.has(sessionId),
  };
}
