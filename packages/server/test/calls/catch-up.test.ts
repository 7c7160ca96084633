import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/ports/clock.ts';
import { DatabaseUnavailable } from '../../src/ports/database.ts';
import { createLocalFanout, type FanoutMessage, fanoutPublisher } from '../../src/realtime/fanout.ts';
import { createCatchUp } from '../../src/usecases/catch-up.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { makePerson, makeTeam, type TestPerson } from '../support/people.ts';
import { silentCalls } from '../support/silent-calls.ts';

const actorOf = ({ id, deviceId, instanceId }: TestPerson) => ({
  userId: id,
  isAnonymous: false,
  deviceId,
  instanceId,
});

oneDatabase((_, open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  it('tells a ring that was lost, though a later change of the call has come through', async () => {
    const { db } = database;
    const local = createLocalFanout();
    const warnings: string[] = [];
    let aheadMs = 0;
    const catchUp = createCatchUp({
      db,
      fanout: local,
      here: fanoutPublisher(local),
      // Its looks come when what is there is old enough.
      clock: { now: Date.now, skewMs: () => aheadMs },
      timers: new ManualTimers(),
      log: { info: () => undefined, warn: (_fields, text) => warnings.push(text), error: () => undefined },
    });
    catchUp.start();
    await catchUp.look();
    const heard: FanoutMessage[] = [];
    local.subscribe((message) => heard.push(message));

    const [ada, grace] = [await makePerson(db, 'Ada'), await makePerson(db, 'Grace')];
    const team = await makeTeam(db, [ada, grace]);
    const calls = silentCalls(db, systemClock);
    const { view } = await calls.create(actorOf(ada), randomUUID(), {
      teamId: team.id,
      channelId: null,
      callType: 'group_audio',
      recipientIds: [grace.id],
    });
    const { id } = view.call;
    const hand = await calls.command(actorOf(ada), randomUUID(), id, { name: 'hand', body: { raised: true } });
    const events = await calls.events(actorOf(ada), id, 1);
    local.publish({ t: 'call', view: hand.view, events });
    expect(heard.map(({ t }) => t)).toEqual(['call']);

    aheadMs = 2_000;
    expect(await catchUp.look()).toBe(1);
    expect(heard.map(({ t }) => t)).toEqual(['call', 'call', 'ring']);
    expect(heard.at(-1)).toMatchObject({ userId: grace.id, deviceId: grace.deviceId, ring: { callId: id } });
    expect(warnings).toEqual([]);
    // From here on everything is known.
    expect(await catchUp.look()).toBe(0);

    await calls.command(actorOf(ada), randomUUID(), id, { name: 'hand', body: { raised: false } });
    aheadMs = 4_000;
    expect(await catchUp.look()).toBe(1);
    expect(heard.slice(3)).toMatchObject([
      { t: 'call', view: { call: { version: 3 } }, events: [{ seq: 3 }] },
      { t: 'ring' },
    ]);
    expect(warnings).toEqual(['Changes of calls had not been told: told from the ledger']);
    await catchUp.stop();
  });

  it('tells the others where one call cannot be read, and that one once it can', async () => {
    const { db } = database;
    const local = createLocalFanout();
    const said: string[] = [];
    let unreadable = '';
    let away = false;
    let aheadMs = 0;
    const catchUp = createCatchUp({
      db: {
        ...db,
        once: (text, params) => {
          if (away && text.includes('call_json')) return Promise.reject(new DatabaseUnavailable('away'));
          if (params?.includes(unreadable) && text.includes('call_json'))
            return Promise.reject(new Error('a broken row'));
          return db.once(text, params);
        },
      },
      fanout: local,
      here: fanoutPublisher(local),
      clock: { now: Date.now, skewMs: () => aheadMs },
      timers: new ManualTimers(),
      log: {
        info: () => undefined,
        warn: (_fields, text) => said.push(text),
        error: (_fields, text) => said.push(text),
      },
    });
    catchUp.start();
    await catchUp.look();
    const heard: string[] = [];
    local.subscribe((message) => {
      if (message.t === 'call') heard.push(message.view.call.id);
    });

    const calls = silentCalls(db, systemClock);
    const made: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const [ada, grace] = [await makePerson(db, 'Ada'), await makePerson(db, 'Grace')];
      const body = { channelId: null, callType: 'audio' as const, recipientIds: [grace.id] };
      const team = await makeTeam(db, [ada, grace]);
      made.push((await calls.create(actorOf(ada), randomUUID(), { ...body, teamId: team.id })).view.call.id);
    }
    [, unreadable = ''] = made;
    const others = made.filter((id) => id !== unreadable).sort();
    aheadMs = 2_000;
    // While nothing can be read nothing is given up.
    away = true;
    await expect(catchUp.look()).rejects.toThrow(DatabaseUnavailable);
    away = false;
    await catchUp.look();
    expect(heard.toSorted()).toEqual(others);
    // It comes long after the look that found it has gone by, and is warned of once.
    for (aheadMs = 30_000; aheadMs <= 60_000; aheadMs += 10_000) await catchUp.look();
    expect(said.filter((text) => text.includes('tried again'))).toHaveLength(1);
    unreadable = '';
    await catchUp.look();
    expect(heard.slice(2)).toEqual([made[1]]);
    await catchUp.look();
    expect(heard).toHaveLength(3);
    await catchUp.stop();
  });
});
