import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, canInstall, which } from './debian.mjs';
import { labLack } from './lab.mjs';
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

const hasGo = () => which('go') !== undefined || existsSync('/usr/local/go/bin/go');

/**
 * @typedef {object} Services
 * @property {string | undefined} databaseUrl
 * @property {string | undefined} chromium
 * @property {import('./lab.mjs').LabLack | undefined} labLack
 * @property {() => Promise<void>} stop
 */

/**
 * Finds what the tests need outside npm, and installs it where that is allowed.
 * @param {{ database: boolean, browser: boolean, lab: boolean, say: (line: string) => void }} wanted
 * @returns {Promise<Services>}
 */
export async function provide({ database, browser, lab, say }) {
  /** @param {string[]} packages */
  const add = async (packages) => {
    if (packages.length === 0 || !canInstall()) return;
    say(`installing ${packages.join(', ')} …`);
    await aptInstall(packages, log);
  };
  await add([
    ...(database && !which('redis-server') ? ['redis-server'] : []),
    ...(database && !which('nginx') ? ['nginx'] : []),
    ...((browser || lab) && !findChromium() ? ['chromium'] : []),
    ...(browser && !which('pulseaudio') ? ['pulseaudio'] : []),
    ...(browser && !which('pactl') ? ['pulseaudio-utils'] : []),
    ...(lab && !which('turnserver') ? ['coturn'] : []),
    ...(lab && !which('ip') ? ['iproute2'] : []),
    ...(lab && !which('openssl') ? ['openssl'] : []),
    ...(lab && !hasGo() ? ['golang-go'] : []),
  ]);
  const lack = lab ? await labLack() : undefined;
  const services = { databaseUrl: undefined, chromium: findChromium(), labLack: lack, stop: async () => {} };
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
