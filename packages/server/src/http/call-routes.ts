import { Hono } from 'hono';
import type { CallUseCases } from '../usecases/types.ts';

/** Mounted at `/api/calls`. */
export function callRoutes(_deps: { readonly calls: CallUseCases }): Hono {
  return new Hono();
}
