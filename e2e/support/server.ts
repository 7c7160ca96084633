import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

type Options = {
  dataDir: string;
  /** Beyond those that every test has. */
  env?: Record<string, string>;
  /** A free one unless said. */
  port?: string;
  /** How long it may take to be ready: a minute unless said. */
  readyWithinMs?: number;
  /** How to start a program where the server shall run: on this machine unless said. */
  spawn?: (command: string, args: string[], options: SpawnOptions) => ChildProcess;
};

/** A Parley of its own for one test, run from source as `npm start` runs it. */
export class ParleyServer {
  readonly #options: Options;
  #child: ChildProcess;
  #url = '';
  #output = '';

  private constructor(options: Options, child: ChildProcess) {
    this.#options = options;
    this.#child = child;
  }

  static async start(options: Options): Promise<ParleyServer> {
    const server = new ParleyServer(options, spawnServer(options, options.port ?? '0'));
    await server.#ready();
    return server;
  }

  /** Where it listens, without a slash at the end. */
  get url(): string {
    return this.#url;
  }

  /** Of its process. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** All it has written since the test began. */
  get output(): string {
    return this.#output;
  }

  async #ready(): Promise<void> {
    const child = this.#child;
    const { readyWithinMs = 60_000 } = this.#options;
    const before = this.#output.length;
    this.#url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`The server was not ready within ${readyWithinMs} ms:\n${this.#output}`));
      }, readyWithinMs);
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        const address = /^[^{\n]*(https?:\/\/[^\s"]+)/m.exec(this.#output.slice(before))?.[1];
        if (!address) return;
        clearTimeout(timer);
        resolve(address.replace(/\/$/, ''));
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`The server ended with ${code}:\n${this.#output}`));
      });
    });
  }

  /** As a power cut ends it: nothing is written, nobody is told. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** On the port and the data that it had. */
  async restart(): Promise<void> {
    this.#child = spawnServer(this.#options, new URL(this.#url).port);
    await this.#ready();
  }

  /** @returns its exit status */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exit = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await exit;
    clearTimeout(timer);
    return child.exitCode;
  }
}

function spawnServer({ dataDir, env, spawn: start = spawn }: Options, port: string): ChildProcess {
  const bundled = join(root, 'node_modules/.bin/node');
  return start(existsSync(bundled) ? bundled : process.execPath, [join(root, 'packages/server/src/node/main.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_ENV: '',
      HOST: '127.0.0.1',
      PORT: port,
      PARLEY_DEMO: '1',
      PARLEY_DATA_DIR: dataDir,
      PARLEY_WEB_DIR: join(root, 'apps/app/dist'),
      // Everybody here comes from one address, and one pair calls again and again.
      PARLEY_RATE_LIMITS: 'off',
      // A media server is started for those that make group calls.
      PARLEY_LIVEKIT: 'off',
      ...env,
    },
  });
}
