import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSweeper } from '../../src/usecases/sweep.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import type { TestPerson } from '../support/people.ts';

oneDatabase((_, open) => {
  let database: TestDatabase;
  let s: Stage;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  const stage = async () => {
    await s?.close();
    // What earlier tests left alive is none of this one's business.
    await database.db.once('delete from public.call_sessions');
    await database.db.once('delete from public.server_heartbeat');
    s = openStage(database.db);
    return s;
  };
  const touch = (who: TestPerson) => s.calls.touch({ userId: who.id, isAnonymous: false, ...who });
  /** Nobody sweeps: only the clock goes on, while servers keep saying that they are there. */
  const wait = async (ms: number) => {
    for (let left = ms; left > 0; left -= 2_000) {
      s.clock.turn(Math.min(left, 2_000));
      await s.calls.beat();
    }
  };

  describe('a deadline that has passed is applied before anything else', () => {
    it('by whoever reads the call', async () => {
      const { create, get, people } = await stage();
      const { team, ada, grace } = await people();
      const { body } = await create(team, ada, grace);
      s.clock.turn(15_000);
      expect((await get(grace, body.id)).status).toBe('ringing');
      s.clock.turn(15_000);
      expect(await get(grace, body.id)).toMatchObject({ status: 'missed', endReason: 'no_answer', version: 2 });
    });

    it('by whoever reads the history, the inbox or the events', async () => {
      const { create, people, request, inbox, events } = await stage();
      const { team, ada, grace } = await people();
      const first = (await create(team, ada, grace)).body;
      await wait(30_000);
      const history = await request<{ items: { status: string }[] }>(grace, 'GET', `/api/calls?teamId=${team.id}`);
      expect(history.body.items.map((c) => c.status)).toEqual(['missed']);
      await create(team, ada, grace);
      await wait(30_000);
      expect(await inbox(grace)).toHaveLength(2);
      const third = (await create(team, ada, grace)).body;
      await wait(30_000);
      expect((await events(ada, third.id)).map((e) => e.type)).toEqual(['created', 'timed_out']);
      expect(third.id).not.toBe(first.id);
    });

    it('by a command, which is refused then: the call has ended all the same', async () => {
      const { create, command, code, people, heard, events } = await stage();
      const { team, ada, grace } = await people();
      const { body } = await create(team, ada, grace);
      await wait(30_000);
      const late = await command(grace, body.id, 'accept');
      expect([late.status, code(late)]).toEqual([409, 'call_ended']);
      expect((await events(ada, body.id)).map((e) => e.type)).toEqual(['created', 'timed_out']);
      expect(heard.filter((m) => m.t === 'call' && m.view.call.id === body.id)).toHaveLength(2);
      expect(heard.some((m) => m.t === 'inbox' && m.userId === grace.id)).toBe(true);
    });

    it('a lease that ran out is not revived by the command that comes too late', async () => {
      const { connected, command, code, people, get } = await stage();
      const { team, ada, grace } = await people();
      const call = await connected(team, ada, grace);
      await wait(20_000);
      await touch(ada);
      await wait(10_000);
      const late = await command(grace, call.id, 'media-state', { isMuted: true, videoEnabled: false });
      expect([late.status, code(late)]).toEqual([409, 'call_ended']);
      expect(await get(ada, call.id)).toMatchObject({ status: 'ended', endReason: 'dropped' });
    });
  });

  describe('leases', () => {
    it('a caller over REST alone keeps ringing until nobody answers', async () => {
      const { create, pass, get, people } = await stage();
      const { team, ada, grace } = await people();
      const { body } = await create(team, ada, grace, {}, { 'x-instance-id': null });
      await pass(30_000);
      expect(await get(ada, body.id)).toMatchObject({ status: 'missed', endReason: 'no_answer' });
    });

    it('any request of the device renews its lease', async () => {
      const { connected, pass, get, people, request } = await stage();
      const { team, ada, grace } = await people();
      const call = await connected(team, ada, grace);
      for (let i = 0; i < 4; i += 1) {
        await pass(15_000);
        for (const who of [ada, grace]) await request(who, 'GET', '/api/me');
      }
      expect((await get(ada, call.id)).status).toBe('connected');
    });

    it('a request of a device keeps the instance alive that it is by itself', async () => {
      const { create, command, pass, get, people, request } = await stage();
      const { team, ada, grace } = await people();
      const { body } = await create(team, ada, grace, {}, { 'x-instance-id': null });
      await command(grace, body.id, 'accept');
      for (let i = 0; i < 4; i += 1) {
        await pass(10_000);
        for (const who of [ada, grace]) await request(who, 'GET', '/api/me');
      }
      expect((await get(ada, body.id)).status).toBe('connecting');
    });

    it('whoever gives no sign of life for a lease has dropped', async () => {
      const { connected, pass, get, people, events } = await stage();
      const { team, ada, grace } = await people();
      const call = await connected(team, ada, grace);
      await pass(20_000);
      await touch(ada);
      await pass(10_000);
      expect(await get(ada, call.id)).toMatchObject({ status: 'ended', endReason: 'dropped' });
      expect((await events(ada, call.id)).at(-1)).toMatchObject({ type: 'dropped', data: { userId: grace.id } });
    });

    it('time in which no server was there does not count, also for a server that starts anew', async () => {
      const { connected, pass, people } = await stage();
      const { team, ada, grace } = await people();
      const call = await connected(team, ada, grace);
      await pass(20_000);
      // Killed; a minute later another one starts.
      const skew = s.clock.skewMs() + 60_000;
      await s.close();
      s = openStage(database.db);
      s.clock.turn(skew);
      await s.sweeper.start();
      expect((await s.get(ada, call.id)).status).toBe('connected');
      await s.pass(25_000);
      await touch(ada);
      await touch(grace);
      await s.pass(25_000);
      expect((await s.get(ada, call.id)).status).toBe('connected');
      await s.pass(10_000);
      expect(await s.get(ada, call.id)).toMatchObject({ status: 'ended', endReason: 'dropped' });
    });

    it('nor does a command that comes right after the gap, before any sweep', async () => {
      const { connected, command, people } = await stage();
      const { team, ada, grace } = await people();
      const call = await connected(team, ada, grace);
      s.clock.turn(120_000);
      const answer = await command(ada, call.id, 'media-state', { isMuted: true, videoEnabled: false });
      expect([answer.status, answer.body.status]).toEqual([200, 'connected']);
    });

    it('a ring that ran out while no server was there is missed at the start', async () => {
      const { create, people } = await stage();
      const { team, ada, grace } = await people();
      const { body } = await create(team, ada, grace);
      s.clock.turn(120_000);
      await s.sweeper.start();
      const told = s.heard.filter((m) => m.t === 'call' && m.view.call.id === body.id).at(-1);
      expect(told).toMatchObject({ view: { call: { status: 'missed', endReason: 'no_answer' } } });
    });
  });

  describe('the sweeper', () => {
    it('ends each of many, whatever is in the way of one', async () => {
      const { create, people } = await stage();
      const ids: string[] = [];
      for (let i = 0; i < 25; i += 1) {
        const { team, ada, grace } = await people();
        ids.push((await create(team, ada, grace)).body.id);
      }
      await wait(30_000);
      await s.sweeper.sweep();
      const left = await database.db.once('select from public.call_sessions where ended_at is null');
      expect(left).toEqual([]);
      expect(s.heard.filter((m) => m.t === 'inbox')).toHaveLength(25);
    });

    it('two servers that sweep at once write each end once', async () => {
      const { create, people, events } = await stage();
      const other = openStage(database.db);
      const { team, ada, grace } = await people();
      const { body } = await create(team, ada, grace);
      await wait(30_000);
      other.clock.turn(s.clock.skewMs());
      await Promise.all([s.sweeper.sweep(), other.sweeper.sweep()]);
      expect((await events(ada, body.id)).map((e) => e.type)).toEqual(['created', 'timed_out']);
      await other.close();
    });

    it('ends a ring on time, by a timer of its own', async () => {
      const { create, people, calls, fanout, clock, timers } = await stage();
      const log = { info: () => {}, warn: () => {}, error: () => {} };
      // One that finds nothing by sweeping.
      const settle = async (ids?: readonly string[]) => (ids ? calls.settle(ids) : 0);
      const sweeper = createSweeper({
        calls: { ...calls, settle },
        door: { lapse: async () => {} },
        fanout,
        clock,
        timers,
        log,
      });
      await sweeper.start();
      const { team, ada, grace } = await people();
      const { body } = await create(team, ada, grace);
      const ended = Promise.withResolvers<string>();
      fanout.subscribe((m) => {
        if (m.t === 'call' && m.view.call.id === body.id) ended.resolve(m.view.call.status);
      });
      clock.turn(30_000);
      timers.advance(30_100);
      expect(await ended.promise).toBe('missed');
      await sweeper.stop();
      expect(timers.pending).toBe(1);
    });
  });

  it('nothing was logged as an error', async () => {
    const { errors } = await stage();
    expect(errors).toEqual([]);
    await s.close();
  });
});
