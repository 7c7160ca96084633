import { createHash } from 'node:crypto';
import { closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cacheDir, root } from './paths.mjs';

/*
 * A lock that the operating system gives back when its holder dies, however it dies:
 * on Linux a bound socket of the abstract namespace, on macOS an exclusively locked file (open(2), O_EXLOCK).
 */

/** @returns {Promise<(() => void) | undefined>} gives the lock back; undefined while somebody else holds it */
async function tryLock() {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 24);
  if (process.platform === 'darwin') {
    const exclusive = 0x20; // O_EXLOCK, which Node does not name
    mkdirSync(cacheDir, { recursive: true });
    try {
      const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | exclusive;
      const handle = openSync(join(cacheDir, 'prepare.lock'), flags, 0o600);
      return () => closeSync(handle);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EAGAIN') return undefined;
      throw error;
    }
  }
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen({ path: `\0parley-prepare-${name}` }, () => {
      server.unref();
      resolve(() => server.close());
    });
  });
}

/**
 * Runs `work` while no other process prepares this clone.
 * @template T
 * @param {{ onWait: () => void }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withPrepareLock(options, work) {
  let release = await tryLock();
  if (!release) options.onWait();
  while (!release) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    release = await tryLock();
  }
  try {
    return await work();
  } finally {
    release();
  }
}
