// The least that a relay of `ws` does: who is who, and a message passed on with its sender.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { WebSocketServer } = createRequire(new URL('../../../packages/server/package.json', import.meta.url))('ws');
/** @type {Map<string, import('ws').WebSocket>} */
const sockets = new Map();
const server = createServer();
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  let self = '';
  socket.on('close', () => sockets.delete(self));
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString());
    if (message.t === 'hello') {
      self = message.instanceId;
      sockets.set(self, socket);
      socket.send('{"t":"welcome"}');
    } else sockets.get(message.to)?.send(JSON.stringify({ ...message, to: undefined, from: { instanceId: self } }));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
