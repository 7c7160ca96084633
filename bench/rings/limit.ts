import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Child } from '../lib/child.ts';
import type { BenchDatabase } from '../lib/database.ts';
import { processOf, timesOf } from '../lib/load.ts';

const LOOK_MS = 100;
/** Of one core, from which on a process is as fast as it can be. */
const FULL = 0.9;
/** Of the machine: with less than this idle nobody gets more. */
const SCARCE = 0.1;
/** Of the looks at busy backends: what so many of them wait for holds up the rest. */
const HELD_UP = 0.3;

/** What was used while it was measured, in cores: 1 is one of them all the time. */
export interface Use {
  readonly cores: number;
  readonly idle: number;
  readonly postgres: number;
  /** One for each server process. */
  readonly nodes: readonly number[];
  readonly redis: number;
  /** This process, which plays all clients. */
  readonly bench: number;
  /** What busy backends waited for, as shares of all looks at them: `Lock:transactionid`, `IO:WALSync` … `working` for nothing. */
  readonly waits: Readonly<Record<string, number>>;
}

type Looked = { pid: number; wait: string | null };

/** Looks on, by /proc and pg_stat_activity, ten times a second. */
export function watchUse(
  database: BenchDatabase,
  nodes: readonly Child[],
  redisPid?: number,
): { stop(): Promise<Use> } {
  const backends = new Map<number, { first: number; last: number }>();
  const waits = new Map<string, number>();
  let looks = 0;
  const look = async () => {
    const rows = (await database.db.once(
      `select pid, case when state = 'active' then coalesce(wait_event_type || ':' || wait_event, 'working') end as wait
       from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()`,
      [database.name],
    )) as Looked[];
    for (const { pid, wait } of rows) {
      const ms = await cpuMsOf(pid);
      const known = backends.get(pid);
      if (known) known.last = ms;
      else backends.set(pid, { first: ms, last: ms });
      if (wait === null) continue;
      looks += 1;
      waits.set(wait, (waits.get(wait) ?? 0) + 1);
    }
  };
  const begun = performance.now();
  const ownBefore = process.cpuUsage();
  const before = Promise.all([machine(), ...nodes.map((node) => node.cpuMs()), cpuMsOf(redisPid)]);
  let going = look().catch(() => undefined);
  const timer = setInterval(() => {
    going = going.then(look).catch(() => undefined);
  }, LOOK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await going;
      await look().catch(() => undefined);
      const after = await Promise.all([machine(), ...nodes.map((node) => node.cpuMs()), cpuMsOf(redisPid)]);
      const ms = performance.now() - begun;
      const { user, system } = process.cpuUsage(ownBefore);
      const [idleBefore, ...othersBefore] = await before;
      const [idleAfter, ...othersAfter] = after;
      const each = othersAfter.map((one, index) => (one - (othersBefore[index] ?? 0)) / ms);
      const postgres = [...backends.values()].reduce((sum, { first, last }) => sum + last - first, 0) / ms;
      return {
        cores: cpus().length,
        idle: (idleAfter - idleBefore) / ms,
        postgres,
        nodes: each.slice(0, -1),
        redis: each.at(-1) ?? 0,
        bench: (user + system) / 1000 / ms,
        waits: Object.fromEntries([...waits].map(([wait, times]) => [wait, times / Math.max(1, looks)])),
      };
    },
  };
}

/** Time in which all processors together had nothing to do, in milliseconds. */
async function machine(): Promise<number> {
  const { busy, all } = timesOf(await readFile('/proc/stat', 'utf8'));
  return (all - busy) * 10;
}

async function cpuMsOf(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return (processOf(stat)?.ticks ?? 0) * 10;
}

const share = (value: number): string => `${Math.round(value * 100)} %`;

/** What keeps it from being more, in a sentence, by what was used. */
export function limitOf({ cores, idle, postgres, nodes, redis, bench, waits }: Use): string {
  const busiest = Math.max(0, ...nodes);
  const parts =
    `Postgres ${share(postgres)}, ${nodes.length > 1 ? 'servers' : 'server'} ${nodes.map(share).join(' and ')}, ` +
    `${redis > 0.005 ? `Redis ${share(redis)}, ` : ''}the bench's clients ${share(bench)} of a core`;
  const [wait, times] = Object.entries(waits)
    .filter(([name]) => name !== 'working' && !name.startsWith('Client:'))
    .reduce<readonly [string, number]>((most, one) => (one[1] > most[1] ? one : most), ['', 0]);
  if (busiest >= FULL) return `the server's one thread (${parts})`;
  if (bench >= FULL) return `the bench's own process, not Parley (${parts})`;
  if (idle <= SCARCE * cores) return `the machine's ${cores} cores (${parts})`;
  if (times >= HELD_UP) {
    const what = /^Lock:/.test(wait) ? 'locks' : /WAL|IO:/.test(wait) ? 'the disk' : 'Postgres, inside';
    return `${what}: ${share(times)} of the busy backends wait for ${wait} (${parts})`;
  }
  return `the way there and back: nothing is at its limit (${parts}, ${share(idle)} of a core idle)`;
}
