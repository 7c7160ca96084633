import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, canInstall, which } from './debian.mjs';
import { cacheDir } from './paths.mjs';
import { binaries, majorOf, runningPostgres, temporaryPostgres } from './postgres.mjs';

const log = join(cacheDir, 'test-logs', 'apt.log');

/** @returns {string | undefined} */
function findChromium() {
  const candidates = [
    process.env.CHROMIUM_PATH,
    which('chromium'),
    which('chromium-browser'),
    which('google-chrome'),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ];
  return candidates.find((path) => path && existsSync(path));
}

/**
 * Finds what the tests need outside npm, and installs it where that is allowed.
 * @param {{ database: boolean, browser: boolean, say: (line: string) => void }} wanted
 * @returns {Promise<{ databaseUrl: string | undefined, chromium: string | undefined, stop: () => Promise<void> }>}
 */
export async function provide({ database, browser, say }) {
  /** @param {string[]} packages */
  const add = async (packages) => {
    if (packages.length === 0 || !canInstall()) return;
    say(`installing ${packages.join(', ')} …`);
    await aptInstall(packages, log);
  };
  await add([
    ...(browser && !findChromium() ? ['chromium'] : []),
    ...(browser && !which('turnserver') ? ['coturn'] : []),
    ...(browser && !which('ip') ? ['iproute2'] : []),
  ]);
  const services = { databaseUrl: undefined, chromium: findChromium(), stop: async () => {} };
  return database ? { ...services, ...(await providePostgres(add)) } : services;
}

/** @param {(packages: string[]) => Promise<void>} add */
async function providePostgres(add) {
  let databaseUrl = await runningPostgres();
  let stop = async () => {};
  if (!databaseUrl) {
    if (!binaries()) await add(['postgresql']);
    const bin = binaries();
    if (!bin) return { databaseUrl, stop };
    ({ url: databaseUrl, stop } = await temporaryPostgres(bin));
  }
  const major = await majorOf(databaseUrl);
  // Debian's folder: elsewhere, and for a server on another machine, the stories themselves say that pgTAP is missing.
  const share = `/usr/share/postgresql/${major}/extension`;
  if (existsSync(share) && !existsSync(join(share, 'pgtap.control'))) await add([`postgresql-${major}-pgtap`]);
  return { databaseUrl, stop };
}
