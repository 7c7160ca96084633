import { Hono } from 'hono';
import { EdgeError } from '../ports/edge-error.ts';
import { findPerson } from '../store/people.ts';
import { claimsOf } from '../usecases/chat-deps.ts';
import { authenticated } from './auth.ts';
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
  return routes;
}
