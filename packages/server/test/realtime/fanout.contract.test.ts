import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresPath } from '../../src/node/nodes/postgres-path.ts';
import { createRedisPath } from '../../src/node/nodes/redis-path.ts';
import { openRedis, type Redis } from '../../src/node/redis.ts';
import { systemTimers } from '../../src/ports/timers.ts';
import { createLocalFanout, type Fanout, type FanoutMessage, type Origin } from '../../src/realtime/fanout.ts';
import { createNodeFanout, type NodeFanout } from '../../src/realtime/node-fanout.ts';
import { onPostgres, openTestPostgres, type TestDatabase } from '../support/databases.ts';
import { describeNeeding } from '../support/needing.ts';
import { OwnRedis, redisServerLack } from '../support/own-redis.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };
/** A busy machine takes its time. */
const SOON = { timeout: 10_000 };
const say = (emoji: string): FanoutMessage => ({ t: 'reaction', callId: 'c', userId: 'u', emoji });

/** What one has heard: texts of reactions, and from where. */
function listen(fanout: Fanout) {
  const heard: string[] = [];
  const origins = new Set<Origin>();
  const stop = fanout.subscribe((message, from) => {
    if (message.t !== 'reaction') return;
    heard.push(message.emoji);
    origins.add(from);
  });
  return { heard, origins, stop };
}

/** What every fan-out does, whoever else there is. */
function fanoutSuite(open: () => Promise<Fanout>): void {
  it("tells this process's own listeners at once, once, and in order", async () => {
    const fanout = await open();
    const [one, two] = [listen(fanout), listen(fanout)];
    for (let i = 0; i < 5; i += 1) fanout.publish(say(String(i)));
    expect(one.heard).toEqual(['0', '1', '2', '3', '4']);
    expect(two.heard).toEqual(one.heard);
    expect([...one.origins]).toEqual([null]);
  });

  it('tells nobody who listens no more', async () => {
    const fanout = await open();
    const one = listen(fanout);
    one.stop();
    fanout.publish(say('x'));
    expect(one.heard).toEqual([]);
  });
}

/** What it does where there are others. */
function nodesSuite(open: () => Promise<NodeFanout>): void {
  it('tells the others once and in order, and oneself not again', async () => {
    const [a, b, c] = [await open(), await open(), await open()];
    const heard = [a, b, c].map(listen);
    const said = Array.from({ length: 300 }, (_, i) => String(i));
    for (const text of said) {
      a.publish(say(text));
      if (Number(text) % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    for (const one of heard) await expect.poll(() => one.heard.at(-1), SOON).toBe('299');
    // What would come twice would have come by the time that something later has.
    b.publish(say('end'));
    for (const one of heard) await expect.poll(() => one.heard.at(-1), SOON).toBe('end');
    for (const one of heard) expect(one.heard).toEqual([...said, 'end']);
    expect([...(heard[1]?.origins ?? [])]).toEqual([a.node, null]);
  });

  it('brings any text as it is: none, long, zero bytes, half a pair, other scripts', async () => {
    const [a, b] = [await open(), await open()];
    const { heard } = listen(b);
    const noise = Array.from({ length: 20_000 }, () => randomUUID()).join('');
    const texts = ['', '\0\u0001\u001f"\\', '\ud83d', '👩‍👩‍👧 Grüße שלום', 'ü'.repeat(7_900), noise];
    for (const text of texts) a.publish(say(text));
    await expect.poll(() => heard.length, SOON).toBe(texts.length);
    expect(heard).toEqual(texts);
  });

  it('tells one node alone', async () => {
    const [a, b, c] = [await open(), await open(), await open()];
    const heard = [a, b, c].map((one) => listen(one).heard);
    a.tell(b.node, say('for b'));
    a.publish(say('for all'));
    await expect.poll(() => heard[1], SOON).toEqual(expect.arrayContaining(['for b', 'for all']));
    await expect.poll(() => heard[2], SOON).toEqual(['for all']);
    expect(heard[0]).toEqual(['for all']);
  });

  it('passes over what a later version says', async () => {
    const [a, b] = [await open(), await open()];
    const { heard } = listen(b);
    a.publish({ t: 'of a version to come' } as unknown as FanoutMessage);
    a.publish(say('known'));
    await expect.poll(() => heard, SOON).toEqual(['known']);
  });
}

describe('the fan-out of one process', () => {
  fanoutSuite(async () => createLocalFanout());
});

describeNeeding({ what: 'a redis-server', lack: redisServerLack }, 'the fan-out of several nodes', () => {
  onPostgres('on a Postgres', () => {
    let database: TestDatabase;
    let redis: OwnRedis;
    const fanouts: NodeFanout[] = [];
    const clients: Redis[] = [];
    const beats: NodeJS.Timeout[] = [];

    beforeAll(async () => {
      [database, redis] = await Promise.all([openTestPostgres(), OwnRedis.start()]);
    });
    afterEach(async () => {
      redis.thaw();
      for (const beat of beats.splice(0)) clearInterval(beat);
      await Promise.all(fanouts.splice(0).map((each) => each.stop()));
      await Promise.all(clients.splice(0).map((each) => each.close()));
    });
    afterAll(async () => {
      await redis?.remove();
      await database?.close();
    });

    const open = async (url: string, isUp: (fanout: NodeFanout) => boolean): Promise<NodeFanout> => {
      const client = openRedis(url, log);
      clients.push(client);
      const fanout = createNodeFanout({
        node: randomUUID().replaceAll('-', ''),
        local: createLocalFanout(),
        redis: createRedisPath(client, 'test:'),
        postgres: createPostgresPath(database.url ?? '', database.db),
        timers: systemTimers,
        now: Date.now,
        log,
      });
      fanouts.push(fanout);
      // As the roster does: whoever cannot hear Redis says so.
      const beat = () => fanout.publish({ t: 'beat', redis: fanout.redis, roster: 0, resumed: fanout.resumed });
      fanout.onChange(beat);
      beats.push(setInterval(beat, 2_000));
      fanout.start();
      await expect.poll(() => isUp(fanout), { timeout: 10_000 }).toBe(true);
      return fanout;
    };
    const byRedis = () => open(redis.url, (fanout) => fanout.redis);
    const byPostgres = () => open('redis://127.0.0.1:1', (fanout) => fanout.hears && !fanout.redis);

    describe('by Redis', () => {
      fanoutSuite(byRedis);
      nodesSuite(byRedis);
    });

    describe('by Postgres, while Redis is away', () => {
      fanoutSuite(byPostgres);
      nodesSuite(byPostgres);
    });

    /** Says numbers one after the other until it is stopped. @returns how many */
    function talk(from: NodeFanout): { stop(): number } {
      let count = 0;
      const timer = setInterval(() => from.publish(say(String(count++))), 5);
      return {
        stop: () => {
          clearInterval(timer);
          return count;
        },
      };
    }

    it.each([
      ['killed', () => redis.kill(), () => redis.start()],
      ['hanging', () => redis.freeze(), () => redis.thaw()],
    ] as const)('a Redis %s in the middle loses nothing and doubles nothing', async (_how, away, back) => {
      const [a, b, c] = [await byRedis(), await byRedis(), await byRedis()];
      const heard = [b, c].map((one) => listen(one).heard);
      const talking = talk(a);
      await expect.poll(() => heard[0]?.length ?? 0, SOON).toBeGreaterThan(20);
      await away();
      await expect.poll(() => [a.redis, b.redis, c.redis], { timeout: 15_000 }).toEqual([false, false, false]);
      const so = heard[0]?.length ?? 0;
      await expect.poll(() => heard[0]?.length ?? 0, SOON).toBeGreaterThan(so + 20);
      await back();
      await expect.poll(() => [a.redis, b.redis, c.redis], { timeout: 15_000 }).toEqual([true, true, true]);
      const then = heard[0]?.length ?? 0;
      await expect.poll(() => heard[0]?.length ?? 0, SOON).toBeGreaterThan(then + 20);
      const all = Array.from({ length: talking.stop() }, (_, i) => String(i));
      for (const one of heard) await expect.poll(() => one.length, SOON).toBeGreaterThanOrEqual(all.length);
      for (const one of heard) expect([...one].sort((x, y) => Number(x) - Number(y))).toEqual(all);
    });

    it('one node that cannot hear Redis hears the others by Postgres, once it has said so', async () => {
      const [a, b, deaf] = [await byRedis(), await byRedis(), await byPostgres()];
      const heard = [b, deaf].map((one) => listen(one).heard);
      const talking = talk(a);
      await expect.poll(() => heard[1]?.length ?? 0, SOON).toBeGreaterThan(50);
      const all = Array.from({ length: talking.stop() }, (_, i) => String(i));
      // Redis and Postgres bring the same to b, which takes it once.
      for (const one of heard) {
        await expect.poll(() => [...one].sort((x, y) => Number(x) - Number(y)), SOON).toEqual(all);
      }
    });

    it('a connection that listens and is cut comes back by itself', async () => {
      const [a, b] = [await byPostgres(), await byPostgres()];
      const { heard } = listen(b);
      await database.db.once(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'parley-listen' and datname = current_database()`,
      );
      await expect.poll(() => [a.hears, b.hears], SOON).toEqual([false, false]);
      await expect.poll(() => [a.hears, b.hears], { timeout: 10_000 }).toEqual([true, true]);
      a.publish(say('again'));
      await expect.poll(() => heard, SOON).toEqual(['again']);
    });
  });
});
