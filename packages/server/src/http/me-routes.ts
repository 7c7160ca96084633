import { DeleteAccount } from '@parley/protocol';
import { Hono } from 'hono';
import { EdgeError } from '../ports/edge-error.ts';
import { findPerson } from '../store/people.ts';
import { claimsOf } from '../usecases/chat-deps.ts';
import { deleteAccount } from '../usecases/delete-account.ts';
import { authenticated } from './auth.ts';
import { ownAccounts } from './auth-routes.ts';
import { parseBody } from './body.ts';
import type { AppDeps } from './deps.ts';
import type { AppEnv } from './env.ts';

export function meRoutes(deps: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.use(authenticated(deps));
  routes.get('/', async (c) => {
    const { principal } = c.var;
    const me = await deps.db.readAs(claimsOf(principal), (sql) => findPerson(sql, principal.userId));
    // The account was deleted while the token still ran.
    if (me === undefined) throw new EdgeError('token_invalid');
    return c.json(me);
  });
  routes.delete('/', async (c) => {
    const accounts = ownAccounts(deps);
    const { principal } = c.var;
    const { password } = await parseBody(c, DeleteAccount);
    // Whoever holds somebody's token may not guess their password here either.
    const giveBack = await deps.signInLimits.takeSignIn(principal.userId, deps.addressOf(c));
    await accounts.requirePassword(principal.userId, password);
    await giveBack();
    const sessions = await accounts.sessions(principal);
    await deleteAccount(deps, principal);
    accounts.noteEnded(sessions.map(({ id }) => id));
    return c.body(null, 204);
  });
  return routes;
}
