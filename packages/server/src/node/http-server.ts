import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { problemResponse } from '../http/problems.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { codeOf } from './data-lock.ts';
import { Stop } from './stop.ts';

/** What one connection may take of the server, times in milliseconds; Node's own bounds are minutes and 2000 headers. */
export const HTTP_BOUNDS = {
  /** From the first byte to the end of the headers. */
  headersTimeout: 10_000,
  /** From the first byte to the end of the body: 64 KiB at most. */
  requestTimeout: 30_000,
  /** Longer than that of common proxies, so that they do not send into a connection that closes. */
  keepAliveTimeout: 65_000,
  /** How often the first two are looked at. */
  connectionsCheckingInterval: 2_000,
  /** Bytes of the request's first line and headers. */
  maxHeaderSize: 16_384,
  maxHeadersCount: 100,
} as const;

type Fetch = (request: Request, env: object) => Response | Promise<Response>;

/**
 * Listens at once, so that a port in use is told before the database is opened. `fetch` is undefined until the server is ready.
 * @throws Stop where the address cannot be had
 */
export async function listen(
  address: { host: string; port: number },
  fetch: () => Fetch | undefined,
  bounds: Readonly<Record<keyof typeof HTTP_BOUNDS, number>> = HTTP_BOUNDS,
): Promise<{ server: Server; port: number }> {
  const listener = getRequestListener(
    (request, env) => {
      const answer = fetch();
      return answer === undefined ? starting() : answer(request, env);
    },
    { overrideGlobalObjects: false, errorHandler: () => problemResponse(new EdgeError('bad_request')) },
  );
  const { maxHeadersCount, ...timesAndSizes } = bounds;
  const server = createServer(timesAndSizes, (incoming, outgoing) => void listener(incoming, outgoing));
  server.maxHeadersCount = maxHeadersCount;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, address)));
    server.listen(address.port, address.host, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** Ends what runs: new connections are refused, idle ones closed, and what hangs is cut after the grace. */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function starting(): Response {
  return new Response('The server is starting.', {
    status: 503,
    headers: { 'retry-after': '1', 'content-type': 'text/plain', 'cache-control': 'no-store' },
  });
}

function explain(error: Error, { host, port }: { host: string; port: number }): Error {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new Stop(`Port ${port} is in use on ${host}; choose another with PORT.`);
    case 'EACCES':
      return new Stop(`Port ${port} may not be used by this user; choose one above 1023 with PORT.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Stop(`HOST is ${host}, which is no address of this machine.`);
    default:
      return error;
  }
}
