import { randomBytes } from 'node:crypto';
import type { ServerClock } from '../../ports/clock.ts';
import type { Database, Sql } from '../../ports/database.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Timers } from '../../ports/timers.ts';
import { fanoutPublisher, type LocalFanout } from '../../realtime/fanout.ts';
import { createNodeFanout, type NodeFanout } from '../../realtime/node-fanout.ts';
import { findInstallation } from '../../store/changes.ts';
import { type CatchUp, createCatchUp } from '../../usecases/catch-up.ts';
import type { Redis } from '../redis.ts';
import { createPostgresPath } from './postgres-path.ts';
import { createRedisPath } from './redis-path.ts';

/** What of the origin of a message is not a node: it was read from the ledger. */
const LEDGER = 'ledger';

export interface Nodes {
  readonly fanout: NodeFanout;
  readonly catchUp: CatchUp;
  start(): void;
  stop(): Promise<void>;
}

/** This process as one of several on a database and a Redis. */
export async function joinNodes(parts: {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly redis: Redis;
  readonly local: LocalFanout;
  readonly clock: ServerClock;
  readonly timers: Timers;
  readonly log: Logger;
}): Promise<Nodes> {
  const { db, databaseUrl, redis, local, clock, timers, log } = parts;
  const sql: Sql = { query: (text, params) => db.once(text, params) };
  const fanout = createNodeFanout({
    node: randomBytes(8).toString('hex'),
    local,
    redis: createRedisPath(redis, `parley:${await findInstallation(sql)}:`),
    postgres: createPostgresPath(databaseUrl, db),
    timers,
    now: clock.now,
    log,
  });
  const here = fanoutPublisher({ ...local, publish: (message) => local.deliver(message, LEDGER) });
  const catchUp = createCatchUp({ db, fanout, here, clock, timers, log });
  let redisWas: boolean | null = null;
  fanout.onChange(() => {
    if (fanout.redis !== redisWas) {
      redisWas = fanout.redis;
      log.info({ redis: fanout.redis }, fanout.redis ? 'Nodes are told by Redis' : 'Nodes are told by Postgres');
    }
    catchUp.hint();
  });
  return {
    fanout,
    catchUp,
    start: () => {
      fanout.start();
      catchUp.start();
    },
    stop: async () => {
      await catchUp.stop();
      await fanout.stop();
    },
  };
}
