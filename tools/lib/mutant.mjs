import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modernNode } from './node.mjs';
import { modulesDir, root } from './paths.mjs';

/** What the simulator runs on. */
const PACKAGES = ['domain', 'protocol', 'client', 'server', 'testing'];

/** A mistake may make a run that never ends: it is not found then. */
const LONGEST_MS = 600_000;

/** @typedef {import('./mutations.mjs').Mutation} Mutation */
/** @typedef {{ seed: number, rule: string, text: string }} Found */

/**
 * A copy of the sources with one mistake in it.
 * @param {Mutation | null} mutation null: none
 */
export async function plant(mutation) {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'parley-mutant-'));
  await mkdir(join(folder, 'node_modules', '@parley'), { recursive: true });
  for (const name of await readdir(modulesDir)) {
    if (name !== '@parley') await symlink(join(modulesDir, name), join(folder, 'node_modules', name));
  }
  for (const name of PACKAGES) {
    const [from, to] = [join(root, 'packages', name), join(folder, 'packages', name)];
    await mkdir(to, { recursive: true });
    await cp(join(from, 'src'), join(to, 'src'), { recursive: true });
    await cp(join(from, 'package.json'), join(to, 'package.json'));
    const own = join(from, 'node_modules');
    await symlink(own, join(to, 'node_modules')).catch(() => undefined);
    await symlink(to, join(folder, 'node_modules', '@parley', name));
  }
  if (mutation !== null) await change(join(folder, mutation.file), mutation);
  return {
    /** The first seed that breaks a rule; null where none does. @param {{ from: number, seeds: number }} range @returns {Promise<Found | null>} */
    async hunt({ from, seeds }) {
      const cli = join(folder, 'packages/testing/src/simulator/cli.ts');
      const args = [cli, '--from', String(from), '--seeds', String(seeds), '--first'];
      const text = await textOf(modernNode(), args, folder);
      const hit = /^seed (\d+): (I\d+) after \d+ ms: (.*)$/m.exec(text);
      return hit === null ? null : { seed: Number(hit[1]), rule: hit[2] ?? '', text: hit[3] ?? '' };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What a program says, however it ends. @param {string} command @param {string[]} args @param {string} cwd @returns {Promise<string>} */
const textOf = (command, args, cwd) =>
  new Promise((resolve) => {
    execFile(command, args, { cwd, timeout: LONGEST_MS, maxBuffer: 16 << 20 }, (_, stdout) => resolve(stdout));
  });

/** @param {string} path @param {Mutation} mutation */
async function change(path, { name, from, to }) {
  const text = await readFile(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${name}: what it changes is not there exactly once`);
  await writeFile(
    path,
    text.replace(from, () => to),
  );
}
