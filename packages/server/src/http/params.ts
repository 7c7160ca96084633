import { Cursor, type ErrorCode, Uuid } from '@parley/protocol';
import type { Context } from 'hono';
import { z } from 'zod';
import { EdgeError } from '../ports/edge-error.ts';

/** An id in the address, in lower case. @throws EdgeError `bad_id` */
export function uuidParam(c: Context, name: string): string {
  const parsed = Uuid.safeParse(c.req.param(name));
  if (!parsed.success) throw new EdgeError('bad_id');
  return parsed.data;
}

/** An id in a header, or null without it. @throws EdgeError with `code` where it is no UUID */
export function uuidHeader(c: Context, name: string, code: ErrorCode): string | null {
  const value = c.req.header(name);
  if (value === undefined) return null;
  const parsed = Uuid.safeParse(value);
  if (!parsed.success) throw new EdgeError(code);
  return parsed.data;
}

export const CursorQuery = z.strictObject({ cursor: Cursor.optional() });
