import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.mjs';

const BEGIN = '<!-- mutations: written by tools/mutations.mjs -->';
const END = '<!-- end of mutations -->';

/**
 * Puts what was found into the documentation.
 * @param {readonly { mutation: import('./mutations.mjs').Mutation, seed: number, rule: string }[]} found
 */
export async function writeMutations(found) {
  const path = join(root, 'docs', 'simulator.md');
  const text = await readFile(path, 'utf8');
  const rows = found.map(
    ({ mutation: { name, what, file }, seed, rule }) => `| \`${name}\` | ${what} | \`${file}\` | ${seed} | ${rule} |`,
  );
  const table = ['| mistake | what is wrong | in | seed | rule |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
  const [before, rest = ''] = text.split(BEGIN);
  await writeFile(path, `${before}${BEGIN}\n\n${table}\n\n${END}${rest.split(END)[1] ?? ''}`);
}
