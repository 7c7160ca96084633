import { AdmitGuest, KnockAtCall } from '@parley/protocol';
import { type Context, Hono } from 'hono';
import { authenticated } from './auth.ts';
import { parseBody } from './body.ts';
import { actorOf } from './call-routes.ts';
import type { AppDeps } from './deps.ts';
import type { AppEnv } from './env.ts';
import { asTry } from './tries.ts';

/** Mounted at `/api/call-links`. A link may be looked at, and knocked with, by somebody of whom nothing is known. */
export function callLinkRoutes(deps: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const { door, accountLimits, addressOf } = deps;

  const known = authenticated(deps);
  async function visitorOf(c: Context<AppEnv>) {
    if (c.req.header('authorization') === undefined) return null;
    await known(c, async () => {});
    return actorOf(c, 'optional');
  }

  routes.get('/:token', async (c) => {
    const visitor = await visitorOf(c);
    const giveBack = await accountLimits.takeLinkTry(addressOf(c));
    return c.json(await asTry(giveBack, () => door.previewLink(visitor, c.req.param('token'))));
  });

  routes.post('/:token/knock', async (c) => {
    const visitor = await visitorOf(c);
    const { displayName } = await parseBody(c, KnockAtCall);
    const giveBack = await accountLimits.takeLinkTry(addressOf(c));
    const account = visitor === null || visitor.isAnonymous ? null : visitor.userId;
    const take = () => accountLimits.takeKnock(addressOf(c), account);
    return c.json(await asTry(giveBack, () => door.knock(visitor, c.req.param('token'), displayName, take)));
  });

  routes.use(known);
  routes.post('/:token/admit', async (c) =>
    c.json(await door.admit(actorOf(c, 'optional'), c.req.param('token'), await parseBody(c, AdmitGuest))),
  );
  routes.delete('/:token/knock', async (c) => {
    await door.withdraw(actorOf(c, 'optional'), c.req.param('token'));
    return c.body(null, 204);
  });
  routes.delete('/:token', async (c) => {
    await door.endLink(actorOf(c, 'optional'), c.req.param('token'));
    return c.body(null, 204);
  });
  return routes;
}
