import type { z } from 'zod';

/**
 * What a schema has against an input: where, and what it wants, never what was sent. The library would say the names of fields
 * that it does not know, which were sent as well.
 */
export function inputErrors(error: z.ZodError): { path: string; message: string }[] {
  return error.issues.slice(0, 10).map((issue) => ({
    path: issue.path.join('.').slice(0, 200),
    message: issue.code === 'unrecognized_keys' ? 'a field that is unknown here' : issue.message.slice(0, 200),
  }));
}
