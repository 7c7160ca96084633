import { SendMessage } from '@parley/protocol';
import { Hono } from 'hono';
import { listMessages, sendMessage } from '../usecases/messages.ts';
import { authenticated } from './auth.ts';
import { parseBody, parseQuery } from './body.ts';
import { actorOf } from './call-routes.ts';
import type { AppDeps } from './deps.ts';
import type { AppEnv } from './env.ts';
import { CursorQuery, uuidHeader, uuidParam } from './params.ts';

export function channelRoutes(deps: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.use(authenticated(deps));

  routes.get('/:channelId/messages', async (c) => {
    const { cursor } = parseQuery(c, CursorQuery);
    return c.json(await listMessages(deps, c.var.principal, uuidParam(c, 'channelId'), cursor));
  });

  routes.post('/:channelId/messages', async (c) => {
    const channelId = uuidParam(c, 'channelId');
    const key = uuidHeader(c, 'Idempotency-Key', 'idempotency_key_required');
    const { message, made } = await sendMessage(deps, c.var.principal, channelId, await parseBody(c, SendMessage), key);
    return c.json(message, made ? 201 : 200);
  });

  routes.get('/:channelId/call', async (c) => {
    const channelId = uuidParam(c, 'channelId');
    return c.json({ call: await deps.calls.channelCall(actorOf(c, 'optional'), channelId) });
  });

  return routes;
}
