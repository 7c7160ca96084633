import { z } from 'zod';

/** UUID in any case on the way in, lower case from there on. */
export const Uuid = z
  .string()
  .regex(/^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/, 'not a UUID')
  .toLowerCase();

/** RFC 3339 in UTC with milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 });

export const Cursor = z.string().min(1).max(200);
/** What a database can keep: Postgres has no null character in a text. */
export const Text = z.string().refine((text) => !text.includes('\0'), 'a null character');
/** What people write of themselves or their teams: trimmed, no control characters. */
export const Name = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}]*$/u, 'control characters');
export const Email = z.email().max(254).toLowerCase();
/** Length as OWASP advises: at least 8, and a bound that keeps hashing cheap. */
export const Password = z.string().min(8).max(128);

export const page = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
