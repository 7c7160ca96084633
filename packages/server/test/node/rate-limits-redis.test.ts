import { randomUUID } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createRateLimits } from '../../src/node/rate-limits.ts';
import { openRedis, type Redis } from '../../src/node/redis.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { AccountLimits } from '../../src/ports/rate-limits.ts';
import { redisUrl, withRedis } from '../support/redis.ts';

const warned: string[] = [];
const log: Logger = { info: () => {}, warn: (_, message) => warned.push(message), error: () => {} };
const open: Redis[] = [];
const limited = { code: 'rate_limited', retryAfter: expect.any(Number) };

const redis = (url = redisUrl): Redis => {
  const opened = openRedis(url, log);
  open.push(opened);
  return opened;
};
const whenReady = (one: Redis) => expect.poll(() => one.isReady, { timeout: 10_000 }).toBe(true);

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

withRedis('limits that are counted in Redis', () => {
  it('are shared by all nodes', async () => {
    const nodes = [redis(), redis()];
    for (const node of nodes) await whenReady(node);
    const [first, second] = nodes.map((node) => createRateLimits(node));
    if (!first || !second) throw new Error('no nodes');
    const [one, two] = [randomUUID(), randomUUID()];
    for (let i = 0; i < 5; i += 1) await (i % 2 ? first : second).takeNewCall(one, [two]);
    await expect(first.takeNewCall(two, [one])).rejects.toMatchObject(limited);
    await expect(second.takeNewCall(two, [one])).rejects.toMatchObject(limited);
  });

  it('around an account are shared too', async () => {
    const nodes = [redis(), redis()];
    for (const node of nodes) await whenReady(node);
    const [first, second] = nodes.map((node) => createRateLimits(node));
    if (!first || !second) throw new Error('no nodes');
    const [session, person] = [randomUUID(), randomUUID()];
    // Addresses of nobody else: the Redis outlives this run.
    const address = [randomUUID().slice(0, 4), randomUUID().slice(0, 4), randomUUID().slice(0, 4), '1::1'].join(':');
    const bounds: [number, (limits: AccountLimits) => Promise<unknown>][] = [
      [30, (limits) => limits.takeRefreshTry(address)],
      [20, (limits) => limits.takeRefresh(session)],
      [10, (limits) => limits.takePicture(person)],
    ];
    for (const [most, take] of bounds) {
      for (let i = 0; i < most; i += 1) await take(i % 2 ? first : second);
      await expect(take(first)).rejects.toMatchObject(limited);
      await expect(take(second)).rejects.toMatchObject(limited);
    }
  });

  it('give back what does not count', async () => {
    const node = redis();
    await whenReady(node);
    const limits = createRateLimits(node);
    const account = randomUUID();
    for (let i = 0; i < 15; i += 1) await (await limits.takeSignIn(account, `10.1.${i}.1`))();
    for (let i = 0; i < 10; i += 1) await limits.takeSignIn(account, `10.2.${i}.${Date.now() % 250}`);
    const refused = limits.takeSignIn(account, '10.3.0.1');
    await expect(refused).rejects.toMatchObject(limited);
    await expect(refused).rejects.toSatisfy((error: { retryAfter: number }) => error.retryAfter > 100);
  });
});

describe('a Redis that is away', () => {
  const servers: Server[] = [];
  const accepted: Socket[] = [];
  afterEach(async () => {
    for (const socket of accepted.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  it('stops nobody: each process counts for itself', async () => {
    const limits = createRateLimits(redis('redis://127.0.0.1:1'));
    const account = randomUUID();
    for (let i = 0; i < 10; i += 1) await limits.takeSignIn(account, `10.4.${i}.1`);
    await expect(limits.takeSignIn(account, '10.5.0.1')).rejects.toMatchObject(limited);
    await expect.poll(() => warned.filter((text) => text.startsWith('Redis is away')).length).toBe(1);
  });

  it('nor does one that takes connections and never answers', async () => {
    const server = createServer((socket) => accepted.push(socket));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const limits = createRateLimits(redis(`redis://127.0.0.1:${port}`));
    const caller = randomUUID();
    for (let i = 0; i < 10; i += 1) await limits.takeNewCall(caller, [randomUUID(), randomUUID()]);
    await expect(limits.takeNewCall(caller, [])).rejects.toMatchObject(limited);
  });
});
