import type { MiddlewareHandler } from 'hono';
import type { CallUseCases } from '../usecases/types.ts';
import { actorOf } from './call-routes.ts';
import type { AppEnv } from './env.ts';

/**
 * Any authenticated request that names its device is a sign of life of it. Written down at most three times in a lease.
 * Comes after `authenticated`.
 */
export function deviceSeen({ calls }: { readonly calls: CallUseCases }): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await calls.seen(actorOf(c, 'optional'));
    await next();
  };
}
