import { randomUUID } from 'node:crypto';
import { CLOSE } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOUNDS } from '../../src/realtime/bounds.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { openTestPGlite, type TestDatabase } from '../support/databases.ts';
import type { MemorySocket } from '../support/memory-socket.ts';

describe('one socket that takes too much', () => {
  let database: TestDatabase;
  let stage: Stage;
  let people: Awaited<ReturnType<Stage['people']>>;
  beforeAll(async () => {
    database = await openTestPGlite();
    // Without the gate for a second, so that what stands behind it is seen too.
    stage = openStage(database.db, { settings: { rateLimits: false } });
    people = await stage.people();
  });
  afterAll(async () => {
    await stage?.close();
    await database?.close();
  });

  const leave = (socket: MemorySocket) => {
    const id = randomUUID();
    socket.say({ t: 'command', id, name: 'leave', callId: randomUUID(), body: {} });
    return id;
  };

  it('has a bounded queue, is told so, and others are answered after two of its commands at most, not after all of them', async () => {
    const { ada, mallory } = people;
    const flooder = (await stage.join(ada)).socket;
    const other = (await stage.join(mallory)).socket;
    const sent = Array.from({ length: 2_000 }, () => leave(flooder));
    // Its queue is full at once: what does not fit is refused without waiting.
    const refused = flooder.of('error').filter(({ problem }) => problem.code === 'rate_limited');
    expect(refused.length).toBeGreaterThanOrEqual(sent.length - BOUNDS.lane - 2);
    expect(refused.every(({ retryAfterMs }) => (retryAfterMs ?? 0) > 0)).toBe(true);

    const mine = leave(other);
    await other.next('error', ({ ref }) => ref === mine);
    const done = flooder.of('error').filter(({ problem }) => problem.code === 'not_found').length;
    expect(done).toBeLessThanOrEqual(4);
    await expect.poll(() => flooder.of('error').length, { timeout: 20_000 }).toBe(sent.length);
    flooder.cut();
    other.cut();
  });

  it('that stops reading costs a bounded memory and is closed, while the others get everything', async () => {
    const { team, ada, grace } = people;
    const slow = (await stage.join(ada)).socket;
    const quick = (await stage.join(grace)).socket;
    for (const socket of [slow, quick]) {
      socket.say({ t: 'subscribe', topic: `channel:${team.channelId}` });
      await socket.next('subscribed');
    }
    // The peer reads nothing from here on.
    let most = 0;
    const send = slow.send.bind(slow);
    slow.send = (text) => {
      slow.bufferedAmount += text.length;
      most = Math.max(most, slow.bufferedAmount);
      send(text);
    };
    const message = {
      id: randomUUID(),
      channelId: team.channelId,
      author: { id: grace.id, displayName: grace.displayName },
      type: 'text' as const,
      call: null,
      content: 'x'.repeat(4_000),
      createdAt: new Date().toISOString(),
    };
    const count = Math.ceil((3 * BOUNDS.sendBuffer) / 4_000);
    for (let i = 0; i < count; i += 1) stage.fanout.publish({ t: 'message', message });
    expect((await slow.whenClosed()).code).toBe(CLOSE.slowConsumer);
    expect(most).toBeLessThanOrEqual(BOUNDS.sendBuffer);
    expect(quick.closed).toBeNull();
    expect(quick.of('message').length).toBe(count);
    quick.cut();
  });
});
