// What comes in from outside: exact versions, known licences, no code that runs while it is installed. Without a network.
import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { checkLicences, lockedPackages, nameOf } from './licences.mjs';

/** Packages that may run a script of theirs when they are installed, and why. There is none. @type {Map<string, string>} */
const MAY_RUN_SCRIPTS = new Map();
const EXACT = /^(?:npm:@?[\w./-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** @param {string} path */
const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'));

/** @returns {Promise<string[]>} manifests of this repository that name a range of versions */
async function inexactVersions() {
  const problems = [];
  const manifests = ['package.json', 'e2e/package.json'];
  for await (const path of glob('{packages,apps}/*/package.json', { cwd: root })) manifests.push(path);
  for (const path of manifests) {
    const manifest = await readJson(join(root, path));
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides']) {
      for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
        const isReference = kind === 'overrides' && version === `$${name}`;
        if (!isReference && !EXACT.test(version)) problems.push(`${path}: ${name} is ${version}, not one version`);
      }
    }
  }
  return problems;
}

/** Read from the packages themselves: not every npm writes `hasInstallScript` into the lock file. @returns {Promise<string[]>} */
async function installScripts() {
  const problems = [];
  for (const [path, entry] of Object.entries(await lockedPackages())) {
    const name = nameOf(path);
    const folder = join(root, path);
    // Optional ones of other platforms are not here.
    if (!existsSync(join(folder, 'package.json'))) {
      if (!entry.optional) problems.push(`${name} is in package-lock.json and not installed`);
      continue;
    }
    const { scripts = {} } = await readJson(join(folder, 'package.json'));
    const runs =
      'hasInstallScript' in entry ||
      ['preinstall', 'install', 'postinstall'].some((script) => script in scripts) ||
      existsSync(join(folder, 'binding.gyp'));
    if (runs && !MAY_RUN_SCRIPTS.has(name)) problems.push(`${name} wants to run a script when it is installed`);
  }
  return problems;
}

const problems = [...(await inexactVersions()), ...(await installScripts()), ...(await checkLicences())];
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
