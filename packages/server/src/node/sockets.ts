import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { MAX_FRAME_BYTES } from '@parley/protocol';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Hub } from '../realtime/hub.ts';
import type { SocketLike } from '../realtime/socket.ts';
import { mediaPathOf, passOn } from './sfu/proxy.ts';

const PATH = '/api/realtime';
/** A frame that is somewhat too large is answered with its code by the hub; a huge one is not even read (close code 1009). */
const MAX_PAYLOAD = 4 * MAX_FRAME_BYTES;
/** Bytes that may wait for a peer before its pings go unanswered: whoever pings without reading would fill the memory with pongs. */
const PONG_BUFFER = 65_536;
/** How long a peer may take to answer a close before its connection is cut, in milliseconds. */
const CLOSE_MS = 3_000;

/** Serves the realtime socket on an HTTP server. `hub` is undefined while the server starts. */
export function serveSockets(
  server: Server,
  options: {
    hub: () => Hub | undefined;
    /** Where sockets for our own media server go; null while it is not there. */
    media: () => URL | null;
    isOwn: (incoming: IncomingMessage) => boolean;
    /** A page that is not let in. */
    stranger: (incoming: IncomingMessage) => void;
    addressOf: (incoming: IncomingMessage) => string;
  },
): { close(graceMs: number): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: false,
    autoPong: false,
  });

  server.on('upgrade', (request, stream, head) => {
    stream.on('error', cut);
    const hub = options.hub();
    const path = request.url?.split('?', 1)[0];
    const isMedia = path !== undefined && mediaPathOf(path) !== null;
    if (path !== PATH && !isMedia) return refuse(stream, '404 Not Found');
    if (!options.isOwn(request)) {
      options.stranger(request);
      return refuse(stream, '403 Forbidden');
    }
    if (isMedia) {
      const target = options.media();
      if (target === null) return refuse(stream, '503 Service Unavailable');
      return passOn(target, request, stream, head);
    }
    if (hub === undefined) return refuse(stream, '503 Service Unavailable');
    const address = options.addressOf(request).slice(0, 64);
    sockets.handleUpgrade(request, stream, head, (socket) => serve(hub, socket, address));
  });

  return {
    async close(graceMs) {
      const farewells = [...sockets.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      const timer = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, graceMs);
      sockets.close();
      await Promise.all(farewells);
      clearTimeout(timer);
    },
  };
}

/**
 * Apart from the upgrade, whose request would be kept as long as the socket by any function that is made beside it: with its headers it is
 * a quarter of what a socket takes.
 */
function serve(hub: Hub, socket: WebSocket, address: string): void {
  const handle = hub.connect(new Wire(socket, address));
  socket.on('message', (data, isBinary) => {
    const bytes = bytesOf(data);
    handle.message(isBinary ? null : bytes.toString('utf8'), bytes.byteLength);
  });
  socket.on('ping', answerPing);
  socket.on('close', () => handle.closed());
  // The close event follows.
  socket.on('error', ignore);
}

class Wire implements SocketLike {
  readonly address: string;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket, address: string) {
    this.#socket = socket;
    this.address = address;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  close(code: number, reason: string): void {
    const socket = this.#socket;
    socket.close(code, reason);
    const timer = setTimeout(() => socket.terminate(), CLOSE_MS);
    socket.once('close', () => clearTimeout(timer));
  }
}

function cut(this: Duplex): void {
  this.destroy();
}

function answerPing(this: WebSocket, data: Buffer): void {
  if (this.bufferedAmount <= PONG_BUFFER) this.pong(data);
}

function ignore(): void {}

/** `ws` hands out a buffer of its own, which need not be copied; the other forms come only where they are asked for. */
function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
