import { base64url } from 'jose';
import type { z } from 'zod';
import { EdgeError } from '../ports/edge-error.ts';

/** A cursor is opaque to clients: where a page ended, as JSON in base64url. */
function encodeCursor(position: readonly string[]): string {
  return base64url.encode(JSON.stringify(position));
}

/** @throws EdgeError `bad_request` for a cursor that was not made here */
export function decodeCursor<T>(cursor: string | undefined, schema: z.ZodType<T>): T | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(base64url.decode(cursor))));
  } catch (cause) {
    throw new EdgeError('bad_request', { errors: [{ path: 'cursor', message: 'not a cursor' }], cause });
  }
}

/** One page of at most `size` out of `size + 1` rows that were read. */
export function toPage<T>(
  rows: readonly T[],
  size: number,
  position: (last: T) => readonly string[],
): { items: T[]; nextCursor: string | null } {
  const items = rows.slice(0, size);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > size && last !== undefined ? encodeCursor(position(last)) : null };
}
