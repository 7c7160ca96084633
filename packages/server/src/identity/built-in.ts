import type { ChangePassword, Session, SessionInfo, SignIn, SignUp } from '@parley/protocol';
import { base64url } from 'jose';
import type { z } from 'zod';
import type { Principal, TokenVerifier } from '../ports/auth.ts';
import { type ServerClock, serverNow } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import type { PasswordHasher } from '../ports/passwords.ts';
import { findPerson } from '../store/people.ts';
import { deleteSessions, findAccount, findSessions, isBlocked } from '../store/sessions.ts';
import { ACCESS_TOKEN_MS, createAccessTokens } from './access-tokens.ts';
import { createAccounts } from './accounts.ts';
import { requireGoodPassword } from './password-rules.ts';
import { createRefreshTokens } from './refresh-tokens.ts';
import { installationSecret } from './secrets.ts';

/** Accounts that this server keeps itself. */
export interface BuiltInIdentity {
  readonly verifier: TokenVerifier;
  /** `userAgent`: what the person's list of sessions calls it. @throws EdgeError `email_taken` or `password_common` */
  signUp(input: z.infer<typeof SignUp>, userAgent?: string | null): Promise<Session>;
  /** @throws EdgeError `credentials_invalid`, equally for an account that does not exist, or `forbidden` for one that is blocked */
  signIn(input: z.infer<typeof SignIn>, userAgent?: string | null): Promise<Session>;
  /** The session that a refresh token belongs to, used or not. @throws EdgeError `refresh_invalid` */
  sessionOf(refreshToken: string): Promise<string>;
  /** @throws EdgeError `refresh_invalid` */
  refresh(refreshToken: string): Promise<Session>;
  /** Ends the session of this access token, or all of its person's. @throws EdgeError `token_invalid` or `token_expired` */
  signOut(accessToken: string, everywhere?: boolean): Promise<void>;
  /** The same by a refresh token; one that is unknown has no session to end. */
  signOutByRefreshToken(refreshToken: string, everywhere?: boolean): Promise<void>;
  sessions(principal: Principal): Promise<SessionInfo[]>;
  /** @throws EdgeError `not_found` for a session that is not the person's */
  endSession(principal: Principal, sessionId: string): Promise<void>;
  /** Takes no token of these sessions any more, which ended with their account. */
  noteEnded(sessionIds: readonly string[]): void;
  /** All other sessions of the person end. @throws EdgeError `credentials_invalid` or `password_common` */
  changePassword(principal: Principal, input: z.infer<typeof ChangePassword>): Promise<void>;
  /** @throws EdgeError `credentials_invalid` */
  requirePassword(userId: string, password: string): Promise<void>;
}

interface BuiltInDeps {
  readonly db: Database;
  readonly clock: ServerClock;
  readonly passwords: PasswordHasher;
  /** A session is over, or with null all of the person's: their sockets are to be closed. */
  readonly onEnded: (userId: string, sessionId: string | null) => void;
}

export async function createBuiltInIdentity(deps: BuiltInDeps): Promise<BuiltInIdentity> {
  const { db, clock, onEnded } = deps;
  const ended = createEndedSessions(clock);
  const accounts = createAccounts(db, base64url.encode(await installationSecret(db, 'accounts')), deps.passwords);
  const accessTokens = await createAccessTokens(await installationSecret(db, 'access-tokens'), clock);
  const refreshTokens = createRefreshTokens(db, clock, ({ userId, sessionId }) => {
    ended.add(sessionId);
    onEnded(userId, sessionId);
  });

  async function session(begun: { sessionId: string; userId: string; refreshToken: string }): Promise<Session> {
    const { sessionId, userId, refreshToken } = begun;
    const user = await db.tx((sql) => findPerson(sql, userId));
    if (user === undefined) throw new Error('The account has no profile.');
    const { token, expiresAt } = await accessTokens.sign(userId, sessionId);
    return { accessToken: token, refreshToken, expiresAt: new Date(expiresAt).toISOString(), user };
  }

  const blocked = (userId: string) => db.tx((sql) => isBlocked(sql, userId, clock.skewMs()));

  /** @returns whether there was one */
  async function end(userId: string, sessionId: string | null): Promise<boolean> {
    const ids = await db.tx((sql) => deleteSessions(sql, userId, sessionId));
    for (const id of ids) ended.add(id);
    if (ids.length > 0) onEnded(userId, sessionId);
    return ids.length > 0;
  }

  const verifier = {
    async verify(token: string) {
      const principal = await accessTokens.verify(token);
      if (ended.has(principal.sessionId)) throw new EdgeError('token_invalid');
      return principal;
    },
  };

  return {
    verifier,
    async signUp({ email, password, displayName }, userAgent = null) {
      requireGoodPassword(password, { email, displayName });
      const { sessionToken } = await accounts.signUp(email, password, displayName);
      return session(await refreshTokens.begin(sessionToken, userAgent));
    },
    async signIn({ email, password }, userAgent = null) {
      const { sessionToken } = await accounts.signIn(email, password);
      const begun = await refreshTokens.begin(sessionToken, userAgent);
      if (await blocked(begun.userId)) {
        await end(begun.userId, begun.sessionId);
        throw new EdgeError('forbidden', { detail: 'This account is blocked.' });
      }
      return session(begun);
    },
    async sessionOf(refreshToken) {
      const found = await refreshTokens.sessionOf(refreshToken);
      if (found === null) throw new EdgeError('refresh_invalid');
      return found.sessionId;
    },
    async refresh(refreshToken) {
      const begun = await refreshTokens.rotate(refreshToken);
      if (await blocked(begun.userId)) throw new EdgeError('refresh_invalid');
      return session(begun);
    },
    async signOut(accessToken, everywhere = false) {
      // A session that has ended already may end once more; it may not end others.
      const { userId, sessionId } = await (everywhere ? verifier : accessTokens).verify(accessToken);
      await end(userId, everywhere ? null : sessionId);
    },
    async signOutByRefreshToken(refreshToken, everywhere = false) {
      const found = await refreshTokens.sessionOf(refreshToken);
      if (found !== null) await end(found.userId, everywhere ? null : found.sessionId);
    },
    sessions: ({ userId, sessionId = '' }) =>
      db.tx((sql) => findSessions(sql, { userId, sessionId, skewMs: clock.skewMs() })),
    async endSession({ userId }, sessionId) {
      if (!(await end(userId, sessionId))) throw new EdgeError('not_found');
    },
    noteEnded: (sessionIds) => {
      for (const id of sessionIds) ended.add(id);
    },
    async changePassword(principal, { currentPassword, newPassword }) {
      const { userId, sessionId = '' } = principal;
      await accounts.requirePassword(userId, currentPassword);
      const { email, displayName } = await db.tx((sql) => findAccount(sql, userId));
      requireGoodPassword(newPassword, { email, displayName });
      await accounts.setPassword(userId, newPassword);
      const others = (await db.tx((sql) => findSessions(sql, { userId, sessionId, skewMs: clock.skewMs() }))).filter(
        ({ isCurrent }) => !isCurrent,
      );
      for (const { id } of others) await end(userId, id);
    },
    requirePassword: (userId, password) => accounts.requirePassword(userId, password),
  };
}

/**
 * Sessions that ended here while their access tokens still run. Other nodes learn of an end when they next look up the
 * person's standing.
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
