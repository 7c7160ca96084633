import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../packages/server/test/support/cluster.ts';
import { OwnRedis, redisServerLack } from '../../packages/server/test/support/own-redis.ts';
import { missingPostgres, newDatabase, postgresUrl } from './own-database.ts';
import { RoundRobin } from './round-robin.ts';
import { seededDatabase } from './seeded-database.ts';
import { ParleyServer } from './server.ts';
import { test as base } from './test.ts';

/** Two Parley servers on one Postgres and one Redis, each behind a balancer that goes to the other one when it is gone. */
export interface Nodes {
  readonly servers: readonly [ParleyServer, ParleyServer];
  readonly redis: OwnRedis;
  /** The address of the balancer that prefers this one. */
  url(at: 0 | 1): string;
}

export const test = base.extend<{ nodes: Nodes }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of what a fixture wants
  nodes: async ({}, use, testInfo) => {
    const lack = redisServerLack ?? (await missingPostgres());
    if (lack !== null && process.env.CI === 'true') throw new Error(lack);
    testInfo.skip(lack !== null, lack ?? '');
    const folder = await mkdtemp(join(tmpdir(), 'parley-nodes-'));
    const [database, redis] = await Promise.all([newDatabase(postgresUrl, await seededDatabase()), OwnRedis.start()]);
    const ports = [await freePort(), await freePort()] as const;
    const fronts = await Promise.all(ports.map((port) => RoundRobin.start(ports, port)));
    const url = (at: 0 | 1) => `http://127.0.0.1:${fronts[at]?.port}`;
    const start = (port: number) =>
      ParleyServer.start({
        dataDir: join(folder, String(port)),
        port: String(port),
        env: {
          DATABASE_URL: database.url,
          REDIS_URL: redis.url,
          // Each page is at the balancer it came by, which only one of them could be called by its `PUBLIC_URL`.
          PARLEY_CORS_ORIGINS: `${url(0)},${url(1)}`,
        },
      });
    const servers = await Promise.all([start(ports[0]), start(ports[1])]);
    await use({ servers, redis, url });
    await Promise.all(fronts.map((front) => front.stop()));
    await Promise.all(servers.map((server) => server.stop()));
    await Promise.all([database.drop(), redis.remove(), rm(folder, { recursive: true, force: true })]);
  },
  parley: async ({ nodes }, use) => use(nodes.servers[0]),
});
