// Rings a second, made and taken back, on a real Postgres, and how late the ring is as load grows: one server, against pgbench with
// the very statements that the server sends. `pgbench` has no sockets, no rules and no JSON to parse: it is the database's own limit.
import { existsSync } from 'node:fs';
import { which } from '../../tools/netlab/available.ts';
import { startParley } from '../lib/child.ts';
import { databaseLack, idOf, isBackend, openBenchDatabase, TEAM } from '../lib/database.ts';
import { Device, inGroups } from '../lib/device.ts';
import { curve, interval, type Result } from '../lib/report.ts';
import { median, medianRatio, quantile } from '../lib/stats.ts';
import { pgbench, scriptOf } from './pgbench.ts';

export const smoke = true;
export const isOurs = isBackend;
const lacking = await databaseLack();
export const lack = (): string | undefined =>
  lacking ?? (which('pgbench') || existsSync('/usr/bin/pgbench') ? undefined : 'no pgbench: it comes with Postgres');

interface Pair {
  readonly caller: Device;
  readonly callee: Device;
  readonly n: number;
}
interface Step {
  readonly offered: number;
  readonly done: number;
  readonly p50: number;
  readonly p99: number;
}

export async function run({ smoke: brief, say }: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const pairCount = brief ? 4 : 64;
  const [seconds, rounds, loads] = brief ? [1, 1, [5]] : [8, 3, [25, 50, 100, 200, 400]];
  const database = await openBenchDatabase(2 * pairCount);
  try {
    const server = await startParley(database.env);
    try {
      const pairs = await inGroups(pairCount, 16, async (n): Promise<Pair> => {
        const [caller, callee] = [
          await Device.open(server.url, database, 2 * n),
          await Device.open(server.url, database, 2 * n + 1),
        ];
        return { caller, callee, n };
      });
      const { text, statements, clients } = await scriptOf(database, pairCount);
      await flatOut(pairs.slice(0, 8), 1);
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const order = round % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours'];
        for (const who of order) {
          if (who === 'ours') ours.push(await flatOut(pairs, seconds));
          else theirs.push((await pgbench(database.url, text, seconds, clients)).perSecond);
        }
        say(`${ours.at(-1)?.toFixed(0)} rings a second, pgbench ${theirs.at(-1)?.toFixed(0)}`);
      }
      const steps: Step[] = [];
      for (const offered of loads) {
        steps.push(await openLoop(pairs, offered, seconds));
        say(JSON.stringify(steps.at(-1)));
      }
      return report(ours, theirs, steps, statements);
    } finally {
      await server.stop();
    }
  } finally {
    await database.close();
  }
}

/** @returns milliseconds from the create to the ring at the other */
async function ring({ caller, callee, n }: Pair): Promise<number> {
  const body = { teamId: TEAM, channelId: null, callType: 'audio', recipientIds: [idOf('person', 2 * n + 1)] };
  const rung = callee.next(({ t }) => t === 'ring').then(() => performance.now());
  const begun = performance.now();
  const { id } = await caller.command('create', body);
  const ms = (await rung) - begun;
  await caller.command('cancel', {}, id);
  return ms;
}

/** All pairs, one ring after the other. @returns rings a second */
async function flatOut(pairs: readonly Pair[], seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const work = async (pair: Pair) => {
    while (performance.now() < end) {
      await ring(pair);
      done += 1;
    }
  };
  const begun = performance.now();
  await Promise.all(pairs.map(work));
  return done / ((performance.now() - begun) / 1000);
}

/** So many a second, whether or not those before are done: one that finds no pair free waits, and its wait counts. */
async function openLoop(pairs: readonly Pair[], offered: number, seconds: number): Promise<Step> {
  const free = [...pairs];
  const waiting: ((pair: Pair) => void)[] = [];
  const late: number[] = [];
  const one = async () => {
    const due = performance.now();
    const pair = free.pop() ?? (await new Promise<Pair>((resolve) => waiting.push(resolve)));
    const waited = performance.now() - due;
    late.push(waited + (await ring(pair)));
    const next = waiting.shift();
    if (next) next(pair);
    else free.push(pair);
  };
  const begun = performance.now();
  const all: Promise<void>[] = [];
  for (let n = 0; n < offered * seconds; n += 1) {
    const due = begun + (n * 1000) / offered;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    all.push(one());
  }
  await Promise.all(all);
  const took = (performance.now() - begun) / 1000;
  return { offered, done: late.length / took, p50: median(late), p99: quantile(late, 0.99) };
}

function report(ours: number[], theirs: number[], steps: readonly Step[], statements: number): Result {
  const found = medianRatio(ours, theirs);
  const met = found.value >= 0.5;
  return {
    figures: { ours, theirs, steps, statements },
    table: {
      columns: ['offered a second', 'done a second', 'ring heard, median', '99 of 100 within'],
      rows: [
        ...steps.map(({ offered, done, p50, p99 }) => [
          offered,
          done.toFixed(0),
          `${p50.toFixed(1)} ms`,
          `${p99.toFixed(1)} ms`,
        ]),
        ['as many as it can', median(ours).toFixed(0), '', ''],
        ['pgbench, the same statements', median(theirs).toFixed(0), '', ''],
      ],
      notes: [
        `A ring that is made and taken back is ${statements} statements; pgbench has one more, for the time. One server, 10 connections each.`,
      ],
    },
    aims: [{ aim: 'rings: at least 0.5 times pgbench with the same SQL', found: `${interval(found)}×`, met }],
    svg: curve('Rings as load grows', 'offered a second', 'ms', [
      { name: 'median', points: steps.map(({ offered, p50 }) => ({ x: offered, y: p50 })) },
      { name: '99 of 100', points: steps.map(({ offered, p99 }) => ({ x: offered, y: p99 })) },
    ]),
  };
}
