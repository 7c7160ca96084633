import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, modulesDir, root } from './paths.mjs';
import { run } from './run.mjs';
import { Stop } from './stop.mjs';

const stampFile = join(modulesDir, '.parley-stamp');

/** @returns {Promise<string>} a hash of the lock file */
async function lockHash() {
  const lock = await readFile(join(root, 'package-lock.json'));
  return createHash('sha256').update(lock).digest('hex');
}

/** @returns {Promise<boolean>} whether node_modules is what package-lock.json asks for */
export async function isInstalled() {
  const [wanted, stamp] = await Promise.all([lockHash(), readFile(stampFile, 'utf8').catch(() => undefined)]);
  if (stamp === wanted) return true;
  // Somebody ran `npm install` by hand: npm's own record in node_modules says the same, so nothing needs doing.
  if (!(await npmRecordMatches())) return false;
  await writeFile(stampFile, wanted);
  return true;
}

async function npmRecordMatches() {
  /** @param {string} path */
  const packagesOf = async (path) => {
    const parsed = JSON.parse(await readFile(path, 'utf8'));
    return /** @type {Record<string, { version?: string, optional?: boolean, link?: boolean, peer?: boolean }>} */ (
      parsed.packages
    );
  };
  try {
    const wanted = await packagesOf(join(root, 'package-lock.json'));
    const present = await packagesOf(join(modulesDir, '.package-lock.json'));
    for (const [path, entry] of Object.entries(wanted)) {
      if (!path.includes('node_modules/')) continue;
      const found = present[path];
      if (!found && !entry.optional) return false;
      if (found && found.version !== entry.version) return false;
    }
    return Object.keys(present).every((path) => wanted[path] !== undefined);
  } catch {
    return false;
  }
}

/** Installs exactly what the lock file says. */
export async function install() {
  const log = join(cacheDir, 'install.log');
  await rm(stampFile, { force: true });
  // Run by the npm that runs us, where one does, and by its Node: ours may lie in the folder that is about to be replaced.
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js')
    ? [process.env.npm_node_execpath ?? process.execPath, [npm]]
    : ['npm', []];
  const args = [...first, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const { status } = await run(command, args, { cwd: root, log });
  if (status !== 0) {
    throw new Stop(
      'The packages could not be installed: `npm ci` failed. Is the network there, and the disk not full?',
      {
        log,
      },
    );
  }
  await writeFile(stampFile, await lockHash());
}
