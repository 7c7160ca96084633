import type { Principal } from '../ports/auth.ts';

/** What the middleware leaves for the handlers: `c.var.principal` after `authenticated(deps)`. */
export interface AppEnv {
  Variables: { principal: Principal; requestId: string };
}
