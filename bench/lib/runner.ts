import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { MOST_FOREIGN, type ProcessTimes, watchLoad } from './load.ts';
import { aimsAfter, aimTable, type Judged, type Result, type Table } from './report.ts';
import { closeShared } from './world.ts';

interface Bench {
  run(options: { smoke: boolean; say: (line: string) => void }): Promise<Result>;
  /** It can be run once and briefly. */
  readonly smoke?: boolean;
  /** Why it cannot run here, in one sentence. */
  lack?(): string | undefined;
  /** Processes that belong to it though they are no children of this one. */
  isOurs?(one: ProcessTimes): boolean;
}

interface Conditions {
  readonly at: string;
  readonly cpus: string;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  readonly loadBefore: number;
  readonly foreign: number | null;
  readonly own: number | null;
  readonly seconds: number;
  readonly valid: boolean;
}

const folder = dirname(import.meta.dirname);
const root = dirname(folder);
const cacheDir = join(root, '.cache');
const page = join(root, 'docs', 'performance.md');
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const args = process.argv.slice(2);
const [smoke, write, quiet] = ['--smoke', '--write', '--quiet'].map((flag) => args.includes(flag));
const fileOf = (name: string): string | undefined =>
  ['bench.ts', 'bench.mjs'].map((file) => join(folder, name, file)).find((file) => existsSync(file));

const known = (await readdir(folder)).filter((name) => fileOf(name) !== undefined).sort();
const asked = args.filter((arg) => !arg.startsWith('--'));
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}. Benches: ${known.join(', ')}.\n`);
  process.exit(2);
}

const aims: Judged[] = [];
const ran: string[] = [];
for (const name of asked.length > 0 ? asked : known) {
  const begun = Date.now();
  try {
    const bench: Bench = await import(fileOf(name) ?? '');
    if (smoke && bench.smoke !== true) continue;
    const lack = bench.lack?.();
    if (lack !== undefined) {
      say(`ok - ${name} # skip ${lack}`);
      aims.push({ aim: `${name}: all of it`, found: `not run: ${lack}`, met: null, valid: true });
      continue;
    }
    await perform(name, bench);
    ran.push(name);
    if (smoke) say(`ok - ${name}, ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  } catch (error) {
    say(`not ok - ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    aims.push({ aim: `${name}: all of it`, found: 'it failed, see above', met: null, valid: true });
    process.exitCode = 1;
  }
}
await closeShared().catch(() => undefined);
if (!smoke) {
  say(`\n${linesOf(aimTable(aims)).join('\n')}`);
  if (write) await replace('aims', (before) => linesOf(aimsAfter(before, known, ran, aims)).join('\n'));
}
// A browser or a pool that was left open must not keep the process, nor the media stack of people without a browser: it is not disposed of
// by the benches, since it cannot be begun a second time.
process.exit();

async function perform(name: string, bench: Bench): Promise<void> {
  const loadBefore = Number((loadavg()[0] ?? 0).toFixed(2));
  const begun = Date.now();
  const watch = watchLoad(bench.isOurs?.bind(bench));
  const {
    figures,
    table,
    aims: found = [],
    svg,
  } = await bench.run({ smoke: smoke === true, say: (line) => !quiet && say(`  ${line}`) }).finally(() => watch.stop());
  const { foreign, own } = await watch.stop();
  const conditions: Conditions = {
    at: new Date().toISOString(),
    cpus: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: release(),
    node: process.version,
    loadBefore,
    foreign,
    own,
    seconds: Math.round((Date.now() - begun) / 1000),
    // Where the system does not tell: with more running than the machine has cores, times say little.
    valid: foreign === null ? loadBefore < cpus().length : foreign <= MOST_FOREIGN,
  };
  const out = join(cacheDir, 'bench', smoke ? 'smoke' : '');
  await mkdir(out, { recursive: true });
  await writeFile(
    join(out, `${name}.json`),
    `${JSON.stringify({ name, conditions, aims: found, figures }, null, 2)}\n`,
  );
  if (svg) await writeFile(join(out, `${name}.svg`), svg);
  if (smoke) return;
  aims.push(...found.map((one) => ({ ...one, valid: conditions.valid })));
  const text = [...linesOf(table), '', sentenceOf(conditions), ...table.notes].join('\n');
  say(`\n${name}\n\n${text}`);
  if (!write) return;
  if (svg) await writeFile(join(root, 'docs', 'images', `bench-${name}.svg`), svg);
  await replace(name, () => (svg ? `${text}\n\n![${name}](images/bench-${name}.svg)` : text));
}

function linesOf({ columns, rows }: Table): string[] {
  return [
    `| ${columns.join(' | ')} |`,
    `| ${columns.map((_, index) => (index === 0 ? '---' : '---:')).join(' | ')} |`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ];
}

function sentenceOf(conditions: Conditions): string {
  const share = (value: number | null) => (value === null ? 'unknown' : `${Math.round(value * 100)} %`);
  const { at, cpus: cores, memoryGb, node, loadBefore, own, foreign, seconds, valid } = conditions;
  return (
    `${at.slice(0, 10)}, ${cores}, ${memoryGb} GB, Node ${node}, ${seconds} s, load before it ${loadBefore}; of the processors ` +
    `${share(own)} its own and ${share(foreign)} of others` +
    `${valid ? '' : ': **not valid**, the machine was busy with something else'}.`
  );
}

async function replace(name: string, textAfter: (before: string) => string): Promise<void> {
  const all = await readFile(page, 'utf8');
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const from = all.indexOf(begin);
  const to = all.indexOf(end);
  if (from < 0 || to < 0) throw new Error(`docs/performance.md has no place for ${name}.`);
  const start = from + begin.length;
  await writeFile(page, `${all.slice(0, start)}\n${textAfter(all.slice(start, to))}\n${all.slice(to)}`);
}
