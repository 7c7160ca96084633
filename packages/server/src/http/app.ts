import { ROUTES } from '@parley/protocol';
import { Hono } from 'hono';
import { EdgeError } from '../ports/edge-error.ts';
import { authenticated } from './auth.ts';
import { authRoutes } from './auth-routes.ts';
import { callLinkRoutes } from './call-link-routes.ts';
import { channelRoutes } from './channel-routes.ts';
import { corsByList } from './cors.ts';
import type { AppDeps } from './deps.ts';
import { deviceSeen } from './device-seen.ts';
import type { AppEnv } from './env.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { meRoutes } from './me-routes.ts';
import { mediaRoutes } from './media-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { answerError, problemResponse } from './problems.ts';
import { requestLog } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';
import { systemRoutes } from './system-routes.ts';
import { teamRoutes } from './team-routes.ts';

/** Routes of another part, under their path; for signed-in people alone. */
export interface Mount {
  readonly path: string;
  readonly routes: Hono<AppEnv>;
}

/** The REST edge. `fallback` answers what no route of the API matches (the app's own pages), or gives undefined. */
export function createApp(
  deps: AppDeps,
  mounts: readonly Mount[] = [],
  fallback?: (request: Request) => Promise<Response | undefined>,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(requestLog(deps.log, deps.metrics));
  app.use(securityHeaders(deps.settings.publicUrl, deps.mediaServer?.publicUrl() ?? null));
  app.use('/api/*', async (c, next) => {
    await next();
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  });
  app.use('/api/*', corsByList(deps.corsOrigins ?? []));
  app.use('/api/*', deviceSeen(deps.calls));

  app.route('/', systemRoutes(deps));
  app.route('/api/media', mediaRoutes(deps));
  app.route('/api/auth', authRoutes(deps));
  app.route('/api/me', meRoutes(deps));
  app.route('/api/people', peopleRoutes(deps));
  app.route('/api/teams', teamRoutes(deps));
  app.route('/api/channels', channelRoutes(deps));
  app.route('/api/call-links', callLinkRoutes(deps));
  app.route('/api/invitations', invitationRoutes(deps));
  for (const { path, routes } of mounts) {
    app.use(`${path}/*`, authenticated(deps));
    app.route(path, routes);
  }

  app.notFound(async (c) => {
    // The upgrade is taken before a request comes here.
    if (c.req.path === '/api/realtime' && c.req.method === 'GET') {
      return problemResponse(new EdgeError('bad_request', { detail: 'Here is a WebSocket.' }), {
        upgrade: 'websocket',
      });
    }
    const allowed = methodsOf(c.req.path);
    if (allowed.length > 0) {
      return problemResponse(new EdgeError('method_not_allowed'), { allow: allowed.join(', ') });
    }
    const page = isServerPath(c.req.path) ? undefined : await fallback?.(c.req.raw);
    return page ?? problemResponse(new EdgeError('not_found'));
  });
  app.onError((error, c) => answerError(error, c, deps.log));
  return app;
}

const isServerPath = (path: string) => /^\/(?:api|health|metrics)(?:\/|$)/.test(path);

const PATTERNS = ROUTES.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/:[A-Za-z]+/g, '[^/]+')}$`),
}));

/** Methods that the address knows; empty where there is no such address. */
function methodsOf(path: string): string[] {
  return [...new Set(PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
}
