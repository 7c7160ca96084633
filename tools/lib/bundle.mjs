import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modernEnv, modernNode } from './node.mjs';
import { appDir, cacheDir, modulesDir, webDir } from './paths.mjs';
import { run } from './run.mjs';
import { appSourceHash } from './source-hash.mjs';
import { Stop } from './stop.mjs';
import { finishWeb } from './web-page.mjs';

/** @typedef {'web' | 'android' | 'ios'} Platform */

/** @param {Platform} platform where its bundle lies */
const placeOf = (platform) => (platform === 'web' ? webDir : join(cacheDir, 'bundles', platform));
const stampName = '.parley-stamp';

/** @param {Platform} platform @returns {Promise<boolean>} whether the bundle is made of the sources as they are now */
export async function isFresh(platform) {
  const stamp = await readFile(join(placeOf(platform), stampName), 'utf8').catch(() => undefined);
  return stamp !== undefined && stamp === (await appSourceHash());
}

/**
 * Bundles the app. A reader of the old bundle sees the old or the new one, never half of it.
 * @param {Platform} platform
 * @returns {Promise<string>} the log
 */
export async function bundle(platform) {
  const log = join(cacheDir, `bundle-${platform}.log`);
  const temporary = join(cacheDir, 'tmp');
  const building = join(cacheDir, `building-${platform}-${process.pid}`);
  const place = placeOf(platform);
  await mkdir(temporary, { recursive: true });
  const hash = await appSourceHash();
  try {
    // Nobody runs the bundles for phones: that they can be made is what is asked, and the app's own build makes them small.
    const only = platform === 'web' ? [] : ['--no-minify', '--no-bytecode'];
    const cli = join(modulesDir, 'expo', 'bin', 'cli');
    const { status, timedOut } = await run(
      modernNode(),
      [cli, 'export', '--platform', platform, '--output-dir', building, ...only],
      {
        cwd: appDir,
        log,
        timeoutMs: 10 * 60_000,
        env: { ...modernEnv(), EXPO_OFFLINE: '1', EXPO_NO_TELEMETRY: '1', CI: '1', TMPDIR: temporary },
      },
    );
    if (status !== 0) {
      throw new Stop(`The app could not be built for ${platform}${timedOut ? ' within ten minutes' : ''}.`, { log });
    }
    if (platform === 'web') await finishWeb(building);
    await writeFile(join(building, stampName), hash);
    const old = `${building}-old`;
    await mkdir(join(place, '..'), { recursive: true });
    await rename(place, old).catch(() => undefined);
    await rename(building, place);
    await rm(old, { recursive: true, force: true });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return log;
}
