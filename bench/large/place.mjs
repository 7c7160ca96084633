// A server with a real Postgres where there is one (embedded otherwise), and a stand-in for the media server that answers
// every order with nothing: here what a call costs *beside* its media is measured.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newDatabase } from '../../e2e/support/own-database.ts';
import { ParleyServer } from '../../e2e/support/server.ts';
import { runningPostgres } from '../../tools/lib/postgres.mjs';
import { ask, tokenOf } from './listener.mjs';

/** Of a processor's time in /proc: hundredths of a second, on every Linux that Node runs on. */
const TICK_MS = 10;

/** @param {number} pid @returns {number} milliseconds of processor that it has used, the kernel's for it with them; NaN elsewhere than on Linux */
export function cpuOf(pid) {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return Number.NaN;
  const fields = readFileSync(file, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** @param {number} pid @returns {number} megabytes that it has in memory */
function memoryOf(pid) {
  const pages = /^VmRSS:\s+(\d+) kB/m.exec(
    existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '',
  );
  return Number(pages?.[1] ?? Number.NaN) / 1024;
}

/** What the processes that serve a database have used, and those that have served it. @param {() => Promise<number[]>} processes */
function cpuOfAll(processes) {
  /** By process, as it was last seen: connections come and go. @type {Map<number, number>} */
  const used = new Map();
  return async () => {
    for (const pid of await processes()) {
      const ms = cpuOf(pid);
      if (!Number.isNaN(ms)) used.set(pid, ms);
    }
    return [...used.values()].reduce((sum, ms) => sum + ms, 0);
  };
}

/** @param {{ embedded?: boolean, livekit?: boolean }} options */
export async function openPlace({ embedded = false, livekit = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'parley-large-'));
  const postgres = embedded ? undefined : await runningPostgres();
  const database = postgres === undefined ? null : await newDatabase(postgres);
  const databaseCpu = database === null ? async () => 0 : cpuOfAll(database.processes);
  const silent = createServer((_, answer) => answer.setHeader('content-type', 'application/json').end('{}'));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const secret = randomUUID().repeat(2);
  const server = await ParleyServer.start({
    dataDir: join(folder, 'data'),
    env: {
      PARLEY_DEMO: '0',
      PARLEY_LOG: 'warn',
      AUTH_JWT_SECRET: secret,
      PARLEY_LIVEKIT: 'auto',
      ...(database === null ? {} : { DATABASE_URL: database.url }),
      ...(livekit
        ? {}
        : { LIVEKIT_URL: `http://127.0.0.1:${port}`, LIVEKIT_API_KEY: 'bench', LIVEKIT_API_SECRET: secret }),
    },
  });
  return {
    url: server.url,
    secret,
    server,
    postgres: database !== null,
    /** Milliseconds of processor used so far: the server, and the database where it is a process of its own. */
    cpu: async () => ({ server: cpuOf(server.pid), database: await databaseCpu() }),
    memory: () => memoryOf(server.pid),
    close: async () => {
      await server.stop();
      silent.closeAllConnections();
      silent.close();
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A team of so many people with one channel.
 * @param {{ url: string, secret: string }} place @param {number} count
 * @returns {Promise<{ tokens: string[], teamId: string, channelId: string }>}
 */
export async function openTeam(place, count) {
  const tokens = Array.from({ length: count }, (_, index) =>
    tokenOf(place.secret, `Person ${String(index + 1).padStart(4, '0')}`),
  );
  const [owner = '', ...others] = tokens;
  const { id: teamId } = await ask(place, owner, 'POST', '/api/teams', { name: 'Everybody' });
  const { token } = await ask(place, owner, 'POST', `/api/teams/${teamId}/invitations`, {});
  await inTurns(others, 8, (other) => ask(place, other, 'POST', `/api/invitations/${token}/accept`, {}));
  const { items } = await ask(place, owner, 'GET', `/api/teams/${teamId}/channels`);
  return { tokens, teamId, channelId: items[0].id };
}

/**
 * So many at a time.
 * @template T, R @param {readonly T[]} items @param {number} most @param {(item: T, index: number) => Promise<R>} work @returns {Promise<R[]>}
 */
export async function inTurns(items, most, work) {
  /** @type {R[]} */
  const done = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      done[index] = await work(/** @type {T} */ (items[index]), index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return done;
}
