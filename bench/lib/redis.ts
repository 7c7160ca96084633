import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { which } from '../../tools/netlab/available.ts';

const READY_MS = 15_000;

export interface BenchRedis {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Why there is none, in a sentence. */
export const redisLack = (): string | undefined =>
  which('redis-server') ? undefined : 'no redis-server: install it for two nodes';

/** A Redis of the bench's own, that keeps nothing: what goes through anybody else's would be heard by our nodes. */
export async function startRedis(): Promise<BenchRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = spawn(which('redis-server') ?? 'redis-server', args, { stdio: 'ignore' });
  let failed: Error | undefined;
  child.once('error', (error) => {
    failed = error;
  });
  child.once('exit', (code) => {
    failed ??= new Error(`redis-server ended with ${code}.`);
  });
  const stop = async () => {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  const end = Date.now() + READY_MS;
  while (!(await answers(port))) {
    if (failed || Date.now() > end) {
      await stop();
      throw failed ?? new Error(`redis-server was not ready within ${READY_MS} ms.`);
    }
    await pause(20);
  }
  return { url: `redis://127.0.0.1:${port}`, pid: child.pid ?? 0, stop };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const done = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
