import { ReadNotifications } from '@parley/protocol';
import { Hono } from 'hono';
import type { CallUseCases } from '../usecases/types.ts';
import { parseBody, parseQuery } from './body.ts';
import { actorOf } from './call-routes.ts';
import type { AppEnv } from './env.ts';
import { CursorQuery } from './params.ts';

/** Mounted at `/api/notifications`, behind authentication: the person's inbox, newest first. */
export function notificationRoutes({ calls }: { readonly calls: CallUseCases }): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.get('/', async (c) => {
    const { cursor } = parseQuery(c, CursorQuery);
    return c.json(await calls.notifications(actorOf(c, 'optional'), cursor ?? null));
  });

  app.post('/read', async (c) => {
    const { ids } = await parseBody(c, ReadNotifications);
    await calls.markRead(actorOf(c, 'optional'), ids);
    return c.body(null, 204);
  });

  return app;
}
