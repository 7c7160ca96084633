import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Database, Sql } from '../../packages/server/src/ports/database.ts';
import { openStage } from '../../packages/server/test/support/call-stage.ts';
import { type BenchDatabase, idOf, TEAM } from '../lib/database.ts';

type Statement = { readonly text: string; readonly params: readonly unknown[] };

/** The database, and what is asked of it. */
function listening(db: Database, heard: Statement[]): Database {
  const asked = (sql: Sql): Sql => ({
    query: (text, params = []) => {
      heard.push({ text, params });
      return sql.query(text, params);
    },
  });
  const around = async <T>(run: () => Promise<T>): Promise<T> => {
    heard.push({ text: 'begin', params: [] });
    const result = await run();
    heard.push({ text: 'commit', params: [] });
    return result;
  };
  return {
    ...db,
    once: (text, params = []) => {
      heard.push({ text, params });
      return db.once(text, params);
    },
    tx: (run) => around(() => db.tx((sql) => run(asked(sql)))),
    readAs: (claims, run) => around(() => db.readAs(claims, (sql) => run(asked(sql)))),
  };
}

/** As many of them run at once, where there are so many pairs. */
const CLIENTS = 10;

/**
 * The very statements of a ring that is made and taken back, as they were heard of the server, with people, call and keys of
 * each round: a script of pgbench. Person 2n calls person 2n + 1. Each client has pairs of its own: where one pair is called twice at
 * once, the second create finds the first call, and there would be nothing to take back.
 */
export async function scriptOf(
  database: BenchDatabase,
  pairs: number,
): Promise<{ text: string; statements: number; clients: number }> {
  const heard: Statement[] = [];
  const stage = openStage(listening(database.db, heard), { settings: { rateLimits: false } });
  const people = [0, 1].map((n) => ({
    id: idOf('person', n),
    displayName: `Person ${n}`,
    deviceId: idOf('device', n),
    instanceId: idOf('instance', n),
  }));
  const [caller] = people;
  if (!caller) throw new Error('Nobody calls.');
  const keys = [randomUUID(), randomUUID()];
  const actor = { userId: caller.id, deviceId: caller.deviceId, instanceId: caller.instanceId, isAnonymous: false };
  // The first one finds out what is asked once only.
  let ring: { id: string; roomName: string } | undefined;
  for (const round of [0, 1]) {
    heard.length = 0;
    const [create = '', cancel = ''] = round === 0 ? [randomUUID(), randomUUID()] : keys;
    const body = { teamId: TEAM, channelId: null, callType: 'audio' as const, recipientIds: [idOf('person', 1)] };
    const made = await stage.calls.create(actor, create, body);
    ring = made.view.call;
    await stage.calls.command(actor, cancel, ring.id, { name: 'cancel', body: {} });
  }
  stage.hub.stop();
  const names: [string, string][] = [
    [ring?.id ?? '-', '00000000-0000-4000-9000-:c'],
    [ring?.roomName ?? '-', 'room-:c'],
    [keys[0] ?? '-', '00000000-0000-4000-a000-:c'],
    [keys[1] ?? '-', '00000000-0000-4000-b000-:c'],
    ...(['person', 'device', 'instance'] as const).flatMap((what): [string, string][] => [
      [idOf(what, 0), `${idOf(what, 0).slice(0, 30)}:a`],
      [idOf(what, 1), `${idOf(what, 1).slice(0, 30)}:b`],
    ]),
  ];
  const literal = (value: unknown): string => {
    if (value === null || value === undefined) return 'null';
    if (Array.isArray(value)) return `'{${value.map(String).join(',')}}'`;
    return `'${String(value).replaceAll("'", "''")}'`;
  };
  const lines = heard.map(({ text, params }) => {
    const whole = text.replace(/\$(\d+)/g, (_, n: string) => literal(params[Number(n) - 1])).replace(/\s+/g, ' ');
    return `${names.reduce((done, [from, to]) => done.replaceAll(from, to), whole)};`;
  });
  // The times that the server had read a moment before: what ends must not end before it began.
  const now = lines.map((line) => line.replace(/\b1[789]\d{11}\b/g, ' :now'));
  const clients = Math.min(CLIENTS, pairs);
  const head = [
    `\\set p :client_id + ${clients} * random(0, ${Math.floor(pairs / clients) - 1})`,
    '\\set a 100000 + 2 * :p',
    '\\set b 100001 + 2 * :p',
    '\\set c random(100000000000, 999999999999)',
    'select (extract(epoch from clock_timestamp()) * 1000)::bigint + 1000 as now \\gset',
  ];
  return { text: `${[...head, ...now].join('\n')}\n`, statements: lines.length, clients };
}

export interface PgbenchResult {
  readonly perSecond: number;
  readonly latencyMs: number;
}

/** Closed loop: as many as `clients` at once. */
export async function pgbench(url: string, script: string, seconds: number, clients: number): Promise<PgbenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-pgbench-'));
  try {
    const file = join(folder, 'ring.sql');
    await writeFile(file, script);
    const args = ['-n', '-f', file, '-T', String(seconds), '-c', String(clients), '-j', '1', '--max-tries=10', url];
    const { stdout } = await promisify(execFile)('pgbench', args, { timeout: (seconds + 60) * 1000 });
    const number = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1] ?? Number.NaN);
    return { perSecond: number(/tps = ([\d.]+)/), latencyMs: number(/latency average = ([\d.]+)/) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
