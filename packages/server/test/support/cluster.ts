import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describeNeeding } from './needing.ts';

const execute = promisify(execFile);
export const isRoot = process.getuid?.() === 0;

/** The folder of initdb and pg_ctl, the newest where there are several; null without. */
export const postgresBin: string | null = findBin();

function findBin(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map(Number).filter(Number.isInteger) : [];
  const folders = [
    ...versions.sort((a, b) => b - a).map((version) => join(debian, String(version), 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl'))) ?? null;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** A Postgres of a test's own, to be ill-treated. */
export interface Cluster {
  readonly url: string;
  /** Its folder; the data are in `data`. */
  readonly folder: string;
  /** `immediate` is what a crash or a pulled plug leaves behind. */
  stop(mode?: 'immediate' | 'fast'): Promise<void>;
  start(settings?: Readonly<Record<string, string>>): Promise<void>;
  /** Stops it and takes everything away. */
  remove(): Promise<void>;
}

/**
 * Makes a cluster and starts it. Postgres refuses to run as root: then it runs as `postgres`.
 * @param place a folder for it; without one it gets one of its own
 */
export async function createCluster(
  settings: Readonly<Record<string, string>> = {},
  place?: { readonly folder: string; readonly initdb?: readonly string[] },
): Promise<Cluster> {
  const folder = place?.folder ?? (await mkdtemp(join(tmpdir(), 'parley-cluster-')));
  if (isRoot) {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres']).toString());
    await chown(folder, id('-u'), id('-g'));
  }
  const data = join(folder, 'data');
  const port = await freePort();
  const run = (program: string, args: readonly string[]) => {
    const path = join(postgresBin ?? '', program);
    const [command, all] = isRoot ? ['runuser', ['-u', 'postgres', '--', path, ...args]] : [path, [...args]];
    return execute(command, all, { cwd: folder });
  };
  await run('initdb', [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-sync',
    ...(place?.initdb ?? []),
  ]);
  const cluster: Cluster = {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    folder,
    async start(more = {}) {
      const all = { listen_addresses: '127.0.0.1', unix_socket_directories: folder, ...settings, ...more };
      const options = Object.entries(all).map(([name, value]) => `-c ${name}=${value}`);
      const log = join(tmpdir(), `parley-cluster-${port}.log`);
      await run('pg_ctl', ['-D', data, '-l', log, '-o', `-p ${port} ${options.join(' ')}`, '-w', '-t', '60', 'start']);
    },
    async stop(mode = 'immediate') {
      await run('pg_ctl', ['-D', data, '-m', mode, '-w', 'stop']);
    },
    async remove() {
      await cluster.stop().catch(() => undefined);
      await rm(join(tmpdir(), `parley-cluster-${port}.log`), { force: true });
      await rm(data, { recursive: true, force: true });
      if (place === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
  await cluster.start();
  return cluster;
}

/** A suite that makes clusters. @param lack what else it would need and has not */
export function withClusters(title: string, suite: () => void, lack: string | null = null): void {
  const missing = postgresBin === null ? 'initdb and pg_ctl are not installed' : lack;
  describeNeeding({ what: 'a cluster', lack: missing, timeout: 180_000 }, title, suite);
}
