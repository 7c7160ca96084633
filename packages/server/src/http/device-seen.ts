import { Uuid } from '@parley/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import type { Principal } from '../ports/auth.ts';
import type { CallUseCases } from '../usecases/types.ts';
import type { AppEnv } from './env.ts';

/**
 * Any authenticated request that names its device is a sign of life of it, written down at most three times in a lease.
 * It counts once the request has been answered: what was due by then has been applied first.
 */
export function deviceSeen({ seen }: Pick<CallUseCases, 'seen'>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    const principal = c.get('principal') as Principal | undefined;
    const deviceId = header(c, 'X-Device-Id');
    if (!principal || deviceId === null) return;
    const { userId, isAnonymous } = principal;
    // A sign of life that got lost is no reason to fail what was asked.
    await seen({ userId, isAnonymous, deviceId, instanceId: header(c, 'X-Instance-Id') ?? deviceId }).catch(() => {});
  };
}

function header(c: Context, name: string): string | null {
  return Uuid.safeParse(c.req.header(name)).data ?? null;
}
