// `npm test`, or `npm test -- types unit` for some of it. Plain JavaScript for the same reason as start.mjs.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { install, isInstalled } from './lib/install.mjs';
import { endLeftovers, runMark } from './lib/leftovers.mjs';
import { provideLiveKit } from './lib/livekit.mjs';
import { withPrepareLock } from './lib/lock.mjs';
import { modernEnv, modernNode } from './lib/node.mjs';
import { cacheDir, shown } from './lib/paths.mjs';
import { stopAll, tail } from './lib/run.mjs';
import { provide } from './lib/services.mjs';
import { steps } from './lib/steps.mjs';
import { Interrupted, Stop } from './lib/stop.mjs';

/** @typedef {import('./lib/steps.mjs').Step} Step */
/** @typedef {import('./lib/steps.mjs').Context} Context */

const onCi = process.env.CI === 'true';
const total = { passed: 0, failed: 0, skipped: 0 };

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

/** @param {string} name @param {import('./lib/counts.mjs').Counts} counts @param {number} begun */
function report(name, { passed, failed, skipped, notes }, begun) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const verdict = failed > 0 ? 'FAIL' : passed > 0 ? 'ok' : 'skip';
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  say(`${verdict.padEnd(5)} ${name.padEnd(9)} ${counts.padEnd(36)} ${seconds.padStart(6)} s`);
  for (const note of notes) say(`        ${note}`);
}

/** What somebody set for their own server must not reach the tests: they would run against its database. */
function cleanEnv() {
  const own =
    /^(PORT|HOST|PUBLIC_URL|TRUST_PROXY|DATABASE_URL|REDIS_URL|NODE_ENV)$|^(PARLEY(?!_FUZZ)|LIVEKIT|AGORA|AUTH|TURN)_/;
  const [name = '', value] = runMark.split('=');
  const kept = Object.entries(process.env).filter(([key]) => !own.test(key));
  return { ...modernEnv(Object.fromEntries(kept)), [name]: value, TMPDIR: process.env.TMPDIR ?? '/tmp' };
}

/** What goes on beside the steps is not left over from one of them. @param {NodeJS.ProcessEnv} env */
function unmarked(env) {
  const { [runMark.slice(0, runMark.indexOf('='))]: _, ...rest } = env;
  return rest;
}

/**
 * @param {Step} step @param {Context} context
 * @returns {{ why: string, mendable: boolean } | undefined} why it cannot run here, and whether a program would mend it
 */
function missing({ needs }, { databaseUrl, chromium, labLack }) {
  if (needs === 'database' && !databaseUrl) {
    return { why: 'no Postgres: set TEST_DATABASE_URL, or install it', mendable: true };
  }
  if ((needs === 'browser' || needs === 'lab') && !chromium) {
    return { why: 'no Chromium: set CHROMIUM_PATH, or install it', mendable: true };
  }
  return needs === 'lab' ? labLack : undefined;
}

/** @param {Step} step @param {Context} context */
async function perform(step, context) {
  const begun = Date.now();
  const lack = missing(step, context);
  // The unit tests run without a database too: the suites that want one skip themselves.
  if (lack && (onCi || step.name !== 'unit')) {
    // What nobody can install (root, the kernel's devices) is no fault of whoever asked for the tests.
    const fails = onCi && lack.mendable;
    const notes = [`${fails ? 'failed' : 'skipped'}: ${lack.why}`];
    return report(step.name, { passed: 0, failed: fails ? 1 : 0, skipped: fails ? 0 : 1, notes }, begun);
  }
  try {
    const result = await step.work(context);
    const left = await endLeftovers();
    if (left.length > 0) result.notes.push(`left running, and ended: ${left.join(', ')}`);
    report(step.name, result, begun);
    if (result.failed > 0) await sayTail(result.log);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const sentence = error instanceof Error ? error.message : String(error);
    report(step.name, { passed: 0, failed: 1, skipped: 0, notes: [sentence] }, begun);
    if (error instanceof Stop && error.log) await sayTail(error.log);
  }
}

/** @param {string} log */
async function sayTail(log) {
  say(`----- the end of ${shown(log)}`);
  say(await tail(log, 60));
  say('-----');
}

/** @param {Step[]} chosen */
async function all(chosen) {
  if (!(await isInstalled())) {
    say('installing packages …');
    await withPrepareLock({ onWait: () => say('another process prepares this folder; waiting …') }, install);
  }
  modernNode();
  /** @param {import('./lib/steps.mjs').Need | import('./lib/steps.mjs').Take} what */
  const wants = (what) => chosen.some(({ needs, takes = [] }) => [needs, ...takes].includes(what));
  const services = await provide({ database: wants('database'), browser: wants('browser'), lab: wants('lab'), say });
  try {
    // Calls of a group are tested on a real media server. To build it takes minutes: the steps that do without go ahead.
    const mediaServer = wants('media server') ? provideLiveKit({ env: unmarked(cleanEnv()), say }) : undefined;
    mediaServer?.catch(() => {});
    const { databaseUrl, chromium, labLack } = services;
    const env = { ...cleanEnv(), TEST_DATABASE_URL: databaseUrl, CHROMIUM_PATH: chromium };
    for (const step of chosen) {
      if (step.takes?.includes('media server')) await mediaServer;
      await perform(step, { databaseUrl, chromium, labLack, env });
    }
  } finally {
    await services.stop();
  }
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => stopAll('SIGTERM'));

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  process.stderr.write(`There is no step ${unknown.join(', ')}. Steps: ${steps.map(({ name }) => name).join(', ')}.\n`);
  process.exit(2);
}
// Browsers without the web app of today would test the app of yesterday.
const wanted = asked.some((name) => ['screens', 'e2e', 'lab', 'bench'].includes(name)) ? [...asked, 'web'] : asked;
try {
  await rm(join(cacheDir, 'test-logs'), { recursive: true, force: true });
  await all(wanted.length > 0 ? steps.filter(({ name }) => wanted.includes(name)) : steps);
} catch (error) {
  total.failed += 1;
  if (error instanceof Interrupted) say('interrupted');
  else if (error instanceof Stop) {
    say(error.message);
    if (error.log) await sayTail(error.log);
  } else say(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
await endLeftovers();
say(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);
