import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { modulesDir } from './paths.mjs';
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

/** @param {NodeJS.ProcessEnv} [env] @returns {NodeJS.ProcessEnv} with the modern Node first on the path */
export function modernEnv(env = process.env) {
  return { ...env, PATH: `${join(modulesDir, '.bin')}:${env.PATH ?? ''}` };
}
