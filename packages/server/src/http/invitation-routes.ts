import { Empty } from '@parley/protocol';
import { Hono } from 'hono';
import { acceptInvitation, endInvitation, previewInvitation } from '../usecases/invitations.ts';
import { authenticated } from './auth.ts';
import { parseBody } from './body.ts';
import type { AppDeps } from './deps.ts';
import type { AppEnv } from './env.ts';

export function invitationRoutes(deps: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  // Before anybody is asked who they are: whoever holds the link may know where it leads.
  routes.get('/:token', async (c) => c.json(await previewInvitation(deps, c.req.param('token'))));
  routes.use(authenticated(deps));
  routes.post('/:token/accept', async (c) => {
    await parseBody(c, Empty);
    return c.json(await acceptInvitation(deps, c.var.principal, c.req.param('token')));
  });
  routes.delete('/:token', async (c) => {
    await endInvitation(deps, c.var.principal, c.req.param('token'));
    return c.body(null, 204);
  });
  return routes;
}
