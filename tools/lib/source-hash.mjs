import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appDir, root } from './paths.mjs';

const ignored = new Set(['node_modules', 'dist', '.expo', 'android', 'ios', 'test', 'expo-env.d.ts']);

/** @param {string} folder @returns {Promise<string[]>} every file below it that a bundle may contain */
async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const nested = entries
    .filter((entry) => !ignored.has(entry.name) && !/\.(test|spec)\.[a-z]+$|\.md$/.test(entry.name))
    .map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    });
  return (await Promise.all(nested)).flat();
}

/** @param {string} folder @returns {Promise<string[]>} the names of our own packages that it depends on */
async function ownDependencies(folder) {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@parley/'));
}

/** @returns {Promise<string>} a hash over everything that a bundle of the app is made of */
export async function appSourceHash() {
  const folders = new Map([['@parley/app', appDir]]);
  for (const folder of folders.values()) {
    for (const name of await ownDependencies(folder)) {
      if (!folders.has(name)) folders.set(name, join(root, 'packages', name.slice('@parley/'.length)));
    }
  }
  const files = (await Promise.all([...folders.values()].map(filesBelow))).flat();
  files.push(join(root, 'package-lock.json'), join(root, 'tsconfig.base.json'));
  files.sort();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const hash = createHash('sha256');
  for (const [index, file] of files.entries()) {
    hash.update(`${file.slice(root.length)}\0${contents[index]?.length}\0`);
    hash.update(contents[index] ?? '');
  }
  // These become part of the bundle.
  for (const name of Object.keys(process.env).sort()) {
    if (name.startsWith('EXPO_PUBLIC_')) hash.update(`${name}=${process.env[name]}\0`);
  }
  return hash.digest('hex');
}
