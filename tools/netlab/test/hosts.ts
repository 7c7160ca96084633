import type { ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Netlab } from '../netlab.ts';

const script = fileURLToPath(new URL('./echo.ts', import.meta.url));
// Node 24 runs TypeScript as it is; a warning about it is no matter here.
const node = [process.execPath, ['--no-warnings', script]] as const;

/** The lines of a program, one at a time. */
function linesOf(child: ChildProcess): AsyncIterableIterator<string> {
  if (!child.stdout) throw new Error('The program has no output.');
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

/** Lets a host answer whoever pings it. */
export async function answerOn(lab: Netlab, host: string): Promise<void> {
  const child = lab.spawn(host, node[0], [...node[1], 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await linesOf(child).next();
}

/** The round trips in milliseconds of those that were answered, of `count`. */
export async function ping(lab: Netlab, from: string, to: string, count = 15): Promise<number[]> {
  const { stdout } = await lab.exec(from, node[0], [...node[1], 'ping', lab.address(to), String(count)]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { ms: number }).ms);
}

/** Round trips one after the other, until `stop()`. */
export function pingOnAndOn(lab: Netlab, from: string, to: string) {
  const child = lab.spawn(from, node[0], [...node[1], 'ping', lab.address(to), '100000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = linesOf(child);
  return {
    /** The first from now on that fits. The test's own time limit is the limit. */
    async until(fits: (ms: number) => boolean): Promise<number> {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error('The pings have ended.');
        const { ms } = JSON.parse(value) as { ms: number };
        if (fits(ms)) return ms;
      }
    },
    stop: () => child.kill('SIGKILL'),
  };
}

/** The namespaces of this machine whose name says that they belong to a lab. */
export function labNamespaces(): string[] {
  try {
    return readdirSync('/run/netns').filter((name) => name.startsWith('netlab-'));
  } catch {
    return [];
  }
}
