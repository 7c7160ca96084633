import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './cluster.ts';
import { until } from './until.ts';

/** Why there is none of one's own to be had; null where there is. */
export const redisServerLack: string | null = (() => {
  try {
    execFileSync('redis-server', ['--version']);
    return null;
  } catch {
    return 'redis-server is not installed';
  }
})();

/** A Redis of a test's own, to be ill-treated. It keeps nothing: what was in it is gone with its process. */
export class OwnRedis {
  readonly url: string;
  readonly #port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'parley-redis-'));
  #process: ChildProcess | null = null;

  private constructor(port: number) {
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start(): Promise<OwnRedis> {
    const redis = new OwnRedis(await freePort());
    await redis.start();
    return redis;
  }

  async start(): Promise<void> {
    const args = ['--port', String(this.#port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#process = spawn('redis-server', [...args, '--dir', this.#folder], { stdio: 'ignore' });
    // Killed later it ends too, which is no error then.
    const ended = once(this.#process, 'exit').then(() => Promise.reject(new Error('redis-server has ended')));
    ended.catch(() => undefined);
    await Promise.race([ended, until('redis-server', () => this.#answers(), true)]);
  }

  /** Of its process; 0 where it has ended. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  async #answers(): Promise<boolean> {
    const socket = createConnection({ host: '127.0.0.1', port: this.#port });
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return open;
  }

  /** As a pulled plug. */
  async kill(): Promise<void> {
    const process = this.#process;
    this.#process = null;
    if (!process || process.exitCode !== null) return;
    const exit = once(process, 'exit');
    process.kill('SIGKILL');
    await exit;
  }

  /** It hangs: connections stand, and nothing is answered. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Runs and answers, whatever a test that failed has left behind. */
  async restore(): Promise<void> {
    if (this.#process === null) await this.start();
    else this.thaw();
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
