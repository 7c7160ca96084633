import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { which } from './available.ts';

const sources = import.meta.dirname;

/** Where binaries that were built are kept: `PARLEY_CACHE_DIR`, or the user's cache folder. */
function cacheFolder(): string {
  const userCache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return process.env.PARLEY_CACHE_DIR ?? join(userCache, 'parley');
}

async function sourceHash(): Promise<string> {
  const names = (await readdir(sources)).filter((name) => name.endsWith('.go') || /^go\.(mod|sum)$/.test(name)).sort();
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\0`);
  for (const name of names) hash.update(`${name}\0`).update(await readFile(join(sources, name)));
  return hash.digest('hex').slice(0, 16);
}

let building: Promise<string> | undefined;

/**
 * The lab's program, built unless the cache has one of the same sources. It needs no network: there are no dependencies.
 * @returns its path
 * @throws Error with the compiler's words when the build fails or takes more than five minutes
 */
export function build(): Promise<string> {
  building ??= findOrMake().catch((error: unknown) => {
    building = undefined;
    throw error;
  });
  return building;
}

async function findOrMake(): Promise<string> {
  const folder = cacheFolder();
  const binary = join(folder, `netlab-${await sourceHash()}`);
  if (existsSync(binary)) return binary;
  const go = which('go');
  if (!go) throw new Error('There is no Go to build the network lab with.');
  await mkdir(folder, { recursive: true });
  // Whoever builds at the same time puts the same thing there: the last one wins, and nobody sees half a file.
  const unfinished = `${binary}.${randomUUID()}`;
  try {
    await promisify(execFile)(go, ['build', '-trimpath', '-o', unfinished, '.'], {
      cwd: sources,
      timeout: 300_000,
      env: {
        ...process.env,
        CGO_ENABLED: '0',
        GOFLAGS: '-mod=readonly -buildvcs=false',
        GOTOOLCHAIN: 'local',
        GOWORK: 'off',
      },
    });
    await rename(unfinished, binary);
  } finally {
    await rm(unfinished, { force: true });
  }
  return binary;
}
