import { idOf, TEAM } from '../lib/database.ts';
import type { Device } from '../lib/device.ts';
import { median, quantile } from '../lib/stats.ts';

export interface Pair {
  readonly caller: Device;
  readonly callee: Device;
}
export interface Step {
  readonly offered: number;
  readonly done: number;
  readonly p50: number;
  readonly p99: number;
}

/** @returns milliseconds from the create to the ring at the other */
async function ring({ caller, callee }: Pair): Promise<number> {
  const body = { teamId: TEAM, channelId: null, callType: 'audio', recipientIds: [idOf('person', callee.n)] };
  const rung = callee.next(({ t }) => t === 'ring').then(() => performance.now());
  const begun = performance.now();
  const { id } = await caller.command('create', body);
  const ms = (await rung) - begun;
  await caller.command('cancel', {}, id);
  return ms;
}

/** All pairs, one ring after the other. @returns rings a second */
export async function flatOut(pairs: readonly Pair[], seconds: number): Promise<number> {
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
export async function openLoop(pairs: readonly Pair[], offered: number, seconds: number): Promise<Step> {
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
