import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Logger } from '../ports/logger.ts';
import type { HttpMetrics } from '../ports/metrics.ts';
import type { AppEnv } from './env.ts';

/** Names the request, measures it, and logs it by its route: no queries, no bodies, no headers. */
export function requestLog(log: Logger, metrics: HttpMetrics): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const requestId = crypto.randomUUID();
    c.set('requestId', requestId);
    const begun = performance.now();
    await next();
    c.header('x-request-id', requestId);
    const seconds = (performance.now() - begun) / 1000;
    const route = routeOf(matchedRoutes(c));
    metrics.observe(c.req.method, route, c.res.status, seconds);
    if (!c.req.path.startsWith('/api/')) return;
    const userId = (c.get('principal') as { userId?: string } | undefined)?.userId;
    log.info(
      { requestId, method: c.req.method, route, status: c.res.status, ms: Math.round(seconds * 1000), userId },
      'request',
    );
  };
}

/** The pattern of the handler that answered; middleware registers itself with a star. */
function routeOf(matched: readonly { readonly path: string; readonly method: string }[]): string {
  return matched.findLast(({ path, method }) => method !== 'ALL' && !path.endsWith('*'))?.path ?? 'other';
}
