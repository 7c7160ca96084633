import { ChangePassword, Refresh, SignIn, SignOut, SignUp } from '@parley/protocol';
import { type Context, Hono } from 'hono';
import type { BuiltInIdentity } from '../identity/built-in.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { authenticated, bearer } from './auth.ts';
import { parseBody } from './body.ts';
import type { AppDeps } from './deps.ts';
import type { AppEnv } from './env.ts';
import { uuidParam } from './params.ts';
import { asTry } from './tries.ts';

/** Built-in accounts; with a foreign issuer none of this exists. */
export function authRoutes(deps: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const identity = (): BuiltInIdentity => ownAccounts(deps);

  // What fails counts as a try, as with sign-in: to ask which addresses have accounts is as slow as to guess passwords.
  routes.post('/sign-up', async (c) => {
    const accounts = identity();
    const input = await parseBody(c, SignUp);
    const giveBack = await deps.accountLimits.takeSignIn(input.email, deps.addressOf(c));
    return c.json(await asTry(giveBack, () => accounts.signUp(input, userAgentOf(c))), 201);
  });

  routes.post('/sign-in', async (c) => {
    const accounts = identity();
    const credentials = await parseBody(c, SignIn);
    const giveBack = await deps.accountLimits.takeSignIn(credentials.email, deps.addressOf(c));
    return c.json(await asTry(giveBack, () => accounts.signIn(credentials, userAgentOf(c))));
  });

  routes.post('/refresh', async (c) => {
    const accounts = identity();
    const { refreshToken } = await parseBody(c, Refresh);
    const sessionId = await knownSession(deps, accounts, refreshToken, deps.addressOf(c));
    await deps.accountLimits.takeRefresh(sessionId);
    // One that ran out, or a thief's, is found out only here.
    return c.json(await accounts.refresh(refreshToken));
  });

  // By the refresh token too: whoever signs out after a night has no access token that is still valid.
  routes.post('/sign-out', async (c) => {
    const accounts = identity();
    const { refreshToken, everywhere } = await parseBody(c, SignOut);
    if (refreshToken !== undefined) await accounts.signOutByRefreshToken(refreshToken, everywhere);
    else await accounts.signOut(bearer(c.req.header('authorization')), everywhere);
    return c.body(null, 204);
  });

  // Whoever holds somebody's token may not guess their password here either.
  routes.post('/password', authenticated(deps), async (c) => {
    const accounts = identity();
    const { principal } = c.var;
    const input = await parseBody(c, ChangePassword);
    const giveBack = await deps.accountLimits.takeSignIn(principal.userId, deps.addressOf(c));
    await asTry(giveBack, () => accounts.changePassword(principal, input));
    return c.body(null, 204);
  });

  routes.get('/sessions', authenticated(deps), async (c) =>
    c.json({ items: await identity().sessions(c.var.principal), nextCursor: null }),
  );

  routes.delete('/sessions/:sessionId', authenticated(deps), async (c) => {
    await identity().endSession(c.var.principal, uuidParam(c, 'sessionId'));
    return c.body(null, 204);
  });

  return routes;
}

/**
 * Looked up before the address is counted: a token that is known passes whatever others behind that address have done, and
 * whoever sends unknown ones uses it up for unknown ones alone. Nobody guesses 256 bits; the limit keeps the noise down.
 * @throws EdgeError `refresh_invalid`, or `rate_limited` for one that is unknown
 */
async function knownSession(
  { accountLimits }: AppDeps,
  accounts: BuiltInIdentity,
  refreshToken: string,
  address: string,
): Promise<string> {
  try {
    return await accounts.sessionOf(refreshToken);
  } catch (error) {
    if (error instanceof EdgeError && error.code === 'refresh_invalid') await accountLimits.takeRefreshTry(address);
    throw error;
  }
}

/** @throws EdgeError `not_found` where a foreign issuer keeps the accounts */
export function ownAccounts(deps: Pick<AppDeps, 'identity'>): BuiltInIdentity {
  if (deps.identity === null) throw new EdgeError('not_found', { detail: 'Accounts are kept elsewhere.' });
  return deps.identity;
}

const userAgentOf = (c: Context): string | null =>
  c.req
    .header('user-agent')
    ?.replace(/\p{Cc}/gu, '')
    .slice(0, 200) || null;
