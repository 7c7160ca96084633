import type { MiddlewareHandler } from 'hono';
import type { TokenVerifier } from '../ports/auth.ts';
import { EdgeError } from '../ports/edge-error.ts';
import type { AppEnv } from './env.ts';

/** Lets nobody past without a valid access token; leaves `c.var.principal`. */
export function authenticated(deps: { readonly verifier: TokenVerifier }): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.set('principal', await deps.verifier.verify(bearer(c.req.header('authorization'))));
    await next();
  };
}

/** @throws EdgeError `unauthenticated` where no token was brought (another scheme has none), `token_invalid` for no form of one */
export function bearer(header: string | undefined): string {
  if (header === undefined || !/^\s*Bearer\s+\S/i.test(header)) throw new EdgeError('unauthenticated');
  const match = /^Bearer +([A-Za-z0-9._~+/=-]{1,4096})$/i.exec(header.trim());
  if (match?.[1] === undefined) throw new EdgeError('token_invalid');
  return match[1];
}
