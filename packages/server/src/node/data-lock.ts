import { createHash } from 'node:crypto';
import { closeSync, constants, mkdirSync, openSync, realpathSync, statSync, unlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Stop } from './stop.ts';

/** Makes the folder where it is missing; nobody but the user may look into it, since the installation's keys are in there. */
export function openDataDir(dir: string): void {
  const probe = join(dir, '.writable');
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    closeSync(openSync(probe, constants.O_WRONLY | constants.O_CREAT, 0o600));
    unlinkSync(probe);
  } catch (error) {
    throw new Stop(`The data folder ${dir} (PARLEY_DATA_DIR) cannot be written: ${reasonOf(error)}.`);
  }
}

/**
 * Holds the folder for this process, in a way that the operating system takes back however the process ends: on Linux a bound
 * socket of the abstract namespace, on macOS an exclusively locked file (open(2), O_EXLOCK). Two containers that share a volume
 * do not see each other's sockets.
 * @throws Stop while another process holds it
 */
export async function lockDataDir(dir: string): Promise<() => void> {
  const taken = new Stop(`Another Parley server is running on the data folder ${dir}.`);
  if (process.platform === 'darwin') return lockFile(join(dir, 'lock'), taken);
  const { dev, ino } = statSync(realpathSync(dir));
  const name = createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 24);
  return lockSocket(`\0parley-data-${name}`, taken);
}

function lockFile(path: string, taken: Stop): () => void {
  const O_EXLOCK = 0x20; // Node does not name it.
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK;
    const handle = openSync(path, flags, 0o600);
    return () => closeSync(handle);
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') throw taken;
    throw error;
  }
}

function lockSocket(path: string, taken: Stop): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.on('error', (error) => reject(codeOf(error) === 'EADDRINUSE' ? taken : error));
    server.listen({ path }, () => {
      server.unref();
      resolve(() => server.close());
    });
  });
}

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'it is not a folder';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
