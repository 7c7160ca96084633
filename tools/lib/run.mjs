import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Interrupted } from './stop.mjs';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
let interrupted = false;

/**
 * Ends whatever runs, group by group: bundlers and browsers start processes of their own.
 * @param {NodeJS.Signals} signal
 */
export function stopAll(signal) {
  interrupted = true;
  for (const child of running) signalGroup(child, signal);
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/**
 * Runs a program to its end with its output in a log.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, log: string, timeoutMs?: number, onLine?: (line: string) => void }} options
 * @returns {Promise<{ status: number, timedOut: boolean }>} a status of 127 where the program could not be started
 */
export async function run(command, args, options) {
  if (interrupted) throw new Interrupted();
  await mkdir(dirname(options.log), { recursive: true });
  const log = createWriteStream(options.log);
  const result = await new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    let timedOut = false;
    /** @type {NodeJS.Timeout[]} */
    const timers = [];
    if (options.timeoutMs !== undefined) {
      timers.push(
        setTimeout(() => {
          timedOut = true;
          signalGroup(child, 'SIGTERM');
          timers.push(setTimeout(() => signalGroup(child, 'SIGKILL'), 10_000));
        }, options.timeoutMs),
      );
    }
    let rest = '';
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      log.write(chunk);
      if (!options.onLine) return;
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) options.onLine(line);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => {
      log.write(`${error.message}\n`);
      done(127);
    });
    // Not 'close': a grandchild that was left behind would hold the pipes open, and with them this command.
    child.on('exit', (code) => setTimeout(() => done(code ?? 1), 50));
    /** @param {number} status */
    function done(status) {
      for (const timer of timers) clearTimeout(timer);
      running.delete(child);
      signalGroup(child, 'SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
      log.end(() => resolve({ status, timedOut }));
    }
  });
  if (interrupted) throw new Interrupted();
  return result;
}

/** @param {string} log @param {number} lines @returns {Promise<string>} the last lines of a log, without colours */
export async function tail(log, lines) {
  const text = await readFile(log, 'utf8').catch(() => '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the escape sequences of a terminal
  const plain = text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').trimEnd();
  return plain.split('\n').slice(-lines).join('\n');
}
