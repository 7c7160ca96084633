// `npm start`: installs what is missing, builds what is stale, runs the server. Plain JavaScript, because this file runs
// before anything is installed, on whatever Node (20 or newer) the machine has.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, isFresh } from './lib/bundle.mjs';
import { install, isInstalled } from './lib/install.mjs';
import { withPrepareLock } from './lib/lock.mjs';
import { modernEnv, modernNode } from './lib/node.mjs';
import { cacheDir, root, serverMain, shown, webDir } from './lib/paths.mjs';
import { run, stopAll, tail } from './lib/run.mjs';
import { Interrupted, Stop } from './lib/stop.mjs';

/** @type {import('node:child_process').ChildProcess | undefined} */
let server;
let stopping = false;

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

/** Asked to stop. A signal comes twice when a terminal sends it to the group and npm passes it on: the second is nothing new. */
function stop() {
  if (stopping) return;
  stopping = true;
  stopAll('SIGTERM');
  server?.kill('SIGTERM');
  setTimeout(() => {
    server?.kill('SIGKILL');
    process.stderr.write('The server did not stop within 15 seconds and was killed.\n');
    process.exit(1);
  }, 15_000).unref();
}

/** A server whose npm was killed would hold its port and its folder for ever, and nobody would know of it. */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event !== 'start') return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 1000).unref();
}

/** @param {string} what @param {() => Promise<unknown>} work */
async function step(what, work) {
  say(`${what} …`);
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1000);
  const timer = setInterval(() => say(`  still at it after ${seconds()} s`), 20_000);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  say(`  done in ${seconds()} s`);
}

/** A variable that makes no sense is told before the minute and a half of a build, not after. */
async function checkConfig() {
  const log = join(cacheDir, 'check-config.log');
  const { status } = await run(modernNode(), [serverMain, '--check-config'], { cwd: root, log, env: serverEnv() });
  if (status !== 0) throw new Stop((await tail(log, 1)) || 'The configuration was refused.');
}

const serverEnv = () => ({ ...modernEnv(), PARLEY_WEB_DIR: webDir });

async function prepare() {
  const waiting = { onWait: () => say('Another process prepares this folder; waiting for it …') };
  if (!(await isInstalled())) {
    await withPrepareLock(waiting, async () => {
      if (!(await isInstalled())) await step('Installing packages (about a minute)', install);
    });
  }
  modernNode();
  if (!(await isFresh('web'))) {
    await checkConfig();
    await withPrepareLock(waiting, async () => {
      if (await isFresh('web')) return;
      const first = !existsSync(webDir);
      await step(first ? 'Building the app (the first time about two minutes)' : 'Building the app', () =>
        bundle('web'),
      );
    });
  }
}

/** @returns {Promise<number>} the status to end with */
function serve() {
  return new Promise((resolve) => {
    if (stopping) return resolve(0);
    server = spawn(modernNode(), [serverMain], { cwd: root, env: serverEnv(), stdio: 'inherit' });
    server.on('error', (error) => {
      process.stderr.write(`The server could not be started: ${error.message}\n`);
      resolve(1);
    });
    server.on('exit', (code, signal) => {
      if (code !== null) return resolve(code);
      if (stopping && signal !== 'SIGKILL') return resolve(0);
      process.stderr.write(`The server was ended by ${signal}.\n`);
      resolve(1);
    });
  });
}

/** @param {unknown} error @returns {number} the status to end with */
function explain(error) {
  if (error instanceof Interrupted) return 0;
  const { code, path } = /** @type {NodeJS.ErrnoException} */ (error);
  if (error instanceof Stop) {
    process.stderr.write(`${error.message}${error.log ? ` The log is ${shown(error.log)}.` : ''}\n`);
  } else if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    process.stderr.write(`The folder of this clone must be writable, and ${path ?? root} is not.\n`);
  } else if (code === 'ENOSPC') {
    process.stderr.write('The disk is full.\n');
  } else {
    process.stderr.write(`The start failed unexpectedly: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
  return 1;
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, stop);
stopWithNpm();
try {
  await prepare();
  process.exitCode = await serve();
} catch (error) {
  process.exitCode = explain(error);
}
process.exit();
