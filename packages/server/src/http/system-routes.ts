import type { Health, PublicConfig } from '@parley/protocol';
import { Hono } from 'hono';
import type { AppDeps } from './deps.ts';
import type { AppEnv } from './env.ts';
import { openApiDocument } from './openapi.ts';

/** Description, probes, figures, and what the app must know before anybody signed in. */
export function systemRoutes(deps: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  let document: string | undefined;

  routes.get('/api/openapi.json', (c) => {
    document ??= JSON.stringify(openApiDocument(deps.version));
    return c.body(document, 200, { 'content-type': 'application/json' });
  });

  routes.get('/api/config', (c) => {
    const config: PublicConfig = {
      version: deps.version,
      demo: deps.settings.demo,
      builtInAccounts: deps.identity !== null,
      people: [...deps.demoPeople],
    };
    return c.json(config);
  });

  routes.get('/health/live', (c) => c.json({ status: 'ok' }));

  // Does not wait for the SFU: one-to-one calls need none.
  routes.get('/health/ready', async (c) => {
    const database = await deps.db
      .once('select 1')
      .then(() => 'ready' as const)
      .catch(() => 'unavailable' as const);
    const sfu = deps.mediaServer?.state() ?? 'absent';
    const ready = database === 'ready' && !deps.draining?.();
    const health: Health = { status: ready ? 'ready' : 'unavailable', database, sfu };
    return c.json(health, ready ? 200 : 503);
  });

  routes.get('/metrics', async (c) => {
    const { contentType, body } = await deps.metricsText();
    return c.body(body, 200, { 'content-type': contentType });
  });

  return routes;
}
