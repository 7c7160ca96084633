import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../ports/database.ts';
import { EdgeError } from '../ports/edge-error.ts';
import type { PasswordHasher } from '../ports/passwords.ts';
import { randomToken } from '../random-token.ts';
import { isKnown } from './known.ts';
import { DatabaseDialect } from './kysely-dialect.ts';

/** How long a session lives without being used, in seconds. */
export const SESSION_SECONDS = 30 * 24 * 3600;

export interface Accounts {
  /** Makes an account and a session. @throws EdgeError `email_taken` */
  signUp(email: string, password: string, displayName: string): Promise<{ sessionToken: string }>;
  /** Takes as long for an account that does not exist. @throws EdgeError `credentials_invalid` */
  signIn(email: string, password: string): Promise<{ sessionToken: string }>;
  /** @throws EdgeError `credentials_invalid` */
  requirePassword(userId: string, password: string): Promise<void>;
  setPassword(userId: string, password: string): Promise<void>;
}

/**
 * Options of the auth library. Its HTTP handler is not mounted: we call it from our own routes, so neither its cookies nor its
 * limits are in play. A trigger on `identity."user"` writes `auth.users` in the same transaction.
 */
export function authOptions(db: Database, secret: string, passwords?: PasswordHasher) {
  return {
    secret,
    baseURL: 'http://localhost',
    database: {
      db: new Kysely<Record<string, never>>({ dialect: new DatabaseDialect(db) }),
      type: 'postgres' as const,
      schemaName: 'identity',
      transaction: true,
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      ...(passwords === undefined
        ? {}
        : {
            password: {
              hash: passwords.hash,
              verify: ({ hash, password }: { hash: string; password: string }) => passwords.verify(hash, password),
            },
          }),
    },
    session: { expiresIn: SESSION_SECONDS },
    advanced: { database: { generateId: 'uuid' as const } },
    // It would log email addresses.
    logger: { disabled: true },
    telemetry: { enabled: false },
  };
}

export function createAccounts(db: Database, secret: string, passwords: PasswordHasher): Accounts {
  const auth = betterAuth(authOptions(db, secret, passwords));

  return {
    async signUp(email, password, displayName) {
      const { token } = await auth.api
        .signUpEmail({ body: { email, password, name: displayName } })
        .catch(async (error: unknown) => {
          const code = codeOf(error);
          // The second code is the one of a sign-up that came while another for this address was under way.
          const taken =
            code?.startsWith('USER_ALREADY_EXISTS') || (code === 'FAILED_TO_CREATE_USER' && (await isKnown(db, email)));
          if (taken) throw new EdgeError('email_taken');
          throw error;
        });
      if (token === null) throw new Error('The auth library began no session.');
      return { sessionToken: token };
    },

    async signIn(email, password) {
      // The library refuses what is no address before it hashes: an address that nobody has takes the same time.
      const asked = z.email().safeParse(email).success ? email : `${randomToken(8).toLowerCase()}@nobody.invalid`;
      const { token } = await auth.api.signInEmail({ body: { email: asked, password } }).catch((error: unknown) => {
        if (error instanceof APIError && error.statusCode < 500) throw new EdgeError('credentials_invalid');
        throw error;
      });
      return { sessionToken: token };
    },

    async requirePassword(userId, password) {
      const [row] = await db.once<{ password: string | null }>(
        `select password from identity.account where "userId" = $1 and "providerId" = 'credential'`,
        [userId],
      );
      const isRight = row?.password != null && (await passwords.verify(row.password, password));
      if (!isRight) throw new EdgeError('credentials_invalid');
    },

    async setPassword(userId, password) {
      await db.once(
        `update identity.account set password = $2, "updatedAt" = clock_timestamp()
          where "userId" = $1 and "providerId" = 'credential'`,
        [userId, await passwords.hash(password)],
      );
    },
  };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof APIError && typeof error.body?.code === 'string' ? error.body.code : undefined;
}
