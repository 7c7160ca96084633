import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { serveSockets } from '../../src/node/sockets.ts';
import type { Hub } from '../../src/realtime/hub.ts';
import type { SocketLike } from '../../src/realtime/socket.ts';

it('compresses nothing, whatever a client offers, and knows where a socket comes from', async () => {
  const server = createServer();
  const connected: SocketLike[] = [];
  const hub: Pick<Hub, 'connect'> = {
    connect: (socket) => {
      connected.push(socket);
      return { message: () => undefined, closed: () => undefined };
    },
  };
  const sockets = serveSockets(server, {
    hub: () => hub as Hub,
    media: () => null,
    isOwn: () => true,
    stranger: () => undefined,
    addressOf: () => '203.0.113.7',
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}/api/realtime`, { perMessageDeflate: true });
  onTestFinished(async () => {
    client.terminate();
    await sockets.close(0);
    server.close();
  });
  await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
  // RFC 7692: what both agree upon is named in the answer.
  expect(client.extensions).toBe('');
  expect(connected.map(({ address }) => address)).toEqual(['203.0.113.7']);
});
