// Licences of everything that is installed, from package-lock.json: `node tools/licences.mjs` checks them and docs/licences.md,
// `node tools/licences.mjs --write` writes that page again.
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './lib/paths.mjs';

/**
 * What may come in. All of them let the whole be given away under Apache-2.0; MPL-2.0 asks for the changes to its own files
 * alone, CC-BY-4.0 (a table of browsers) and OFL-1.1 (a font) for their names.
 */
const ALLOWED = new Set([
  ...['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0'],
  ...['Python-2.0', 'MPL-2.0', 'CC-BY-4.0', 'OFL-1.1'],
]);
/** Binaries for other platforms, of which the lock file knows no licence: they have that of the package that asks for them. */
const OF_ITS_PARENT = [/^@biomejs\/cli-/, /^@oxc-parser\/binding-/];

/** Those that say it in a field which npm does not read (`licenses`), as their own LICENSE has it. */
const SAID_ELSEWHERE = new Map([['xmlhttprequest-ssl', 'MIT']]);

const page = join(root, 'docs', 'licences.md');

/** @typedef {{ version?: string, license?: string, link?: boolean, optional?: boolean, dev?: boolean }} Locked */

/** @returns {Promise<Record<string, Locked>>} */
export async function lockedPackages() {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  return Object.fromEntries(
    Object.entries(lock.packages).filter(([path, entry]) => path.includes('node_modules/') && !entry.link),
  );
}

/** @param {string} path where it lies @returns {string} its name */
export const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Whether an SPDX expression can be met with what is allowed: one side of an OR, all sides of an AND. @param {string} licence */
function isAllowed(licence) {
  const plain = licence.replaceAll(/[()]/g, ' ');
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((part) => ALLOWED.has(part.trim())));
}

/** @param {Record<string, Locked>} packages @returns {{ problems: string[], text: string }} */
function licences(packages) {
  /** @type {Map<string, Set<string>>} */
  const byLicence = new Map();
  const problems = [];
  for (const [path, { version, license: locked }] of Object.entries(packages)) {
    const name = nameOf(path);
    const license = locked ?? SAID_ELSEWHERE.get(name);
    if (license === undefined && OF_ITS_PARENT.some((pattern) => pattern.test(name))) continue;
    if (license === undefined) problems.push(`${name} ${version}: no licence`);
    else if (!isAllowed(license)) problems.push(`${name} ${version}: ${license}`);
    const key = license ?? 'unknown';
    byLicence.set(key, (byLicence.get(key) ?? new Set()).add(`${name} ${version}`));
  }
  const groups = [...byLicence].sort(([a, x], [b, y]) => y.size - x.size || (a < b ? -1 : 1));
  const lines = groups.map(([licence, names]) => `## ${licence}\n\n${[...names].sort().join(', ')}\n`);
  const head =
    '# Licences of what Parley is built from\n\nWritten by `node tools/licences.mjs --write` from `package-lock.json`; `npm test` checks ' +
    'that it is up to date and that no other licence came in. Binaries for platforms other than the one at hand have the ' +
    'licence of the package that asks for them.\n';
  return { problems, text: `${head}\n${lines.join('\n')}` };
}

/** @returns {Promise<string[]>} what is wrong */
export async function checkLicences() {
  const { problems, text } = licences(await lockedPackages());
  const kept = await readFile(page, 'utf8').catch(() => '');
  if (kept !== text) problems.push(`${relative(root, page)} is not up to date: node tools/licences.mjs --write`);
  return problems;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--write')) await writeFile(page, licences(await lockedPackages()).text);
  const problems = await checkLicences();
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
