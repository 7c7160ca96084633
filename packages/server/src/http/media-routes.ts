import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AppDeps } from './deps.ts';
import type { AppEnv } from './env.ts';

/** Bytes of an event that the media server tells; a room's whole description is far smaller. */
const MAX_BYTES = 65_536;

/** What the media server tells. Nobody signs in here: each body is signed with the key that only it and this server have. */
export function mediaRoutes({ mediaServer, mediaEvents }: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.post('/webhook', bodyLimit({ maxSize: MAX_BYTES, onError: (c) => c.body(null, 413) }), async (c) => {
    const event = await mediaServer?.verifyWebhook(await c.req.text(), c.req.header('authorization'));
    // The same for a forged one, one that tells nothing of people, and a server without media: whoever asks learns nothing.
    if (event) await mediaEvents?.(event);
    return c.body(null, 204);
  });
  return routes;
}
