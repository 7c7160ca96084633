import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/** Characters of a failed program's own words that are passed on. */
const TAIL = 400;

/** Runs a program to its end, behind everything else: people are in calls meanwhile. @throws Error with the end of what it printed where it fails */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    } catch {
      // It is over already, or this system does not let us: then it is in the way a little.
    }
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString('utf8')).slice(-TAIL);
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(printed.trim() || `exit ${code}`))));
  });
}
