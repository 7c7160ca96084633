import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Everything that can be thrown away: logs, temporary builds, the temporary folder of the bundler. Ignored by git. */
export const cacheDir = join(root, '.cache');
export const modulesDir = join(root, 'node_modules');
export const appDir = join(root, 'apps', 'app');
/** The web export that the server serves. */
export const webDir = join(appDir, 'dist');
/** The server's entry, run from source. */
export const serverMain = join(root, 'packages', 'server', 'src', 'node', 'main.ts');

/** @param {string} path a path below the clone, for people to read */
export const shown = (path) => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path);
