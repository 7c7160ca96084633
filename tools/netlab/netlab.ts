import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { which, whyNot } from './available.ts';
import { build } from './build.ts';
import { Control, type Forgery, type LabHost, type LabStats, type LinkSettings, type LinkStats } from './control.ts';

export type { LabStats, LinkSettings, LinkStats } from './control.ts';

export type HostChoice = string | { name: string; address: string };
export type LabOptions = {
  /** The first three numbers of the addresses that hosts without one of their own get: `10.77.0`. */
  network?: string;
  /** After that the lab takes itself down, whatever became of the test. 600 000 unless set. */
  lifetimeMs?: number;
  /** Of every device: 1500 unless set. */
  mtu?: number;
};
export type ExecResult = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

/** Hosts on one machine, each in a network namespace of its own, and the links between them. */
export class Netlab {
  readonly #control: Control;
  readonly #hosts: Map<string, LabHost>;
  readonly #ip: string;
  #folder: Promise<string> | undefined;
  readonly #programs = new Set<ChildProcess>();
  #scripts = 0;

  private constructor(control: Control, hosts: LabHost[], ip: string) {
    this.#control = control;
    this.#hosts = new Map(hosts.map((host) => [host.name, host]));
    this.#ip = ip;
  }

  /** Whether a lab can be had here, and if not, why, in one sentence for people. */
  static available(): { ok: true } | { ok: false; why: string } {
    const why = whyNot();
    return why === undefined ? { ok: true } : { ok: false, why };
  }

  /** Builds the lab's program, which takes a minute on a busy machine the first time: `start` does it too. */
  static async prepare(): Promise<void> {
    await build();
  }

  /**
   * Starts a lab whose links are all perfect.
   * @throws Error with the sentence of `available()`, or when the program could not be built or started
   */
  static async start(hosts: readonly HostChoice[], options: LabOptions = {}): Promise<Netlab> {
    const why = whyNot();
    const ip = which('ip');
    if (why !== undefined || !ip) throw new Error(why ?? 'There is no ip.');
    const network = options.network ?? '10.77.0';
    const list = hosts.map((host, index) =>
      typeof host === 'string' ? `${host}=${network}.${index + 1}` : `${host.name}=${host.address}`,
    );
    const lifetime = `${options.lifetimeMs ?? 600_000}ms`;
    const args = ['-hosts', list.join(','), '-lifetime', lifetime, '-mtu', String(options.mtu ?? 1500)];
    const control = new Control(await build(), args);
    return new Netlab(control, await control.ready, ip);
  }

  /** The process that forwards the packets. */
  get pid(): number | undefined {
    return this.#control.pid;
  }

  address(host: string): string {
    return this.#host(host).address;
  }

  namespace(host: string): string {
    return this.#host(host).namespace;
  }

  /**
   * Changes what is named, in both directions, from now on; what is not named stays.
   * @throws Error when there are no such hosts or a value is out of its range
   */
  async link(a: string, b: string, settings: LinkSettings): Promise<void> {
    await this.#control.ask({ op: 'link', from: a, to: b, both: true, set: settings });
  }

  /** As `link`, for the packets from `from` to `to` alone. */
  async oneWay(from: string, to: string, settings: LinkSettings): Promise<void> {
    await this.#control.ask({ op: 'link', from, to, both: false, set: settings });
  }

  /** As `link`, for all links of a host: `{ down: true }` takes it off the net. */
  async allLinks(host: string, settings: LinkSettings): Promise<void> {
    const others = [...this.#hosts.keys()].filter((name) => name !== host);
    await Promise.all(others.map((other) => this.link(host, other, settings)));
  }

  async stats(): Promise<LabStats> {
    const { stats } = await this.#control.ask({ op: 'stats' });
    return stats ?? { links: [], unroutable: 0 };
  }

  /** What went from `from` to `to` since the start. */
  async linkStats(from: string, to: string): Promise<LinkStats> {
    const found = (await this.stats()).links.find((link) => link.from === from && link.to === to);
    if (!found) throw new Error(`There is no link from ${from} to ${to}.`);
    return found;
  }

  /**
   * Sends a packet in the name of a host, as somebody on the path could. Resolves when the last one is on the link.
   * @throws Error when there is no such link or the packet is out of its bounds
   */
  async forge(from: string, to: string, { payload, times = 1, ...ports }: Forgery): Promise<void> {
    const forge = { ...ports, times, payload: Buffer.from(payload).toString('base64') };
    await this.#control.ask({ op: 'forge', from, to, forge });
  }

  /** Starts a program on a host. Signals reach it directly; the lab's end is its end. */
  spawn(host: string, command: string, args: readonly string[] = [], options: SpawnOptions = {}): ChildProcess {
    const child = spawn(this.#ip, ['netns', 'exec', this.namespace(host), command, ...args], options);
    this.#programs.add(child);
    child.once('exit', () => this.#programs.delete(child));
    return child;
  }

  /**
   * Runs a program on a host to its end, or kills it after `timeoutMs` (30 000).
   * @returns whatever it ended with: a status other than 0 is no error here
   */
  exec(
    host: string,
    command: string,
    args: readonly string[] = [],
    { timeoutMs = 30_000, env }: { timeoutMs?: number; env?: NodeJS.ProcessEnv } = {},
  ): Promise<ExecResult> {
    const child = this.spawn(host, command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      ...(env ? { env } : {}),
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    }
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal, ...output }));
    });
  }

  /** A script that is the program, on that host: for whoever takes nothing but a path, as browsers' drivers do. */
  async executable(host: string, command: string): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'netlab-'));
    this.#scripts += 1;
    const path = join(await this.#folder, `${host}-${this.#scripts}`);
    const script = `#!/bin/sh\nexec '${this.#ip}' netns exec '${this.namespace(host)}' '${command}' "$@"\n`;
    await writeFile(path, script, { mode: 0o755 });
    return path;
  }

  /** Ends what runs on the hosts and removes them. May be called again. */
  async stop(): Promise<void> {
    await this.#control.stop();
    // One that had not come into its namespace yet was not found there.
    for (const child of this.#programs) child.kill('SIGKILL');
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
  }

  #host(name: string): LabHost {
    const host = this.#hosts.get(name);
    if (!host) throw new Error(`The lab has no host ${name}.`);
    return host;
  }
}
