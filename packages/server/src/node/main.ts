/** The program: `node main.ts` serves, `node main.ts --check-config` only says whether the environment makes sense. */
import type { Server } from 'node:http';
import { inspect } from 'node:util';
import type { Database } from '../ports/database.ts';
import { localUrl, ownOrigin } from './addresses.ts';
import { compose, type ParleyServer } from './compose.ts';
import { type Config, readConfig } from './config.ts';
import { lockDataDir, openDataDir } from './data-lock.ts';
import { closeServer, listen } from './http-server.ts';
import { createLogger } from './logger.ts';
import { openDatabase } from './open-database.ts';
import { serveSockets } from './sockets.ts';
import { Stop } from './stop.ts';

/** How long requests may take to end after a signal, in milliseconds. */
const DRAIN_MS = 3_000;

/** What has been opened so far, closed in the opposite order. */
const closers: (() => unknown)[] = [];
let stopping: Promise<void> | undefined;

async function close(): Promise<void> {
  for (const closer of closers.splice(0).reverse()) await closer();
}

/** A second signal (npm passes on what the terminal sent already) changes nothing. */
function stop(): void {
  stopping ??= close().then(
    () => process.exit(0),
    (error: unknown) => fail(error),
  );
}

function fail(error: unknown): never {
  const text = error instanceof Stop ? error.message : `The server failed: ${inspect(error)}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

async function serve(config: Config): Promise<void> {
  const log = createLogger(config.logLevel);
  openDataDir(config.dataDir);
  closers.push(await lockDataDir(config.dataDir));

  let parley: ParleyServer | undefined;
  const { server, port } = await listen(config, () => parley?.app.fetch);
  const sockets = serveSockets(server, { hub: () => parley?.hub, isOwn: ownOrigin(config, port) });
  let db: Database | undefined;
  closers.push(async () => {
    await parley?.stop();
    await drain(server, sockets);
    await db?.close();
  });

  db = await openDatabase(config, log);
  if (stopping !== undefined) return;
  parley = await compose(config, { db, port, log });
  if (config.redisUrl !== null) log.warn({}, 'REDIS_URL is set, but this version keeps realtime within one process');
  if (stopping === undefined) process.stdout.write(`Parley is ready at ${localUrl(config, port)}\n`);
}

async function drain(server: Server, sockets: { close(): void }): Promise<void> {
  const closed = closeServer(server, DRAIN_MS);
  sockets.close();
  await closed;
}

process.on('SIGINT', stop);
process.on('SIGTERM', stop);
process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);
try {
  const config = readConfig(process.env);
  if (!process.argv.includes('--check-config')) await serve(config);
} catch (error) {
  if (stopping === undefined) await close().catch(() => undefined);
  else await stopping;
  fail(error);
}
