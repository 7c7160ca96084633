import { mediaPathOf } from './proxy.ts';

/** Milliseconds for which the media server may think about a token. */
const TIMEOUT_MS = 5_000;

/**
 * Where a socket was refused, LiveKit's client asks over HTTP why: that, and nothing else, goes on to our own media server.
 * @returns undefined for every other address
 */
export function whyRefused(target: () => URL | null): (request: Request) => Promise<Response | undefined> {
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const path = mediaPathOf(pathname);
    if (request.method !== 'GET' || path === null) return undefined;
    const to = target();
    if (to === null) return new Response('starting', { status: 503 });
    const authorization = request.headers.get('authorization');
    const answer = await fetch(new URL(path + search, to), {
      headers: authorization === null ? {} : { authorization },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => null);
    if (answer === null) return new Response('away', { status: 503 });
    return new Response(await answer.text(), { status: answer.status, headers: { 'content-type': 'text/plain' } });
  };
}
