import { createConnection } from 'node:net';
import { describe, it } from 'vitest';

export const redisUrl = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';

const { hostname, port } = new URL(redisUrl);
const missing = await new Promise<string | null>((resolve) => {
  const socket = createConnection({ host: hostname, port: Number(port || 6379), timeout: 2_000 });
  socket.on('connect', () => {
    socket.destroy();
    resolve(null);
  });
  socket.on('timeout', () => resolve('nobody answers'));
  socket.on('error', (error) => resolve(error.message));
});

/** A suite that wants a real Redis. Without one it fails under CI, and is skipped elsewhere with the reason printed. */
export function withRedis(title: string, suite: () => void): void {
  if (missing === null) {
    describe(title, suite);
  } else if (process.env.CI === 'true') {
    it(`${title}: a Redis is there`, () => {
      throw new Error(`No Redis for the tests: ${missing}`);
    });
  } else {
    console.warn(`Skipped ${title}: ${missing}. Set TEST_REDIS_URL to run it.`);
    describe.skip(title, suite);
  }
}
