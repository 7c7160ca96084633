import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { which } from '../../tools/netlab/available.ts';

const READY_MS = 120_000;
const root = join(import.meta.dirname, '..', '..');

export interface Figures {
  readonly rss: number;
  /** What is left on the heap and beside it after a collection, in bytes. */
  readonly heap: number;
  readonly cpuMs: number;
}

/** A server as a process of its own, on one core (the first unless said), which says its address on a line. */
export class Child {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #waiting: ((figures: Figures) => void)[];

  private constructor(url: string, child: ChildProcess, waiting: ((figures: Figures) => void)[]) {
    this.url = url;
    this.#process = child;
    this.#waiting = waiting;
  }

  static async start(script: string, env: Record<string, string> = {}, core = 0): Promise<Child> {
    const hook = join(import.meta.dirname, 'servers', 'gc.mjs');
    const args = ['--expose-gc', '--no-warnings', '--import', hook, join(root, script)];
    const pinned = cpus().length > 1 && which('taskset') !== undefined;
    const [command, rest] = pinned
      ? ['taskset', ['-c', String(core % cpus().length), process.execPath, ...args]]
      : [process.execPath, args];
    const child = spawn(command, rest, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const waiting: ((figures: Figures) => void)[] = [];
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
    });
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${script} was not ready in time:\n${said}`)), READY_MS);
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code}:\n${said}`)));
      createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
        if (line.startsWith('bench ')) return waiting.shift()?.(JSON.parse(line.slice(6)) as Figures);
        const address = /https?:\/\/[^\s"]+/.exec(line)?.[0];
        if (address === undefined || line.startsWith('{')) return;
        clearTimeout(timer);
        resolve(address.replace(/\/$/, '').replace('localhost', '127.0.0.1'));
      });
    });
    return new Child(url, child, waiting);
  }

  /** After a collection. */
  figures(): Promise<Figures> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#process.kill('SIGUSR2');
    });
  }

  /** Time on the processor so far, all threads, in milliseconds. */
  async cpuMs(): Promise<number> {
    const stat = await readFile(`/proc/${this.#process.pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return ((fields[11] ?? 0) + (fields[12] ?? 0)) * 10;
  }

  /** At once, with everybody on it. */
  async kill(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(timer);
  }
}

/** Parley on a real Postgres, as it is run, without its limits. */
export const startParley = (env: Record<string, string>, core = 0): Promise<Child> =>
  Child.start(
    'packages/server/src/node/main.ts',
    {
      HOST: '127.0.0.1',
      PORT: '0',
      NODE_ENV: '',
      PARLEY_RATE_LIMITS: 'off',
      PARLEY_LIVEKIT: 'off',
      PARLEY_HEARTBEAT_MS: '10000',
      ...env,
    },
    core,
  );
