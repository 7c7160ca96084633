import type { Context } from 'hono';
import type { z } from 'zod';
import { EdgeError } from '../ports/edge-error.ts';
import { checked } from '../usecases/parse-command.ts';

/** Largest body of a request, in bytes. */
const MAX_BODY_BYTES = 65_536;

/**
 * The body, parsed and checked. Where the schema takes an empty object, no body at all will do.
 * @throws EdgeError `body_too_large`, `unsupported_media_type`, `bad_json` or `bad_request`
 */
export async function parseBody<S extends z.ZodType>(c: Context, schema: S): Promise<z.infer<S>> {
  const bytes = await readBody(c.req.raw);
  if (bytes.byteLength === 0) return check(schema, {}, c);
  requireJson(c);
  return check(schema, parseJson(bytes), c);
}

/**
 * The body as it is, of one of these types.
 * @throws EdgeError `unsupported_media_type`, or `body_too_large` beyond `most` bytes
 */
export async function parseBytes<T extends string>(
  c: Context,
  types: readonly T[],
  most: number,
): Promise<{ type: T; bytes: Uint8Array<ArrayBuffer> }> {
  const type = types.find((one) => one === (c.req.header('content-type') ?? '').trim().toLowerCase());
  if (type === undefined) throw new EdgeError('unsupported_media_type');
  return { type, bytes: await readBody(c.req.raw, most) };
}

/**
 * The query, checked; a parameter that is given twice counts once, with its first value, and one that is empty
 * (`?cursor=`) is not given.
 */
export function parseQuery<S extends z.ZodType>(c: Context, schema: S): z.infer<S> {
  const given = Object.entries(c.req.query()).filter(([, value]) => value !== '');
  return checked(schema, Object.fromEntries(given));
}

function check<S extends z.ZodType>(schema: S, input: unknown, c: Context): z.infer<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  // Without a body the schema's complaint would be about fields; if none was declared either, JSON was not even tried.
  if (c.req.header('content-type') !== undefined) requireJson(c);
  return checked(schema, input);
}

function requireJson(c: Context): void {
  const type = (c.req.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new EdgeError('unsupported_media_type');
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new EdgeError('bad_json', { cause });
  }
}

/**
 * Counts while it reads: a chunked body tells no length beforehand.
 * @throws EdgeError `body_too_large` beyond `most` bytes
 */
export async function readBody(request: Request, most = MAX_BODY_BYTES): Promise<Uint8Array<ArrayBuffer>> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > most) throw new EdgeError('body_too_large');
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.byteLength;
    if (size > most) {
      reader.cancel().catch(() => undefined);
      throw new EdgeError('body_too_large');
    }
    chunks.push(next.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
