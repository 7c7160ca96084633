import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, isFresh } from './bundle.mjs';
import { playwrightCounts, tapCounts, vitestCounts } from './counts.mjs';
import { withPrepareLock } from './lock.mjs';
import { modernNode } from './node.mjs';
import { cacheDir, modulesDir, root } from './paths.mjs';
import { run } from './run.mjs';

/** @typedef {import('./counts.mjs').Counts} Counts */
/** @typedef {Omit<import('./services.mjs').Services, 'stop'> & { env: NodeJS.ProcessEnv }} Context */
/** @typedef {Counts & { log: string }} Result */
/** @typedef {'database' | 'browser' | 'lab'} Need what a step cannot do without */
/** @typedef {'database' | 'media server'} Take what a step uses too; where it is not, its tests say so */
/** @typedef {{ name: string, needs?: Need, takes?: Take[], work: (context: Context) => Promise<Result> }} Step */

const minute = 60_000;
/** @param {string} name */
const logOf = (name) => join(cacheDir, 'test-logs', `${name}.log`);
/** @param {string} name */
const bin = (name) => join(modulesDir, '.bin', name);

/** @param {boolean} good @param {string} log @param {string[]} [notes] @returns {Result} a step that counts as one */
const one = (good, log, notes = []) => ({ passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0, notes, log });

/** @param {string} name @param {string[][]} commands @returns {Step} commands of which each must end with 0 */
function commands(name, commands) {
  return {
    name,
    work: async ({ env }) => {
      // Side by side: each of them has one core to itself on the smallest of machines.
      const done = await Promise.all(
        commands.map(async ([command = '', ...args], index) => {
          const log = logOf(index === 0 ? name : `${name}-${index + 1}`);
          const { status } = await run(bin(command), args, { cwd: root, env, log, timeoutMs: 10 * minute });
          return { log, good: status === 0 };
        }),
      );
      const bad = done.find(({ good }) => !good);
      return one(bad === undefined, (bad ?? done[0])?.log ?? logOf(name));
    },
  };
}

/**
 * A test runner with counts of its own. One that fails without a failed test (it crashed, it hung) counts as a failure.
 * @param {string} name
 * @param {Context} context
 * @param {{ command: string, args: string[], env?: NodeJS.ProcessEnv, timeoutMs: number, count: (log: string) => Promise<Counts> }} runner
 * @returns {Promise<Result>}
 */
async function runner(name, context, { command, args, env, timeoutMs, count }) {
  const log = logOf(name);
  const { status, timedOut } = await run(command, args, { cwd: root, env: { ...context.env, ...env }, log, timeoutMs });
  const counts = await count(log).catch(() => ({
    passed: 0,
    failed: 0,
    skipped: 0,
    notes: ['failed: it left no report'],
  }));
  if (timedOut) counts.notes.push(`failed: not done after ${timeoutMs / minute} minutes`);
  if ((status !== 0 && counts.failed === 0) || timedOut) counts.failed += 1;
  if (counts.passed + counts.failed + counts.skipped === 0) {
    counts.failed = 1;
    counts.notes.push('failed: it ran no test');
  }
  return { ...counts, log };
}

/** @param {'android' | 'ios' | 'web'} platform @returns {Step} */
const bundling = (platform) => ({
  name: platform,
  work: async () => {
    const log = join(cacheDir, `bundle-${platform}.log`);
    const made = await withPrepareLock({ onWait: () => {} }, async () => {
      if (await isFresh(platform)) return false;
      await bundle(platform);
      return true;
    });
    return one(true, log, made ? [] : ['not built again: nothing that goes into it has changed']);
  },
});

/** @type {Step} */
const dependencies = {
  name: 'dependencies',
  work: async ({ env }) => {
    const log = logOf('dependencies');
    const script = join(root, 'tools', 'dependencies.mjs');
    const { status } = await run(modernNode(), [script], { cwd: root, env, log, timeoutMs: 2 * minute });
    return one(status === 0, log);
  },
};

/** @type {Step} */
const unit = {
  name: 'unit',
  needs: 'database',
  takes: ['media server'],
  work: async (context) => {
    const report = join(cacheDir, 'test-logs', 'unit.json');
    await rm(report, { force: true });
    return runner('unit', context, {
      command: modernNode(),
      args: [
        join(modulesDir, 'vitest', 'vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
      timeoutMs: 20 * minute,
      count: () => vitestCounts(report),
    });
  },
};

/** Thousands of seeds of the simulator, as many as take a minute; more by `npm run simulate`. @type {Step} */
const simulator = {
  name: 'simulator',
  work: async ({ env }) => {
    const log = logOf('simulator');
    const cli = join(root, 'packages', 'testing', 'src', 'simulator', 'cli.ts');
    const args = [cli, '--seeds', '2000', '--workers', '2', '--first'];
    const { status } = await run(modernNode(), args, { cwd: root, env, log, timeoutMs: 15 * minute });
    return one(status === 0, log);
  },
};

/** @type {Step} */
const database = {
  name: 'database',
  needs: 'database',
  work: (context) =>
    runner('database', context, {
      command: modernNode(),
      args: [join(root, 'tools', 'pgtap.mjs')],
      timeoutMs: 5 * minute,
      count: tapCounts,
    }),
};

/**
 * @param {string} name
 * @param {{ needs: 'browser' | 'lab', takes?: Take[], config: string, minutes: number }} options
 * @returns {Step}
 */
const playwright = (name, { needs, takes, config, minutes }) => ({
  name,
  needs,
  takes,
  work: async (context) => {
    const report = join(cacheDir, 'test-logs', `${name}.json`);
    await rm(report, { force: true });
    return runner(name, context, {
      command: modernNode(),
      args: [join(modulesDir, '@playwright', 'test', 'cli.js'), 'test', '--config', join(root, config)],
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      timeoutMs: minutes * minute,
      count: () => playwrightCounts(report),
    });
  },
});

/** Each bench once and briefly: that it works, not what it finds. @type {Step} */
const bench = {
  name: 'bench',
  needs: 'lab',
  takes: ['database', 'media server'],
  work: (context) =>
    runner('bench', context, {
      command: modernNode(),
      args: [join(root, 'bench', 'run.mjs'), '--smoke', '--quiet'],
      timeoutMs: 15 * minute,
      count: tapCounts,
    }),
};

/**
 * Cheap ones first: whoever broke something small hears of it within seconds. Then those that need no media server, which
 * may have to be built first.
 * @type {Step[]}
 */
export const steps = [
  commands('lint', [['biome', 'check', '--error-on-warnings', '.']]),
  commands('types', [
    ['tsc', '-p', 'tsconfig.json', '--noEmit'],
    ['tsc', '-p', 'apps/app/tsconfig.json', '--noEmit'],
  ]),
  commands('imports', [
    [
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      ...['packages', 'apps', 'e2e'].filter((f) => existsSync(join(root, f))),
    ],
  ]),
  commands('exports', [['knip', '--no-progress']]),
  dependencies,
  bundling('web'),
  bundling('android'),
  bundling('ios'),
  simulator,
  database,
  unit,
  playwright('screens', { needs: 'browser', config: 'e2e/screens.config.ts', minutes: 15 }),
  playwright('e2e', { needs: 'browser', takes: ['media server'], config: 'e2e/playwright.config.ts', minutes: 60 }),
  playwright('lab', { needs: 'lab', takes: ['media server'], config: 'e2e/lab.config.ts', minutes: 10 }),
  bench,
];
