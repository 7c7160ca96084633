// Rings a second, made and taken back, on a real Postgres, and how late the ring is as load grows: one server and two of them, against
// pgbench with the very statements that the server sends. `pgbench` has no sockets, no rules and no JSON to parse: it is the
// database's own limit.

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnRedis, redisServerLack } from '../../packages/server/test/support/own-redis.ts';
import { which } from '../../tools/netlab/available.ts';
import { type Child, startParley } from '../lib/child.ts';
import { type BenchDatabase, databaseLack, isBackend, openBenchDatabase } from '../lib/database.ts';
import { Device, inGroups } from '../lib/device.ts';
import { curve, interval, type Result } from '../lib/report.ts';
import { roundsOf } from '../lib/size.ts';
import { median, medianRatio } from '../lib/stats.ts';
import { turnsOf } from '../lib/turns.ts';
import { limitOf, type Use, watchUse } from './limit.ts';
import { flatOut, openLoop, type Pair, type Step } from './pairs.ts';
import { pgbench, scriptOf } from './pgbench.ts';

/** Of what was offered; done less than this is past the limit. */
const KEEPS_UP = 0.85;

export const smoke = true;
export const isOurs = isBackend;
const lacking = await databaseLack();
export const lack = (): string | undefined =>
  lacking ?? (which('pgbench') || existsSync('/usr/bin/pgbench') ? undefined : 'no pgbench: it comes with Postgres');

/** A deployment and the people who are signed in to it. */
interface Side {
  readonly name: string;
  readonly nodes: readonly Child[];
  readonly pairs: readonly Pair[];
  readonly redis?: { readonly pid: number };
  close(): Promise<void>;
}
interface Found {
  readonly rings: Record<string, number[]>;
  /** Of the run flat out that was the fastest. */
  readonly uses: Record<string, Use>;
  readonly steps: Record<string, Step[]>;
}

export async function run({ smoke: brief, say }: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const pairCount = brief ? 4 : 64;
  const rounds = roundsOf(3, brief);
  const [seconds, loads] = brief ? [1, [5]] : [8, [25, 50, 100, 200, 400]];
  const database = await openBenchDatabase(4 * pairCount);
  const folder = await mkdtemp(join(tmpdir(), 'parley-rings-'));
  const sides: Side[] = [];
  try {
    const without = redisServerLack ?? undefined;
    const opening = [openSide('one node', database, folder, 1, 0, pairCount)];
    if (without === undefined) opening.push(openSide('two nodes', database, folder, 2, pairCount, pairCount));
    for (const opened of await Promise.allSettled(opening)) {
      if (opened.status === 'rejected') throw opened.reason;
      sides.push(opened.value);
    }
    const { text, statements, clients } = await scriptOf(database, pairCount);
    for (const { pairs } of sides) await flatOut(pairs.slice(0, 8), 1);
    const found: Found = { rings: {}, uses: {}, steps: {} };
    const note = (name: string, perSecond: number) => {
      found.rings[name] = [...(found.rings[name] ?? []), perSecond];
      say(`${name}: ${perSecond.toFixed(0)} rings a second`);
    };
    const contestants = [
      ...sides.map((side) => ({ name: side.name, once: () => flatOutWatched(side, database, seconds, found) })),
      { name: 'pgbench', once: async () => (await pgbench(database.url, text, seconds, clients)).perSecond },
    ];
    for (const { name, once } of turnsOf(contestants, rounds)) note(name, await once());
    for (const side of sides) {
      const steps: Step[] = [];
      found.steps[side.name] = steps;
      for (const offered of loads) {
        const step = await openLoop(side.pairs, offered, Math.min(seconds, 6));
        steps.push(step);
        say(`${side.name}: ${JSON.stringify(step)}`);
        // Past its limit a queue only grows: more would say nothing, and take minutes to drain.
        if (step.done < offered * KEEPS_UP) break;
      }
    }
    return report(found, statements, without);
  } finally {
    for (const side of sides) await side.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * So many servers on the one Postgres, each on a core of its own as far as there are some, and pairs of people from number `from` on.
 * With two every second caller is at the other server, and half of the callees at another one than their caller.
 */
async function openSide(
  name: string,
  database: BenchDatabase,
  folder: string,
  count: number,
  from: number,
  pairCount: number,
): Promise<Side> {
  const redis = count > 1 ? await OwnRedis.start() : undefined;
  const nodes: Child[] = [];
  const close = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await redis?.remove();
  };
  try {
    const starting = Array.from({ length: count }, (_, index) => {
      const env = { PARLEY_DATA_DIR: join(folder, `${name}-${index}`), ...(redis ? { REDIS_URL: redis.url } : {}) };
      return startParley({ ...database.env, ...env }, index).then((node) => nodes.push(node));
    });
    // All of them, so that none is left behind where one has failed.
    for (const started of await Promise.allSettled(starting)) if (started.status === 'rejected') throw started.reason;
    const at = (index: number) => nodes[index % count]?.url ?? '';
    const pairs = await inGroups(pairCount, 16, async (index): Promise<Pair> => {
      const n = from + index;
      const caller = await Device.open(at(index), database, 2 * n);
      const callee = await Device.open(at(index >> 1), database, 2 * n + 1);
      return { caller, callee };
    });
    return { name, nodes, pairs, close, ...(redis ? { redis } : {}) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function flatOutWatched(side: Side, database: BenchDatabase, seconds: number, found: Found): Promise<number> {
  const watch = watchUse(database, side.nodes, side.redis?.pid);
  const perSecond = await flatOut(side.pairs, seconds);
  const use = await watch.stop();
  if (perSecond > Math.max(0, ...(found.rings[side.name] ?? []))) found.uses[side.name] = use;
  return perSecond;
}

function report(found: Found, statements: number, without: string | undefined): Result {
  const { rings, uses, steps } = found;
  const names = ['one node', 'two nodes'];
  const bare = rings.pgbench ?? [];
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return {
    figures: { ...found, statements },
    table: {
      columns: ['', 'offered a second', 'done a second', 'ring heard, median', '99 of 100 within'],
      rows: [
        ...Object.entries(steps).flatMap(([name, all]) =>
          all.map(({ offered, done, p50, p99 }) => [name, offered, done.toFixed(0), ms(p50), ms(p99)]),
        ),
        ...Object.entries(rings).map(([name, all]) => [
          name === 'pgbench' ? 'pgbench, the same statements' : name,
          'as many as it can',
          median(all).toFixed(0),
          '',
          '',
        ]),
      ],
      notes: [
        `A ring that is made and taken back is ${statements} statements; pgbench has one more, for the time. Each server and pgbench has 10 connections.`,
        ...Object.entries(uses).map(([name, use]) => `\n- The limit of ${name}: ${limitOf(use)}.`),
        ...(without === undefined ? [] : [`Two nodes were not measured: ${without}.`]),
      ],
    },
    aims: names.map((name) => {
      const aim = `rings, ${name}: at least 0.5 times pgbench with the same SQL`;
      const ours = rings[name];
      if (ours === undefined) return { aim, found: without ?? 'not measured', met: null };
      const times = medianRatio(ours, bare);
      return { aim, found: `${interval(times)}×`, met: times.value >= 0.5 };
    }),
    svg: curve(
      'Rings as load grows',
      'offered a second',
      'ms',
      Object.entries(steps).flatMap(([name, all]) => [
        { name: `${name}: median`, points: all.map(({ offered, p50 }) => ({ x: offered, y: p50 })) },
        { name: `${name}: 99 of 100`, points: all.map(({ offered, p99 }) => ({ x: offered, y: p99 })) },
      ]),
    ),
  };
}
