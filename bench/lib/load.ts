import { readdir, readFile } from 'node:fs/promises';

/** In ticks of the kernel's clock. */
interface Times {
  readonly busy: number;
  readonly all: number;
}

export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly ticks: number;
}

export interface Load {
  /** Share of all processors that others took while it was measured: 0 to 1. Null where the system does not tell. */
  readonly foreign: number | null;
  readonly own: number | null;
}

/** With more of the machine taken by others than this, times say little: the run is not valid. */
export const MOST_FOREIGN = 0.1;
const LOOK_MS = 500;

/** Of the first line of /proc/stat: what counts as idle is idle and waiting for disks. */
export function timesOf(stat: string): Times {
  const ticks = (stat.split('\n', 1)[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, one) => sum + one, 0);
  return { busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0), all };
}

/** Of /proc/PID/stat; the name may have spaces and brackets in it. */
export function processOf(stat: string): ProcessTimes | null {
  const match = /^(\d+) \((.*)\) \S (\d+) (.*)$/s.exec(stat.trim());
  if (!match) return null;
  const [, pid = '', command = '', parent = '', rest = ''] = match;
  const fields = rest.split(' ').map(Number);
  // Fields 14 and 15 of proc(5); four come before the rest.
  return { pid: Number(pid), parent: Number(parent), command, ticks: (fields[9] ?? 0) + (fields[10] ?? 0) };
}

/** Those that have one of `roots` among their ancestors, or are one. */
export function family(processes: readonly ProcessTimes[], roots: ReadonlySet<number>): ProcessTimes[] {
  const byPid = new Map(processes.map((one) => [one.pid, one]));
  const isOurs = (one: ProcessTimes): boolean => {
    const seen = new Set<number>();
    for (let at: ProcessTimes | undefined = one; at && !seen.has(at.pid); at = byPid.get(at.parent)) {
      if (roots.has(at.pid)) return true;
      seen.add(at.pid);
    }
    return false;
  };
  return processes.filter(isOurs);
}

async function look(): Promise<{ times: Times; processes: ProcessTimes[] }> {
  const times = timesOf(await readFile('/proc/stat', 'utf8'));
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  const processes = stats.flatMap((stat) => processOf(stat) ?? []);
  return { times, processes };
}

/**
 * Looks on while something is measured: how much of the machine was ours, and how much others took.
 * @param isOurs processes that are ours though they are no children of this one, such as a database's
 */
export function watchLoad(isOurs: (one: ProcessTimes) => boolean = () => false): { stop(): Promise<Load> } {
  /** How much each process has used since it was first seen. One that ends between two looks counts as others'. */
  const used = new Map<number, { first: number; last: number }>();
  let begun: Times | null = null;
  let newest: Times | null = null;
  const note = async (isFirst: boolean): Promise<void> => {
    const { times, processes } = await look();
    begun ??= times;
    newest = times;
    const roots = new Set([process.pid, ...processes.filter(isOurs).map(({ pid }) => pid)]);
    for (const { pid, ticks } of family(processes, roots)) {
      const known = used.get(pid);
      if (known) known.last = ticks;
      // What was there before has used something before; what is new has not.
      else used.set(pid, { first: isFirst ? ticks : 0, last: ticks });
    }
  };
  let going = note(true).catch(() => undefined);
  const timer = setInterval(() => {
    going = going.then(() => note(false)).catch(() => undefined);
  }, LOOK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await going;
      await note(false).catch(() => undefined);
      if (begun === null || newest === null || newest.all === begun.all) return { foreign: null, own: null };
      const all = newest.all - begun.all;
      const own = [...used.values()].reduce((sum, { first, last }) => sum + last - first, 0) / all;
      return { own, foreign: Math.max(0, (newest.busy - begun.busy) / all - own) };
    },
  };
}
