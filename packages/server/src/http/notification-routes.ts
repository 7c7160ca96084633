import { Hono } from 'hono';
import type { CallUseCases } from '../usecases/types.ts';

/** Mounted at `/api/notifications`. */
export function notificationRoutes(_deps: { readonly calls: CallUseCases }): Hono {
  return new Hono();
}
