import type { IncomingMessage } from 'node:http';
import type { Logger } from '../ports/logger.ts';
import type { Config } from './config.ts';

/** Address of the client: the peer's, or what the outermost of our trusted proxies saw. */
export function clientAddress(incoming: IncomingMessage, trustedProxies: number): string {
  const peer = incoming.socket.remoteAddress ?? '';
  if (trustedProxies === 0) return peer;
  const header = incoming.headers['x-forwarded-for'];
  const chain = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return chain.at(-trustedProxies) ?? chain[0] ?? peer;
}

/** Under which the program is reached from this machine. */
export function localUrl(config: Config, port: number): string {
  const everywhere = config.host === '0.0.0.0' || config.host === '::';
  const host = config.loopback || everywhere ? 'localhost' : config.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** So many strange origins are told of: whoever makes them up fills no log. */
const MOST_TOLD = 20;

/**
 * Says once of each page that was not let in which setting would let it: it only sees that nothing comes, since browsers do not tell pages
 * why a socket was refused.
 */
export function strangerTeller(log: Pick<Logger, 'warn'>): (incoming: IncomingMessage) => void {
  const told = new Set<string>();
  return ({ headers: { origin = '' } }) => {
    if (told.has(origin) || told.size >= MOST_TOLD) return;
    told.add(origin);
    log.warn(
      { origin: origin.slice(0, 200) },
      'a page of another address was refused its socket: see PUBLIC_URL and PARLEY_CORS_ORIGINS',
    );
  };
}

/**
 * Whether a page of this origin may open the socket. No origin at all is a native app. Where nobody said what the public address
 * is, a page that was served under the same host is our own.
 */
export function ownOrigin(config: Config, port: number): (incoming: IncomingMessage) => boolean {
  const own = new Set(config.publicUrl === null ? [] : [config.publicUrl]);
  for (const origin of config.corsOrigins) own.add(origin);
  if (config.loopback) {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) own.add(`http://${host}:${port}`);
  }
  return ({ headers }) => {
    const { origin, host } = headers;
    if (origin === undefined || own.has(origin)) return true;
    if (config.publicUrl !== null || config.loopback || host === undefined) return false;
    return origin === `http://${host}` || origin === `https://${host}`;
  };
}
