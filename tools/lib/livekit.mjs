import { join } from 'node:path';
import { modernNode } from './node.mjs';
import { cacheDir, root } from './paths.mjs';
import { run, tail } from './run.mjs';

const module = join(root, 'packages', 'server', 'src', 'node', 'sfu', 'binary.ts');
const log = join(cacheDir, 'test-logs', 'livekit.log');
/** Modules and their compilation on a slow machine that has neither. */
const LIMIT_MS = 15 * 60_000;

const script = `
  import { findLiveKit } from ${JSON.stringify(module)};
  const { signal } = new AbortController();
  const say = (line) => console.log('say ' + line);
  await findLiveKit({ cacheDir: null, releases: null, say, signal });
`;

/**
 * Puts a livekit-server where the tests look for one, in the same way as `npm start`: on the PATH, in the cache, built, fetched.
 * Where none can be had the tests that want one say so themselves.
 * @param {{ env: NodeJS.ProcessEnv, say: (line: string) => void }} options
 */
export async function provideLiveKit({ env, say }) {
  const args = ['--no-warnings', '--input-type=module', '-e', script];
  const timer = setInterval(() => say('  still at it'), 30_000);
  /** @param {string} line */
  const onLine = (line) => line.startsWith('say ') && say(`${line.slice(4)}`);
  try {
    const { status } = await run(modernNode(), args, { cwd: root, env, log, timeoutMs: LIMIT_MS, onLine });
    if (status !== 0) say(`no livekit-server: ${await tail(log, 3)}`);
  } finally {
    clearInterval(timer);
  }
}
