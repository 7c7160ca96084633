/*
 * node packages/testing/src/simulator/cli.ts [--from 1] [--seeds 3000] [--workers 2] [--gentle] [--first] [--keep] [--tell] [--plan FILE]
 *
 * Runs so many seeds. One that breaks a rule is shrunk and printed, and kept with --keep. --first stops at the first of
 * them; --tell prints what everybody does and hears; --gentle spares nodes between commit and telling, and loses nothing between
 * them.
 */
import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keepSeed } from './kept-seeds.ts';
import { type Plan, planOf } from './plan.ts';
import { shrink } from './shrink.ts';
import { type SimulateOptions, simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '3000' },
    workers: { type: 'string', default: '1' },
    /** Every so manieth seed alone: the share of one worker. */
    step: { type: 'string', default: '1' },
    gentle: { type: 'boolean', default: false },
    first: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    tell: { type: 'boolean', default: false },
    plan: { type: 'string' },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);
const options: SimulateOptions = { gentle: values.gentle, ...(values.tell ? { tell: say } : {}) };

/** @returns whether all rules held */
async function one(plan: Plan): Promise<boolean> {
  const { violation } = await simulate(plan, options);
  if (!violation) return true;
  say(`seed ${plan.seed}: ${violation.rule} after ${violation.at} ms: ${violation.text}`);
  if (values.first && !values.keep) return false;
  const shrunk = await shrink(plan, violation, { gentle: values.gentle });
  const { seed: _, steps, ...world } = shrunk.plan;
  say(`  shrunk to ${steps.length} of ${plan.steps.length} steps in ${JSON.stringify(world)}`);
  for (const { at, deed } of steps) say(`  ${String(at).padStart(6)} ${JSON.stringify(deed)}`);
  say(`  ${shrunk.violation.rule}: ${shrunk.violation.text}`);
  if (values.keep) say(`  kept as ${await keepSeed(shrunk)}`);
  return false;
}

async function many(from: number, until: number, step: number): Promise<number> {
  let failed = 0;
  for (let seed = from; seed < until; seed += step) {
    if (await one(planOf(seed))) continue;
    failed += 1;
    if (values.first) break;
  }
  return failed;
}

/** The seeds by turns among so many processes. @returns how many of them found something */
async function shared(from: number, seeds: number, workers: number): Promise<number> {
  const flags = (['gentle', 'first', 'keep'] as const).filter((name) => values[name]).map((name) => `--${name}`);
  const ends = Array.from({ length: workers }, (_, n) => {
    const args = ['--from', String(from + n), '--seeds', String(seeds - n), '--step', String(workers), ...flags];
    const child = fork(fileURLToPath(import.meta.url), args);
    return new Promise<number>((resolve) => child.on('exit', (code) => resolve(code === 0 ? 0 : 1)));
  });
  return (await Promise.all(ends)).reduce((sum, n) => sum + n, 0);
}

const begun = Date.now();
const [from, seeds, workers] = [Number(values.from), Number(values.seeds), Number(values.workers)];
let failed: number;
if (values.plan !== undefined) failed = (await one(JSON.parse(await readFile(values.plan, 'utf8')).plan)) ? 0 : 1;
else if (workers > 1) failed = await shared(from, seeds, workers);
else failed = await many(from, from + seeds, Number(values.step));
if (values.step === '1')
  say(`${seeds} seeds from ${from}, ${failed} failed, ${((Date.now() - begun) / 1000).toFixed(1)} s`);
process.exit(failed > 0 ? 1 : 0);
