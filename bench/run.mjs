// `npm run bench`, or `npm run bench -- app` for one of them. Each bench is a folder here with a `bench.mjs` whose `run`
// hands back its figures; they are written as JSON and, with --write, into docs/performance.md.

import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { modernNode } from '../tools/lib/node.mjs';
import { cacheDir, root } from '../tools/lib/paths.mjs';

/** @typedef {{ columns: string[], rows: (string | number)[][], notes: string[] }} Table */
/** @typedef {{ figures: unknown, table: Table }} Result */

/** @param {Table} table */
const linesOf = ({ columns, rows }) => [
  `| ${columns.join(' | ')} |`,
  `| ${columns.map((_, index) => (index === 0 ? '---' : '---:')).join(' | ')} |`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];

/** @param {{ at: string, cpus: string, memoryGb: number, node: string, loadBefore: number, valid: boolean }} conditions */
const conditionsOf = ({ at, cpus: cores, memoryGb, node, loadBefore, valid }) =>
  `${at.slice(0, 10)}, ${cores}, ${memoryGb} GB, Node ${node}, load before it ${loadBefore}` +
  `${valid ? '' : ': **not valid**, the machine was busy with something else'}.`;

if (process.argv[2] === '--inside') {
  await inside(process.argv.slice(3));
} else {
  // The benches import sources in TypeScript, which an older Node does not run.
  const { status } = spawnSync(modernNode(), [import.meta.filename, '--inside', ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}

/** @param {string[]} args */
async function inside(args) {
  const known = (await readdir(import.meta.dirname, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const asked = args.filter((arg) => !arg.startsWith('--'));
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no bench ${unknown.join(', ')}. Benches: ${known.join(', ')}.\n`);
    process.exitCode = 2;
    return;
  }
  for (const name of asked.length > 0 ? asked : known) {
    const load = loadavg()[0] ?? 0;
    /** @type {{ run(): Promise<Result> }} */
    const bench = await import(join(import.meta.dirname, name, 'bench.mjs'));
    const { figures, table } = await bench.run();
    const conditions = {
      at: new Date().toISOString(),
      cpus: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
      memoryGb: Math.round(totalmem() / 1e9),
      kernel: release(),
      node: process.version,
      loadBefore: Number(load.toFixed(2)),
      /** With more running than the machine has cores, times say little and ratios not much more. */
      valid: load < cpus().length,
    };
    const folder = join(cacheDir, 'bench');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify({ name, conditions, figures }, null, 2)}\n`);
    const text = [...linesOf(table), '', conditionsOf(conditions), ...table.notes.map((note) => `${note}`)];
    process.stdout.write(`\n${name}\n\n${text.join('\n')}\n`);
    if (args.includes('--write')) await writePage(name, text.join('\n'));
  }
}

/** @param {string} name @param {string} text what stands between the marks of this bench */
async function writePage(name, text) {
  const file = join(root, 'docs', 'performance.md');
  const page = await readFile(file, 'utf8');
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < 0) throw new Error(`docs/performance.md has no place for ${name}.`);
  await writeFile(file, `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`);
}
