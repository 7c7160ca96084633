import { clientAddress, localUrl, ownOrigin, strangerTeller } from './addresses.ts';
import type { Closers } from './closers.ts';
import type { ParleyServer } from './compose.ts';
import type { Config } from './config.ts';
import { lockDataDir, openDataDir } from './data-lock.ts';
import { closeServer, listen } from './http-server.ts';
import { createLogger } from './logger.ts';
import { serveSockets } from './sockets.ts';

/** How long sockets may take to leave after a signal, and requests to end, in milliseconds: the two together in less than ten seconds. */
const LEAVE_MS = 5_000;
const DRAIN_MS = 3_000;
/** How long a socket may take to answer that it closes, in milliseconds. */
const FAREWELL_MS = 500;

/**
 * Opens everything, in an order in which what is wrong is told early.
 * @returns the address, once the server answers there
 * @throws Stop with a sentence for whoever started it
 */
export async function serve(config: Config, closers: Closers): Promise<string> {
  const log = createLogger(config.logLevel);
  openDataDir(config.dataDir);
  await closers.add(await lockDataDir(config.dataDir));

  let parley: ParleyServer | undefined;
  const { server, port } = await listen(config, () => parley?.app.fetch);
  const sockets = serveSockets(server, {
    hub: () => parley?.hub,
    media: () => parley?.media?.target() ?? null,
    isOwn: ownOrigin(config, port),
    stranger: strangerTeller(log),
    addressOf: (incoming) => clientAddress(incoming, config.trustedProxies),
  });
  // The bulk of the program: whoever cannot have the folder or the port need not wait for it.
  const [{ openDatabase }, { compose }] = await Promise.all([import('./open-database.ts'), import('./compose.ts')]);
  const db = await openDatabase(config, log);
  await closers.add(() => db.close());
  parley = await compose(config, { db, port, log });
  const { drain, stop } = parley;
  await closers.add(async () => {
    // Nobody new gets in from here on, so that a balancer turns to the others at once.
    const requests = closeServer(server, DRAIN_MS);
    await drain(LEAVE_MS);
    await Promise.all([requests, sockets.close(FAREWELL_MS)]);
    // The last requests have published what they did.
    await stop();
  });
  if (config.redisUrl !== null && config.databaseUrl === null)
    log.warn({}, 'REDIS_URL counts rates alone: on the embedded database there is one process');
  return localUrl(config, port);
}
