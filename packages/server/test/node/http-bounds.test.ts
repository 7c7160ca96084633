import { createConnection, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeServer, HTTP_BOUNDS, listen } from '../../src/node/http-server.ts';

/** The same bounds with shorter times. */
const BOUNDS = { ...HTTP_BOUNDS, headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 };

describe('a connection that takes more than its share', () => {
  let port: number;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const answer = async (request: Request) => new Response(String((await request.arrayBuffer()).byteLength));
    const listening = await listen({ host: '127.0.0.1', port: 0 }, () => answer, BOUNDS);
    port = listening.port;
    close = () => closeServer(listening.server, 100);
  });
  afterAll(() => close());

  /** Writes, and resolves with everything that came when the server has closed. */
  const talk = (write: (socket: Socket) => void) =>
    new Promise<string>((resolve) => {
      const socket = createConnection({ port, host: '127.0.0.1' });
      let came = '';
      socket.on('data', (chunk) => {
        came += chunk.toString();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(came));
      socket.on('connect', () => write(socket));
    });
  const ask = async () => (await fetch(`http://127.0.0.1:${port}/`)).status;

  it('is cut when its headers do not end', async () => {
    const cut = talk((socket) => socket.write('GET / HTTP/1.1\r\nhost: x\r\nx-slow: '));
    expect(await ask()).toBe(200);
    expect(await cut).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('is cut when its body trickles', async () => {
    const cut = talk((socket) => {
      socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n');
      const timer = setInterval(() => socket.write('a'), 50);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await ask()).toBe(200);
    expect(await cut).not.toMatch(/^HTTP\/1\.1 200 /);
  });

  it('is refused an address or headers over 16 KiB', async () => {
    const long = 'x'.repeat(HTTP_BOUNDS.maxHeaderSize);
    expect(await talk((socket) => socket.write(`GET /${long} HTTP/1.1\r\nhost: x\r\n\r\n`))).toMatch(/ 431 /);
    expect(await talk((socket) => socket.write(`GET / HTTP/1.1\r\nhost: x\r\na: ${long}\r\n\r\n`))).toMatch(/ 431 /);
    expect(await ask()).toBe(200);
  });

  it('is refused what is no HTTP, or two ways to say where a body ends', async () => {
    expect(await talk((socket) => socket.write('\x16\x03\x01\x02\x00\r\n\r\n'))).toMatch(/ 400 /);
    const smuggled = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(await talk((socket) => socket.write(smuggled))).toMatch(/ 400 /);
    expect(await ask()).toBe(200);
  });
});
