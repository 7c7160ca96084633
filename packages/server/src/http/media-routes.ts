import { Hono } from 'hono';
import { readBody } from './body.ts';
import type { AppDeps } from './deps.ts';
import type { AppEnv } from './env.ts';

/** What the media server tells. Nobody signs in here: each body is signed with the key that only it and this server have. */
export function mediaRoutes({ mediaServer, mediaEvents }: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.post('/webhook', async (c) => {
    // As it came: the signature is of its bytes.
    const body = new TextDecoder().decode(await readBody(c.req.raw));
    const event = await mediaServer?.verifyWebhook(body, c.req.header('authorization'));
    // The same for a forged one, one that tells nothing of people, and a server without media: whoever asks learns nothing.
    if (event) await mediaEvents?.(event);
    return c.body(null, 204);
  });
  return routes;
}
