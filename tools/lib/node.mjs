import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, modulesDir } from './paths.mjs';
import { Stop } from './stop.mjs';

/**
 * The Node that runs TypeScript sources as they are: the one that the lock file brings, else the user's own.
 * There is no package for every platform, and npm leaves optional packages out in silence.
 * @returns {string} its path
 */
export function modernNode() {
  const bundled = join(modulesDir, '.bin', 'node');
  if (existsSync(bundled)) return bundled;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  throw new Stop(
    `Parley needs Node 22.18 or newer on ${process.platform} ${process.arch}; this is ${process.versions.node}.`,
  );
}

/**
 * With the modern Node first on the path, which keeps what it has compiled: a server of a thousand modules in TypeScript is then ready
 * in half the time.
 * @param {NodeJS.ProcessEnv} [env] @returns {NodeJS.ProcessEnv}
 */
export function modernEnv(env = process.env) {
  return {
    NODE_COMPILE_CACHE: join(cacheDir, 'compiled'),
    ...env,
    PATH: `${join(modulesDir, '.bin')}:${env.PATH ?? ''}`,
  };
}
