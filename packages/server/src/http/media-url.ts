import type { Context } from 'hono';

/**
 * An address of the media server that is a path lies on this server, under whatever name the client has for it: nobody said what
 * the public address is. The page knows whether it came over TLS, which a proxy may have ended.
 */
export function absoluteMediaUrl(c: Context, url: string | null): string | null {
  if (!url?.startsWith('/')) return url;
  const asked = new URL(c.req.url);
  const origin = c.req.header('origin');
  const page = origin !== undefined && URL.canParse(origin) ? new URL(origin) : null;
  const base = page?.host === asked.host ? page : asked;
  return `${base.protocol === 'https:' ? 'wss' : 'ws'}://${base.host}${url}`;
}
