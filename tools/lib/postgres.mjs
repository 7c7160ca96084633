import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { which } from './debian.mjs';
import { root } from './paths.mjs';
import { Stop } from './stop.mjs';

const execute = promisify(execFile);
const usual = 'postgresql://postgres@127.0.0.1:5432/postgres';

/** @param {string} url @returns {Promise<number | undefined>} the server's major version; undefined where nobody lets us in */
export async function majorOf(url) {
  const { Client } = createRequire(join(root, 'packages/server/package.json'))('pg');
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  try {
    await client.connect();
    const { rows } = await client.query("select current_setting('server_version_num')::int / 10000 as major");
    return rows[0].major;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** @returns {string | undefined} the folder of initdb and pg_ctl, the newest where there are several */
export function binaries() {
  const onPath = which('pg_ctl');
  if (onPath && existsSync(join(onPath, '..', 'initdb'))) return join(onPath, '..');
  const debian = '/usr/lib/postgresql';
  if (!existsSync(debian)) return undefined;
  const majors = readdirSync(debian).map(Number).filter(Number.isInteger);
  majors.sort((a, b) => b - a);
  return majors.map((major) => join(debian, String(major), 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

/** @returns {Promise<string | undefined>} a Postgres that runs already and lets us in */
export async function runningPostgres() {
  const given = process.env.TEST_DATABASE_URL;
  if (!given) return (await majorOf(usual)) === undefined ? undefined : usual;
  if ((await majorOf(given)) === undefined) {
    throw new Stop('TEST_DATABASE_URL is set, but no Postgres answers there.');
  }
  return given;
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/**
 * A cluster of our own that is gone afterwards. Postgres refuses to run as root: then it runs as `postgres`.
 * @param {string} bin
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function temporaryPostgres(bin) {
  const folder = await mkdtemp(join(tmpdir(), 'parley-postgres-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const id = (/** @type {string} */ flag) => Number(execFileSync('id', [flag, 'postgres']).toString());
    await chown(folder, id('-u'), id('-g'));
  }
  const data = join(folder, 'data');
  /** @param {string} program @param {string[]} args */
  const as = (program, args) => {
    const path = join(bin, program);
    const [command, all] = isRoot ? ['runuser', ['-u', 'postgres', '--', path, ...args]] : [path, args];
    return execute(command, all, { cwd: folder });
  };
  await as('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']);
  const port = await freePort();
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off`;
  await as('pg_ctl', ['-D', data, '-l', join(folder, 'log'), '-o', options, '-w', 'start']);
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await as('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']).catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
