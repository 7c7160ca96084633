import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';

/** Under which our own media server is found on this server's port: one port, one certificate, one origin for the browser. */
export const MEDIA_PATH = '/livekit';

/** What LiveKit's client asks for; its administration stays between the two servers. */
const OPEN = /^\/rtc(?:\/v1)?(?:\/validate)?$/;

/** @returns the path at the media server, or null where it is not for clients */
export function mediaPathOf(path: string): string | null {
  if (!path.startsWith(`${MEDIA_PATH}/`)) return null;
  const inner = path.slice(MEDIA_PATH.length);
  return OPEN.test(inner) ? inner : null;
}

/** Milliseconds in which the media server has to agree. */
const HANDSHAKE_MS = 5_000;

/** Of the headers those of the socket, and LiveKit's token: native clients send it so. What a proxy adds stays here. */
const KEPT = [
  'authorization',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
  'user-agent',
];

/** Hands a socket for the media server on to it, byte by byte, once that has agreed. Its tokens are its own business. */
export function passOn(target: URL, incoming: IncomingMessage, stream: Duplex, head: Buffer): void {
  const headers: Record<string, string> = { connection: 'Upgrade', upgrade: 'websocket', host: target.host };
  for (const name of KEPT) {
    const value = incoming.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  const outgoing = request({
    host: target.hostname,
    port: target.port,
    path: (incoming.url ?? '').slice(MEDIA_PATH.length) || '/',
    headers,
  });
  let open = false;
  const fail = () => {
    if (open) return stream.destroy();
    stream.end('HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    outgoing.destroy();
  };
  outgoing.on('error', fail);
  outgoing.on('response', (response) => {
    response.resume();
    stream.end(
      `HTTP/1.1 ${response.statusCode ?? 502} ${response.statusMessage ?? ''}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    );
  });
  // A media server that takes the connection and does not answer must not keep it.
  outgoing.setTimeout(HANDSHAKE_MS, fail);
  outgoing.on('upgrade', (response, upstream, rest) => {
    open = true;
    upstream.setTimeout(0);
    const lines = Object.entries(response.headers).map(([name, value]) => `${name}: ${String(value)}`);
    stream.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
    if (rest.length > 0) stream.write(rest);
    if (head.length > 0) upstream.write(head);
    const end = () => {
      upstream.destroy();
      stream.destroy();
    };
    for (const side of [upstream, stream]) {
      side.on('error', end);
      side.on('close', end);
    }
    upstream.pipe(stream);
    stream.pipe(upstream);
  });
  stream.on('close', () => outgoing.destroy());
  outgoing.end();
}
