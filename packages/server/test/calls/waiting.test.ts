import { randomUUID } from 'node:crypto';
import type { Call } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { replayCall } from '../../src/store/events.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import { makePerson, type TestPerson, type TestTeam } from '../support/people.ts';

oneDatabase((_, open) => {
  let database: TestDatabase;
  let s: Stage;
  beforeAll(async () => {
    database = await open();
    s = openStage(database.db);
    await s.sweeper.start();
  });
  afterAll(async () => {
    await s.close();
    await database.close();
  });

  interface Scene {
    readonly team: TestTeam;
    readonly ada: TestPerson;
    readonly grace: TestPerson;
    readonly linus: TestPerson;
    readonly ken: TestPerson;
    /** Ada and Grace talk. */
    readonly first: string;
  }
  async function scene(): Promise<Scene> {
    const { team, ada, grace } = await s.people();
    const [linus, ken] = [await makePerson(database.db, 'Linus'), await makePerson(database.db, 'Ken')];
    await database.db.once('insert into public.team_members (team_id, user_id) values ($1, $2), ($1, $3)', [
      team.id,
      linus.id,
      ken.id,
    ]);
    const { id } = await s.connected(team, ada, grace);
    return { team, ada, grace, linus, ken, first: id };
  }
  const rings = async ({ team, linus, grace }: Scene) => (await s.create(team, linus, grace)).body;
  const personOf = (call: Call, who: TestPerson) => call.participants.find(({ userId }) => userId === who.id);
  const standsFor = async (callId: string) =>
    expect((await database.db.tx((sql) => replayCall(sql, callId)))?.version).toBeGreaterThan(0);

  it('W1 a second call rings quietly, on all devices, and its caller is told', async () => {
    const all = await scene();
    const tablet = s.otherDevice(all.grace);
    const { socket } = await s.join(tablet);
    const second = await rings(all);
    expect(second).toMatchObject({ status: 'ringing', endReason: null });
    expect(personOf(second, all.grace)).toMatchObject({ state: 'ringing', waiting: true });
    expect(await socket.next('ring')).toMatchObject({ ring: { callId: second.id } });
    expect(await s.get(all.ada, all.first)).toMatchObject({ status: 'connected' });
    await standsFor(second.id);
  });

  it.each([
    ['declined', ({ grace }: Scene, id: string) => s.command(grace, id, 'decline'), 'rejected', 'declined'],
    ['cancelled', ({ linus }: Scene, id: string) => s.command(linus, id, 'cancel'), 'missed', 'cancelled'],
  ] as const)('W1 it is %s like any other, and the first call goes on', async (_way, end, status, endReason) => {
    const all = await scene();
    const second = await rings(all);
    await end(all, second.id);
    expect(await s.get(all.linus, second.id)).toMatchObject({ status, endReason });
    expect(await s.get(all.ada, all.first)).toMatchObject({ status: 'connected' });
  });

  it('W1 not answered, it is missed', async () => {
    const all = await scene();
    const second = await rings(all);
    s.clock.turn(5_000);
    for (const who of [all.ada, all.grace, all.linus])
      await s.calls.touch({ ...who, userId: who.id, isAnonymous: false });
    await s.pass(26_000);
    expect(await s.get(all.linus, second.id)).toMatchObject({ status: 'missed', endReason: 'no_answer' });
    expect((await s.inbox(all.grace))[0]).toMatchObject({ callId: second.id, type: 'missed' });
  });

  it('W2 one waits: a third caller finds the person busy', async () => {
    const all = await scene();
    const second = await rings(all);
    expect((await s.create(all.team, all.ken, all.grace)).body).toMatchObject({
      status: 'rejected',
      endReason: 'busy',
    });
    await s.command(all.grace, second.id, 'decline');
    expect((await s.create(all.team, all.ken, all.grace)).body).toMatchObject({ status: 'ringing' });
  });

  it('W3 end and accept: one is left and the other taken, in one command', async () => {
    const all = await scene();
    const second = await rings(all);
    const answer = await s.command(all.grace, second.id, 'accept', { others: 'end' });
    expect(answer.body).toMatchObject({ status: 'connecting' });
    expect(await s.get(all.ada, all.first)).toMatchObject({ status: 'ended', endReason: 'hangup' });
    await Promise.all([standsFor(all.first), standsFor(second.id)]);
    // Nobody hears of the new seat before the old one was given up.
    const told = s.heard.flatMap((m) => (m.t === 'call' ? [[m.view.call.id, m.view.call.status]] : []));
    const at = (id: string, status: string) => told.findLastIndex((one) => one[0] === id && one[1] === status);
    expect(at(all.first, 'ended')).toBeLessThan(at(second.id, 'connecting'));
  });

  it('W3 refused, nothing is left: the first call goes on', async () => {
    const all = await scene();
    const second = await rings(all);
    await s.command(all.linus, second.id, 'cancel');
    const answer = await s.command(all.grace, second.id, 'accept', { others: 'end' });
    expect([answer.status, s.code(answer)]).toEqual([409, 'call_ended']);
    expect(await s.get(all.ada, all.first)).toMatchObject({ status: 'connected', version: 4 });
  });

  it('W3 repeated under its key, it acts once', async () => {
    const all = await scene();
    const second = await rings(all);
    const key = { 'idempotency-key': randomUUID() };
    await s.command(all.grace, second.id, 'accept', { others: 'end' }, key);
    const version = (await s.get(all.ada, all.first)).version;
    expect((await s.command(all.grace, second.id, 'accept', { others: 'end' }, key)).status).toBe(200);
    expect((await s.get(all.ada, all.first)).version).toBe(version);
  });

  it('W4 hold and swap: one call at most is not on hold', async () => {
    const all = await scene();
    const { ada, grace, linus, first } = all;
    const second = await rings(all);
    await s.command(grace, second.id, 'accept', { others: 'hold' });
    const onHold = async () => [
      personOf(await s.get(ada, first), grace)?.onHold,
      personOf(await s.get(linus, second.id), grace)?.onHold,
    ];
    expect(await onHold()).toEqual([true, false]);
    expect((await s.command(grace, first, 'hold', { onHold: false })).status).toBe(200);
    expect(await onHold()).toEqual([false, true]);
    expect((await s.command(grace, first, 'hold', { onHold: false })).status).toBe(200);
    expect(await onHold()).toEqual([false, true]);
    await s.command(grace, first, 'leave');
    expect(await s.get(ada, first)).toMatchObject({ status: 'ended', endReason: 'hangup' });
    expect(personOf(await s.get(linus, second.id), grace)?.onHold).toBe(true);
    await s.command(grace, second.id, 'hold', { onHold: false });
    expect(personOf(await s.get(linus, second.id), grace)?.onHold).toBe(false);
    await standsFor(second.id);
  });

  it('W4 left out, the others are held; on whichever device it is answered', async () => {
    const all = await scene();
    const second = await rings(all);
    await s.command(s.otherDevice(all.grace), second.id, 'accept');
    expect(personOf(await s.get(all.ada, all.first), all.grace)).toMatchObject({ state: 'joined', onHold: true });
  });

  it('W4 whoever makes a call holds the one they are in', async () => {
    const all = await scene();
    const { body } = await s.create(all.team, s.otherDevice(all.grace), all.linus);
    expect(body.status).toBe('ringing');
    expect(personOf(await s.get(all.ada, all.first), all.grace)?.onHold).toBe(true);
  });

  it('W4a two who have no media yet wait for none while one is on hold, and again as long after that', async () => {
    const { team, ada, grace } = await s.people();
    const { id } = (await s.create(team, ada, grace)).body;
    await s.command(grace, id, 'accept');
    const longer = async () => {
      for (let passed = 0; passed <= s.settings.connectTimeoutMs; passed += 20_000) {
        for (const who of [ada, grace]) await s.calls.touch({ ...who, userId: who.id, isAnonymous: false });
        await s.pass(20_000);
      }
    };
    await s.command(grace, id, 'hold', { onHold: true });
    await longer();
    expect(await s.get(ada, id)).toMatchObject({ status: 'connecting' });
    expect((await s.create(team, ada, grace)).body).toMatchObject({ id, status: 'connecting' });
    await s.command(grace, id, 'hold', { onHold: false });
    await s.pass(20_000);
    expect(await s.get(ada, id)).toMatchObject({ status: 'connecting' });
    await standsFor(id);
    await longer();
    expect(await s.get(ada, id)).toMatchObject({ status: 'ended', endReason: 'media_failed' });
  });

  it('W4b a call is taken to another device: that one has the seat, and the call there before is held', async () => {
    const all = await scene();
    const { ada, grace, linus, team, first } = all;
    const tablet = s.otherDevice(grace);
    const second = await rings(all);
    await s.command(tablet, second.id, 'accept');
    expect(s.code(await s.command(tablet, first, 'media-connected'))).toBe('other_device');
    const { socket } = await s.join(ada);
    expect((await s.command(tablet, first, 'move')).status).toBe(200);
    const { view } = await socket.next('call');
    expect(view.seats).toContainEqual({ userId: grace.id, deviceId: tablet.deviceId, instanceId: tablet.instanceId });
    expect(personOf(await s.get(linus, second.id), grace)?.onHold).toBe(true);
    expect(s.code(await s.command(grace, first, 'media-connected'))).toBe('other_device');
    expect((await s.command(tablet, first, 'media-connected')).status).toBe(200);
    await standsFor(first);
    const own = (await s.create(team, ada, all.ken)).body;
    expect(s.code(await s.command(s.otherDevice(ada), own.id, 'move'))).toBe('not_accepted');
  });

  it('W4 two devices that answer two calls at once: one of them is on hold', async () => {
    const all = await scene();
    const second = await rings(all);
    await s.command(all.grace, all.first, 'leave');
    const third = (await s.create(all.team, all.ken, all.grace)).body;
    await Promise.all([
      s.command(all.grace, second.id, 'accept'),
      s.command(s.otherDevice(all.grace), third.id, 'accept'),
    ]);
    const held = [await s.get(all.linus, second.id), await s.get(all.ken, third.id)].map(
      (call) => personOf(call, all.grace)?.onHold,
    );
    expect(held.sort()).toEqual([false, true]);
  });

  const rungOut = async (all: Scene) => {
    await s.command(all.grace, all.first, 'leave');
    // Linus and Ken are called by Grace, from two of her devices; neither has answered.
    const tablet = s.otherDevice(all.grace);
    const [second, third] = [
      (await s.create(all.team, all.grace, all.linus)).body.id,
      (await s.create(all.team, tablet, all.ken)).body.id,
    ];
    const held = async () => [
      personOf(await s.get(all.linus, second), all.grace)?.onHold,
      personOf(await s.get(all.ken, third), all.grace)?.onHold,
    ];
    return { tablet, second, third, held };
  };

  it('W4c rung from two devices at once: the call that is answered second waits on hold, and is come back to', async () => {
    const all = await scene();
    const { tablet, second, third, held } = await rungOut(all);
    await s.command(all.linus, second, 'accept');
    expect(await held()).toEqual([false, false]);
    expect((await s.get(all.ken, third)).status).toBe('ringing');
    const answer = await s.command(all.ken, third, 'accept');
    expect(personOf(answer.body, all.grace)).toMatchObject({ state: 'connecting', onHold: true });
    expect((await s.events(all.ken, third)).slice(1)).toMatchObject([
      { type: 'accepted', actorId: all.ken.id },
      { type: 'hold', actorId: all.grace.id, deviceId: null, data: { onHold: true } },
    ]);
    expect(await held()).toEqual([false, true]);
    await standsFor(third);
    await s.command(tablet, third, 'hold', { onHold: false });
    expect(await held()).toEqual([true, false]);
  });

  it('W4c so does what a person rings out who then answers another call, or goes into a group', async () => {
    const all = await scene();
    const tablet = s.otherDevice(all.grace);
    await s.command(all.grace, all.first, 'leave');
    const out = (await s.create(all.team, tablet, all.ken)).body.id;
    const incoming = (await rings(all)).id;
    await s.command(all.grace, incoming, 'accept');
    await s.command(all.ken, out, 'accept');
    expect(personOf(await s.get(all.ken, out), all.grace)?.onHold).toBe(true);
    expect(personOf(await s.get(all.linus, incoming), all.grace)?.onHold).toBe(false);
  });

  it('W4c both answered at the same moment: one of them is on hold', async () => {
    for (let round = 0; round < 5; round += 1) {
      const all = await scene();
      const { second, third, held } = await rungOut(all);
      await Promise.all([s.command(all.linus, second, 'accept'), s.command(all.ken, third, 'accept')]);
      expect((await held()).sort()).toEqual([false, true]);
    }
  });

  it('W4c a create that is told again holds what its caller talked in, where that was not said before', async () => {
    const all = await scene();
    const key = { 'idempotency-key': randomUUID() };
    const tablet = s.otherDevice(all.grace);
    const made = await s.create(all.team, tablet, all.linus, {}, key);
    await database.db.once('update public.call_participants set on_hold = false where call_session_id = $1', [
      all.first,
    ]);
    const again = await s.create(all.team, tablet, all.linus, {}, key);
    expect([again.status, again.body.id]).toEqual([200, made.body.id]);
    expect(personOf(await s.get(all.ada, all.first), all.grace)?.onHold).toBe(true);
  });

  it('W4 a crowd that turns from call to call at once waits in no circle', async () => {
    const all = await scene();
    const second = await rings(all);
    await s.command(all.grace, second.id, 'accept');
    const began = performance.now();
    await Promise.all(
      Array.from({ length: 12 }, (_one, i) =>
        s.command(all.grace, i % 2 === 0 ? all.first : second.id, 'hold', { onHold: false }),
      ),
    );
    expect(performance.now() - began).toBeLessThan(10_000);
    const held = [await s.get(all.ada, all.first), await s.get(all.linus, second.id)].map(
      (call) => personOf(call, all.grace)?.onHold,
    );
    expect(held.sort()).toEqual([false, true]);
    expect(s.errors).toEqual([]);
  });

  it('W5 once the person is free it rings in earnest, and the caller sees that', async () => {
    const all = await scene();
    const second = await rings(all);
    await s.command(all.ada, all.first, 'leave');
    await s.sweeper.sweep();
    expect(personOf(await s.get(all.linus, second.id), all.grace)).toMatchObject({ state: 'ringing', waiting: false });
    await standsFor(second.id);
  });

  it('W5 of two that ring at once, the one that was not answered waits', async () => {
    const all = await scene();
    await s.command(all.ada, all.first, 'leave');
    const second = await rings(all);
    const third = (await s.create(all.team, all.ken, all.grace)).body;
    expect(personOf(third, all.grace)?.waiting).toBe(false);
    await s.command(all.grace, second.id, 'accept');
    await s.sweeper.sweep();
    expect(personOf(await s.get(all.ken, third.id), all.grace)?.waiting).toBe(true);
  });

  it('W6 a ghost makes nobody busy, and no call wait', async () => {
    const all = await scene();
    await database.db.once("update public.device_instances set lease_expires_at = '2000-01-01' where user_id = $1", [
      all.grace.id,
    ]);
    const second = await rings(all);
    expect(personOf(second, all.grace)).toMatchObject({ state: 'ringing', waiting: false });
  });

  it('W2 a call that waited in vain for a caller who is gone holds nobody up', async () => {
    const all = await scene();
    await rings(all);
    await database.db.once("update public.device_instances set lease_expires_at = '2000-01-01' where user_id = $1", [
      all.linus.id,
    ]);
    expect((await s.create(all.team, all.ken, all.grace)).body).toMatchObject({ status: 'ringing' });
  });
});
