import { Refresh, SignIn, SignOut, SignUp } from '@parley/protocol';
import { Hono } from 'hono';
import type { BuiltInIdentity } from '../identity/built-in.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { bearer } from './auth.ts';
import { parseBody } from './body.ts';
import type { AppDeps } from './deps.ts';
import type { AppEnv } from './env.ts';

/** Built-in accounts; with a foreign issuer none of this exists. */
export function authRoutes(deps: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const identity = (): BuiltInIdentity => {
    if (deps.identity === null) throw new EdgeError('not_found', { detail: 'Accounts are kept elsewhere.' });
    return deps.identity;
  };

  routes.post('/sign-up', async (c) => {
    const accounts = identity();
    return c.json(await accounts.signUp(await parseBody(c, SignUp)), 201);
  });

  routes.post('/sign-in', async (c) => {
    const accounts = identity();
    const credentials = await parseBody(c, SignIn);
    const giveBack = await deps.signInLimits.takeSignIn(credentials.email, deps.addressOf(c));
    const session = await accounts.signIn(credentials);
    await giveBack();
    return c.json(session);
  });

  routes.post('/refresh', async (c) => {
    const accounts = identity();
    const { refreshToken } = await parseBody(c, Refresh);
    return c.json(await accounts.refresh(refreshToken));
  });

  // By the refresh token too: whoever signs out after a night has no access token that is still valid.
  routes.post('/sign-out', async (c) => {
    const accounts = identity();
    const { refreshToken } = await parseBody(c, SignOut);
    if (refreshToken !== undefined) await accounts.signOutByRefreshToken(refreshToken);
    else await accounts.signOut(bearer(c.req.header('authorization')));
    return c.body(null, 204);
  });

  return routes;
}
