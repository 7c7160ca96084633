/*
 * What the hosts of a test run. `serve` answers each UDP packet with itself; `ping ADDRESS COUNT` sends one every 20 ms
 * and prints each round trip as a JSON line {"number","ms"}; it ends 1.5 s after the last, or with the last answer.
 */
import { createSocket } from 'node:dgram';

const port = 7007;
const [mode, address = '', count = '0'] = process.argv.slice(2);
const socket = createSocket('udp4');

function ping(wanted: number): void {
  const sentAt: number[] = [];
  let answered = 0;
  socket.on('message', (message) => {
    const number = message.readUInt32BE();
    process.stdout.write(`${JSON.stringify({ number, ms: performance.now() - (sentAt[number] ?? Number.NaN) })}\n`);
    answered += 1;
    if (answered === wanted) socket.close();
  });
  const timer = setInterval(() => {
    const message = Buffer.alloc(100);
    message.writeUInt32BE(sentAt.length);
    sentAt.push(performance.now());
    socket.send(message, port, address);
    if (sentAt.length < wanted) return;
    clearInterval(timer);
    setTimeout(() => process.exit(), 1500);
  }, 20);
  socket.on('close', () => process.exit());
}

if (mode === 'serve') {
  socket.on('message', (message, from) => socket.send(message, from.port, from.address));
  socket.bind(port, () => process.stdout.write('listening\n'));
} else {
  ping(Number(count));
}
