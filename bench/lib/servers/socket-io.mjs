// The same relay on Socket.IO, with its WebSocket transport alone.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const server = createServer();
const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false });
io.on('connection', (socket) => {
  socket.on('hello', ({ instanceId }, done) => {
    socket.data.self = instanceId;
    void socket.join(instanceId);
    done();
  });
  socket.on('relay', (message) =>
    io.to(message.to).emit('relay', { ...message, from: { instanceId: socket.data.self } }),
  );
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
