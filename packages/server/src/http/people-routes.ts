import { PictureHash } from '@parley/protocol';
import { Hono } from 'hono';
import { EdgeError } from '../ports/edge-error.ts';
import { readPicture } from '../usecases/settings.ts';
import { authenticated } from './auth.ts';
import type { AppDeps } from './deps.ts';
import type { AppEnv } from './env.ts';
import { uuidParam } from './params.ts';

/** The address of a picture changes with it: whoever may see it keeps it for as long as they like. */
const FOR_A_YEAR = 'private, max-age=31536000, immutable';

export function peopleRoutes(deps: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.use(authenticated(deps));
  routes.get('/:userId/pictures/:hash', async (c) => {
    const userId = uuidParam(c, 'userId');
    const hash = PictureHash.safeParse(c.req.param('hash'));
    if (!hash.success) throw new EdgeError('not_found');
    const { type, bytes } = await readPicture(deps, c.var.principal, userId, hash.data);
    return c.body(bytes, 200, { 'content-type': type, 'cache-control': FOR_A_YEAR, 'content-disposition': 'inline' });
  });
  return routes;
}
