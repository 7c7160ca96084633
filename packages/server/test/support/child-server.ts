import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/node/main.ts', import.meta.url));

export interface ChildServer {
  readonly process: ChildProcess;
  /** Its address, once it is ready. Rejects where it ends before that. */
  readonly ready: Promise<string>;
  /** When it has ended: its status, or the signal that ended it. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly out: () => string;
  readonly err: () => string;
}

/** Runs the server as `npm start` does, on a free port. */
export function startChild(env: Record<string, string>, args: readonly string[] = []): ChildServer {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, PORT: '0', PARLEY_LIVEKIT: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const address = /^Parley is ready at (http\S+)\n/m.exec(out)?.[1];
      if (address !== undefined) resolve(address);
    });
    ended.then(({ code }) => reject(new Error(`The server ended with ${code}: ${err}`)));
  });
  // Most tests of failures never look at it.
  ready.catch(() => undefined);
  return { process: child, ready, ended, out: () => out, err: () => err };
}
