import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRedisPath } from '../../src/node/nodes/redis-path.ts';
import { openRedis, type Redis } from '../../src/node/redis.ts';
import type { FanoutPath, FanoutPathListener, Parcel } from '../../src/ports/fanout-path.ts';
import { systemTimers } from '../../src/ports/timers.ts';
import { createLocalFanout } from '../../src/realtime/fanout.ts';
import { createNodeFanout, type NodeFanout } from '../../src/realtime/node-fanout.ts';
import { describeNeeding } from '../support/needing.ts';
import { OwnRedis, redisServerLack } from '../support/own-redis.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };
const silent: FanoutPath = { open: () => {}, send: async () => {}, close: async () => {} };

function fanoutOn(redis: FanoutPath, postgres: FanoutPath = silent): NodeFanout {
  return createNodeFanout({
    node: 'a',
    local: createLocalFanout(),
    redis,
    postgres,
    timers: systemTimers,
    now: Date.now,
    log,
  });
}

/** A Redis of which a test says whether it takes what it is given, and whether the newest of those who listen hears it. */
class FakeRedis implements Redis {
  takes = true;
  echoes = true;
  listeners: { on: FanoutPathListener; channels: readonly string[]; closed: boolean }[] = [];
  readonly taken: string[] = [];
  readonly isReady = true;

  eval = async () => null;
  close = async () => {};

  async publish(parcels: readonly Parcel[]): Promise<void> {
    if (!this.takes) throw new Error('away');
    this.taken.push(...parcels.map(({ text }) => text));
    for (const { channel, text } of parcels) {
      const newest = this.listeners.at(-1);
      if (this.echoes && newest?.channels.includes(channel)) newest.on.text(text);
    }
  }

  listen(channels: readonly string[], on: FanoutPathListener) {
    const one = { on, channels, closed: false };
    this.listeners.push(one);
    return {
      close: () => {
        one.closed = true;
      },
    };
  }

  /** Its subscription holds. */
  hold(): void {
    this.listeners.at(-1)?.on.state(true);
  }
}

describe('the way by Redis', () => {
  const redis = { current: new FakeRedis() };
  let fanout: NodeFanout;

  beforeEach(async () => {
    vi.useFakeTimers();
    redis.current = new FakeRedis();
    fanout = fanoutOn(createRedisPath(redis.current, 'test:'));
    fanout.start();
    redis.current.hold();
    await vi.advanceTimersByTimeAsync(0);
    expect(fanout.redis).toBe(true);
  });
  afterEach(async () => {
    const stopped = fanout.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    await stopped;
    vi.useRealTimers();
  });

  it('is used again after a message was not taken, even where no probe has noticed anything', async () => {
    redis.current.takes = false;
    fanout.publish({ t: 'beat', redis: true, roster: 0 });
    await vi.advanceTimersByTimeAsync(0);
    expect(fanout.redis).toBe(false);
    redis.current.takes = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fanout.redis).toBe(true);
  });

  it('is used again after an error that has not broken the connection', async () => {
    redis.current.listeners[0]?.on.state(false);
    expect(fanout.redis).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fanout.redis).toBe(true);
    expect(redis.current.listeners).toHaveLength(1);
  });

  it('listens on a new connection where Redis takes everything and nothing of it comes back', async () => {
    redis.current.echoes = false;
    await vi.advanceTimersByTimeAsync(8_000);
    expect(fanout.redis).toBe(false);
    expect(redis.current.listeners.map(({ closed }) => closed)).toEqual([true, false]);
    redis.current.echoes = true;
    redis.current.hold();
    await vi.advanceTimersByTimeAsync(0);
    expect(fanout.redis).toBe(true);
  });

  it('keeps its connection while Redis takes nothing: that one will come back', async () => {
    redis.current.takes = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(redis.current.listeners).toHaveLength(1);
    redis.current.takes = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fanout.redis).toBe(true);
  });
});

it('what Redis has lost goes by Postgres in the order in which it was said', async () => {
  let up: (is: boolean) => void = () => {};
  const gaveUp = Promise.withResolvers<void>();
  let taken = 0;
  const redis: FanoutPath = {
    ...silent,
    open: (_channels, on) => {
      up = on.state;
    },
    // The first is taken and lost, at the second it hangs.
    send: async () => {
      taken += 1;
      if (taken > 1) await gaveUp.promise;
    },
  };
  const sent: string[] = [];
  const fanout = fanoutOn(redis, { ...silent, send: async (parcels) => void sent.push(...parcels.map((p) => p.text)) });
  fanout.start();
  up(true);
  for (const emoji of ['1', '2', '3']) {
    fanout.publish({ t: 'reaction', callId: 'c', userId: 'u', emoji });
    await new Promise((resolve) => setImmediate(resolve));
  }
  up(false);
  gaveUp.reject(new Error('late'));
  await expect.poll(() => sent.length).toBe(3);
  expect(sent.map((text) => /"emoji":"(\d)"/.exec(text)?.[1])).toEqual(['1', '2', '3']);
  await fanout.stop();
});

describeNeeding({ what: 'a redis-server', lack: redisServerLack }, 'connections to a Redis', () => {
  let server: OwnRedis;
  let proxy: TcpProxy;
  let client: Redis | null = null;
  let fanout: NodeFanout | null = null;

  beforeAll(async () => {
    server = await OwnRedis.start();
    proxy = await TcpProxy.start(Number(new URL(server.url).port));
  });
  afterEach(async () => {
    await fanout?.stop();
    await client?.close();
    fanout = null;
    client = null;
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.remove();
  });

  it('that have gone dead without a word are replaced', async () => {
    client = openRedis(`redis://127.0.0.1:${proxy.port}`, log);
    fanout = fanoutOn(createRedisPath(client, 'test:'));
    fanout.start();
    const one = fanout;
    await expect.poll(() => one.redis, { timeout: 10_000 }).toBe(true);
    proxy.mute();
    await expect.poll(() => one.redis, { timeout: 10_000 }).toBe(false);
    await expect.poll(() => one.redis, { timeout: 20_000 }).toBe(true);
    // The dead ones are not kept.
    await expect.poll(() => proxy.open).toBe(2);
  });

  it('are not left behind by who closes while they are made', async () => {
    const before = proxy.taken;
    const closing = openRedis(`redis://127.0.0.1:${proxy.port}`, log);
    const subscription = closing.listen(['x'], { text: () => {}, state: () => {} });
    subscription.close();
    await closing.close();
    await expect.poll(() => [proxy.taken - before, proxy.open]).toEqual([2, 0]);
  });
});
