import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { MemorySocket } from './memory-socket.ts';

/** A socket over the network; the test reads and writes it as one in memory. */
export async function openLive(
  url: string,
  who: { readonly token: string; readonly deviceId?: string; readonly instanceId?: string },
): Promise<MemorySocket> {
  const live = new WebSocket(`${url.replace(/^http/, 'ws')}/api/realtime`);
  const socket = new MemorySocket();
  socket.attach({
    message: (text) => live.send(text ?? ''),
    closed: () => live.terminate(),
  });
  live.on('message', (data) => {
    const text = String(data);
    const message: unknown = JSON.parse(text);
    // Whoever is there answers pings.
    if (typeof message === 'object' && message !== null && 't' in message && message.t === 'ping' && 'n' in message) {
      live.send(JSON.stringify({ t: 'pong', n: message.n }));
    }
    socket.send(text);
  });
  live.on('close', (code, reason) => socket.close(code, String(reason)));
  live.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    live.once('open', resolve);
    live.once('error', reject);
  });
  const { token, deviceId = randomUUID(), instanceId = randomUUID() } = who;
  socket.say({ t: 'hello', v: 1, token, deviceId, instanceId });
  await socket.next('welcome');
  return socket;
}
