// A server that dies with everybody on it: how long until N sockets are back at another one with all that they need to know, against a
// bare `ws` server to which they come back with the same pauses. And how often the database is asked for each of them.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Child, startParley } from '../lib/child.ts';
import { type BenchDatabase, databaseLack, idOf, isBackend, openBenchDatabase, TEAM } from '../lib/database.ts';
import { type Aim, interval, type Result } from '../lib/report.ts';
import { roundsOf } from '../lib/size.ts';
import { median, medianRatio, quantile } from '../lib/stats.ts';
import { turnsOf } from '../lib/turns.ts';
import type { Return } from './crowd.ts';
import { CrowdChild } from './crowd-child.ts';
import { QueryCounter } from './query-counter.ts';

export const smoke = true;
export const isOurs = isBackend;
const lacking = await databaseLack();
export const lack = (): string | undefined => lacking;

/** One in ten sits in a call, so that there is something to be told. */
const PEOPLE_PER_CALL = 20;
/** The same for both, so that their clients have come to the same pauses: Parley's own start takes longer than that of `ws`. */
const DOWN_MS = 2_000;
/** So long the database is watched while nobody comes. */
const WATCH_MS = 4_000;

interface Side {
  readonly name: string;
  readonly crowd: CrowdChild;
  url(): string;
  once(downMs: number): Promise<Storm>;
  close(): Promise<void>;
}

interface Storm extends Return {
  /** The server's processor for each socket, in milliseconds. */
  readonly cpuEach: number;
}

interface Size {
  readonly counts: readonly number[];
  readonly downMs: number;
  readonly watchMs: number;
  readonly rounds: number;
}

/** `PARLEY_BENCH_STORM=500,10000` takes other numbers. Each crowd, and each server, needs that many open files. */
function sizeOf(brief: boolean): Size {
  if (brief) return { counts: [40], rounds: 1, downMs: 200, watchMs: 500 };
  const given = process.env.PARLEY_BENCH_STORM;
  const counts = given === undefined ? [500, 1000, 2000] : given.split(',').map(Number);
  if (counts.some((count) => !Number.isInteger(count) || count < 1 || count > 10_000)) {
    throw new Error('PARLEY_BENCH_STORM must be numbers from 1 to 10000, separated by commas.');
  }
  return { counts: counts.toSorted((a, b) => a - b), rounds: roundsOf(5, brief), downMs: DOWN_MS, watchMs: WATCH_MS };
}

export async function run({ smoke: brief, say }: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const { counts, rounds, downMs, watchMs } = sizeOf(brief);
  const most = Math.max(...counts);
  const database = await openBenchDatabase(most);
  const counter = await QueryCounter.start(database.url);
  const sides: Side[] = [];
  try {
    const parley = await parleySide(database, counter);
    sides.push(parley, await plainSide());
    const queries = await queriesOfOne(counter, parley, Math.min(counts[0] ?? 1, 200), watchMs);
    say(`${queries.toFixed(1)} queries for each socket`);
    const found: Record<number, Record<string, Storm[]>> = {};
    let seated = 0;
    for (const count of counts) {
      const storms: Record<string, Storm[]> = {};
      found[count] = storms;
      for (const { crowd } of sides) await crowd.grow(count);
      await sitInCalls(database, sides[0]?.url() ?? '', seated, count);
      seated = count;
      for (const { name, once } of turnsOf(sides, rounds)) {
        const storm = await once(downMs);
        storms[name] = [...(storms[name] ?? []), storm];
        say(`${count} sockets, ${name}: all back after ${Math.round(storm.times.at(-1) ?? 0)} ms`);
      }
    }
    return report(found, queries);
  } finally {
    for (const side of sides) await side.close();
    counter.close();
    await database.close();
  }
}

/** A side whose server is killed, and whose people come to the next one. */
function sideOf(name: string, start: () => Promise<Child>, first: Child, hello: (n: number) => object): Side {
  let server = first;
  const crowd = new CrowdChild({ url: () => server.url, hello });
  return {
    name,
    crowd,
    url: () => server.url,
    once: async (downMs) => {
      const next = await start();
      const old = server;
      const cpu = await next.cpuMs();
      const back = await crowd.storm(
        () => old.kill(),
        downMs,
        () => {
          server = next;
        },
      );
      return { ...back, cpuEach: ((await next.cpuMs()) - cpu) / back.times.length };
    },
    close: async () => {
      crowd.close();
      await server.stop();
    },
  };
}

const helloOf = (database: BenchDatabase) => (n: number) => ({
  t: 'hello',
  v: 1,
  token: database.token(n),
  deviceId: idOf('device', n),
  instanceId: idOf('instance', n),
  resume: { calls: {}, inbox: 0 },
});

/**
 * Parley on this database, the first one behind the counter. The next one starts while the last one runs, and two do not share a
 * folder.
 */
async function parleySide(database: BenchDatabase, counter: QueryCounter): Promise<Side> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-storm-'));
  let started = 0;
  const start = () => {
    started += 1;
    const counted = started === 1 ? { DATABASE_URL: counter.url } : {};
    return startParley({ ...database.env, ...counted, PARLEY_DATA_DIR: join(folder, String(started)) });
  };
  const side = sideOf('parley', start, await start(), helloOf(database));
  return {
    ...side,
    close: async () => {
      await side.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function plainSide(): Promise<Side> {
  const start = () => Child.start('bench/lib/servers/ws.mjs');
  return sideOf('ws', start, await start(), (n) => ({ t: 'hello', instanceId: idOf('instance', n) }));
}

/** Neighbours call each other, those from number `from` on: by requests, which leave the sockets alone. */
async function sitInCalls(database: BenchDatabase, url: string, from: number, until: number): Promise<void> {
  const ask = async (n: number, path: string, body: object): Promise<{ id: string }> => {
    const answer = await fetch(`${url}/api/calls${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${database.token(n)}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        'x-device-id': idOf('device', n),
        'x-instance-id': idOf('instance', n),
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`POST /api/calls${path} gave ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { id: string };
  };
  for (let n = Math.ceil(from / PEOPLE_PER_CALL) * PEOPLE_PER_CALL; n + 1 < until; n += PEOPLE_PER_CALL) {
    const recipientIds = [idOf('person', n + 1)];
    const { id } = await ask(n, '', { teamId: TEAM, channelId: null, callType: 'audio', recipientIds });
    await ask(n + 1, `/${id}/accept`, {});
    for (const one of [n, n + 1]) await ask(one, `/${id}/media-connected`, {});
  }
}

/** How often the database is asked when one socket comes back, beside what the server asks for anyway. */
async function queriesOfOne(counter: QueryCounter, { crowd }: Side, sockets: number, watchMs: number): Promise<number> {
  await crowd.grow(sockets);
  const before = counter.count;
  await pause(watchMs);
  const idle = (counter.count - before) / watchMs;
  const from = counter.count;
  const begun = performance.now();
  await crowd.comeBack();
  return (counter.count - from - idle * (performance.now() - begun)) / sockets;
}

const half = ({ times }: Return): number => quantile(times, 0.5);
const most = ({ times }: Return): number => quantile(times, 0.95);
/** Mostly a matter of chance: of whoever tried often while nobody was there, and waits the longer for it. */
const last = ({ times }: Return): number => times.at(-1) ?? Number.NaN;

function report(found: Record<number, Record<string, Storm[]>>, queries: number): Result {
  const rows = Object.entries(found).flatMap(([count, storms]) =>
    Object.entries(storms).map(([name, all]) => {
      const of = (figure: (storm: Storm) => number) => median(all.map(figure));
      const timesWs = (figure: (storm: Storm) => number) =>
        name === 'ws' ? '1.00' : interval(medianRatio(all.map(figure), (storms.ws ?? []).map(figure)));
      return [
        `${count}: ${name}`,
        `${of(half).toFixed(0)} ms`,
        `${of(most).toFixed(0)} ms`,
        timesWs(most),
        `${of(last).toFixed(0)} ms`,
        timesWs(last),
        `${of(({ cpuEach }) => cpuEach).toFixed(2)} ms`,
        of(({ attempts }) => attempts / Number(count)).toFixed(1),
      ];
    }),
  );
  const aim: Aim = {
    aim: 'storm: at most one query for each socket that comes back',
    found: queries.toFixed(1),
    met: Math.round(queries * 10) / 10 <= 1,
  };
  return {
    figures: { found, queries },
    table: {
      columns: [
        'sockets',
        'half are back',
        '95 of 100',
        'all',
        'all, times ws',
        'processor for each',
        'attempts of each',
      ],
      rows,
      notes: [
        `${queries.toFixed(1)} queries to the database for each socket. Times are from the moment at which the next server can be reached, ` +
          `${DOWN_MS / 1000} s after the other one was killed; both sides make the same pauses of the app's client.`,
      ],
    },
    aims: [aim],
  };
}
