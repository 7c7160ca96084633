import { ClientMessage } from '@parley/protocol';
import { ADA, ADA_AT, registerSignallingTransportSuite, welcomeFor } from '@parley/testing';
import { vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../src/browser/platform.ts';
import { webSocketConnector } from '../src/ports/socket.ts';
import { WebSocketTransport } from '../src/transport/websocket-transport.ts';

registerSignallingTransportSuite('WebSocketTransport over a real socket', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const received: ClientMessage[] = [];
  const greeted = new Set<WebSocket>();
  let current: WebSocket | null = null;
  let greetings = 0;
  const greet = (socket: WebSocket) => {
    greetings -= 1;
    greeted.add(socket);
    current = socket;
    socket.send(JSON.stringify(welcomeFor(ADA, ADA_AT)));
  };
  const waiting: WebSocket[] = [];
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const message = ClientMessage.parse(JSON.parse(String(data)));
      if (message.t !== 'hello') received.push(message);
      else if (greetings > 0) greet(socket);
      else waiting.push(socket);
    });
  });
  const transport = new WebSocketTransport({
    url: `ws://127.0.0.1:${port}/api/realtime`,
    connect: webSocketConnector(globalThis.WebSocket),
    clock: systemClock,
    random: () => 0.1,
    hello: async () => ({ t: 'hello', v: 1, token: 'token', ...ADA_AT }),
    flowing: () => [],
    onStopped: () => undefined,
  });
  return {
    transport,
    letIn: async () => {
      greetings += 1;
      const open = waiting.splice(0).filter((socket) => socket.readyState === socket.OPEN);
      const last = open.at(-1);
      if (last) greet(last);
    },
    cut: async () => current?.terminate(),
    say: (message) => current?.send(JSON.stringify(message)),
    received: () => received,
    until: (condition, what) =>
      vi.waitFor(
        () => {
          if (!condition()) throw new Error(`did not come about: ${what}`);
        },
        { timeout: 5_000, interval: 5 },
      ),
    dispose: async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
});
