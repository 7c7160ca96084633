import { createConnection } from 'node:net';
import { describeNeeding } from './needing.ts';

export const redisUrl = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';

const { hostname, port } = new URL(redisUrl);
/** Why there is none; null where there is one. */
export const redisLack = await new Promise<string | null>((resolve) => {
  const socket = createConnection({ host: hostname, port: Number(port || 6379), timeout: 2_000 });
  socket.on('connect', () => {
    socket.destroy();
    resolve(null);
  });
  socket.on('timeout', () => resolve('nobody answers'));
  socket.on('error', (error) => resolve(error.message));
});

/** A suite that wants a real Redis. */
export function withRedis(title: string, suite: () => void): void {
  const need = { what: 'a Redis', lack: redisLack, hint: 'Set TEST_REDIS_URL to run it.' };
  describeNeeding(need, title, suite);
}
