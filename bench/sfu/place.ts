import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../../packages/server/src/node/sfu/ports.ts';
import { which } from '../../tools/netlab/available.ts';
import { KEYS, ourConfig, startMediaServer } from '../lib/media-server.ts';

const HOST = '127.0.0.1';
const READY_MS = 30_000;

/** Where it is, for whoever goes there. */
export interface Reached {
  readonly api: string;
  readonly url: string;
  readonly pid: number;
}

/** A LiveKit of the bench's own on this machine, on the first core. */
export interface MediaPlace extends Reached {
  stop(): Promise<void>;
}

/**
 * As LiveKit runs with nothing but keys and a port (its config-sample.yaml), and what it takes to be reached on the loopback interface:
 * each person gets ports of their own, and rooms come about by whoever enters.
 */
const stockConfig = (http: number, tcp: number): object => ({
  port: http,
  bind_addresses: [HOST],
  rtc: {
    tcp_port: tcp,
    node_ip: HOST,
    use_external_ip: false,
    enable_loopback_candidate: true,
    interfaces: { includes: ['lo'] },
  },
  keys: { [KEYS.key]: KEYS.secret },
});

/** LiveKit's own, for people who get ports of their own. */
const RANGE = { from: 50_000, to: 60_000 };

export type Kind = 'ours' | 'ours, a port for each' | 'stock';

export async function openMediaPlace(kind: Kind): Promise<MediaPlace> {
  // Port 0: any that is free, since a LiveKit of somebody else may have the usual ones.
  const ports = await freePorts(HOST, { http: 0, udp: 0, tcp: 0 });
  // Nobody listens there: to tell of rooms is part of ours, and is no media.
  const webhook = `http://${HOST}:9/api/media/webhook`;
  const config =
    kind === 'stock'
      ? stockConfig(ports.http, ports.tcp)
      : ourConfig({ address: HOST, ports, ...(kind === 'ours' ? {} : { udpPorts: RANGE }) }, webhook);
  const taskset = cpus().length > 1 ? which('taskset') : undefined;
  const child = startMediaServer(config, (command, env) =>
    taskset === undefined
      ? spawn(command, [], { env, stdio: 'ignore' })
      : spawn(taskset, ['-c', '0', command], { env, stdio: 'ignore' }),
  );
  const api = `http://${HOST}:${ports.http}`;
  const stop = () => ended(child);
  try {
    await answering(api, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { api, url: api.replace(/^http/, 'ws'), pid: child.pid ?? 0, stop };
}

async function answering(api: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + READY_MS;
  const ok = () =>
    fetch(api).then(
      (answer) => answer.ok,
      () => false,
    );
  while (!(await ok())) {
    if (Date.now() > end || child.exitCode !== null) throw new Error(`No LiveKit answers at ${api}.`);
    await pause(50);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/**
 * Milliseconds of processor that a process has used so far, all its threads. By the scheduler's own count, in nanoseconds: the hundredths of
 * /proc/PID/stat are too coarse for some seconds of a few flows.
 */
export async function cpuMsOf(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const texts = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8').catch(() => '0')),
  );
  return texts.reduce((sum, text) => sum + Number(text.split(' ', 1)[0]), 0) / 1e6;
}
