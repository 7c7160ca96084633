import { randomUUID } from 'node:crypto';
import { type CallEvent, type CreatedEvent, create, transition } from '@parley/domain';
import { CallView, Notification, Ring } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callView } from '../../src/store/call-view.ts';
import { findCall } from '../../src/store/calls.ts';
import { replayCall } from '../../src/store/events.ts';
import { apply, newCall, place, placed, RING_MS, welcomeOf } from '../support/calls.ts';
import { eachDatabase, onPostgres, openTestPostgres, type TestDatabase } from '../support/databases.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from '../support/people.ts';

async function trio(db: TestDatabase['db']) {
  const people: [TestPerson, TestPerson, TestPerson] = [
    await makePerson(db, 'Ada'),
    await makePerson(db, 'Grace'),
    await makePerson(db, 'Linus'),
  ];
  return { people, team: await makeTeam(db, people) };
}

eachDatabase((_name, open) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await open();
  });
  afterAll(() => test.close());

  /** A fresh team, so that no test hears of another one's calls. */
  async function scene(): Promise<{ ada: TestPerson; grace: TestPerson; linus: TestPerson; team: TestTeam }> {
    const { people, team } = await trio(test.db);
    return { ada: people[0], grace: people[1], linus: people[2], team };
  }
  const at = (stored: { now: number }) => stored.now;
  const accept = (actor: TestPerson): CallEvent => ({
    type: 'accepted',
    actorId: actor.id,
    seat: { deviceId: actor.deviceId, instanceId: actor.instanceId },
    data: { via: 'accept', audioOnly: false, connectTimeoutMs: 60_000 },
  });

  describe('a new call', () => {
    for (const callType of ['audio', 'video'] as const) {
      it(`is what the machine's create makes of a ${callType} call, and its replay`, async () => {
        const { ada, grace, team } = await scene();
        const input = newCall(team, ada, grace, { callType, channelId: team.channelId });
        const { stored } = await placed(test.db, input);
        const event: CreatedEvent = {
          type: 'created',
          actorId: ada.id,
          seat: { deviceId: ada.deviceId, instanceId: ada.instanceId },
          data: {
            id: input.callId,
            teamId: team.id,
            channelId: team.channelId,
            callType,
            recipientIds: [grace.id],
            ringTimeoutMs: RING_MS,
            engine: 'p2p',
          },
        };
        expect(stored.call).toEqual(create(event, at(stored)));
        expect(await test.db.tx((sql) => replayCall(sql, input.callId))).toEqual(stored.call);
        expect(stored.lapsed).toEqual([]);
      });
    }

    it('of a group is what create makes of it, with the people in the order of the request', async () => {
      const { ada, grace, linus, team } = await scene();
      const recipientIds = [linus.id, grace.id];
      const input = newCall(team, ada, grace, { callType: 'group_video', channelId: team.channelId, recipientIds });
      const { stored, rings } = await placed(test.db, input);
      expect(stored.call.participants.map((p) => p.userId)).toEqual([ada.id, linus.id, grace.id]);
      expect(await test.db.tx((sql) => replayCall(sql, input.callId))).toEqual(stored.call);
      expect(rings.map((r) => r.userId).sort()).toEqual([...recipientIds].sort());
    });

    it('gives back a view and rings that fit the protocol, with names', async () => {
      const { ada, grace, team } = await scene();
      const { stored, events, rings, notifications } = await placed(test.db, newCall(team, ada, grace));
      const view = CallView.parse(callView(stored));
      expect(view.call.participants.map((p) => p.displayName)).toEqual(['Ada', 'Grace']);
      expect(view.seats).toEqual([{ userId: ada.id, deviceId: ada.deviceId, instanceId: ada.instanceId }]);
      expect(events.map((e) => [e.seq, e.type, e.actorId, e.deviceId])).toEqual([[1, 'created', ada.id, ada.deviceId]]);
      expect(rings.map((r) => [r.userId, r.deviceId])).toEqual([[grace.id, grace.deviceId]]);
      const ring = Ring.parse(rings[0]?.ring);
      expect(ring).toMatchObject({
        caller: { id: ada.id, displayName: 'Ada' },
        team: { id: team.id, name: 'Acme' },
        expiresAt: view.ringExpiresAt,
      });
      expect(JSON.stringify(ring).length).toBeLessThan(1024);
      expect(notifications).toEqual([]);
    });

    it('rings every device of the recipient that was seen in the last 30 days, and no other', async () => {
      const { ada, grace, team } = await scene();
      const [second, old] = [randomUUID(), randomUUID()];
      await test.db.tx(async (sql) => {
        for (const id of [second, old]) {
          await sql.query('select parley.touch_instance($1, $2, $2, null, 1000, 0)', [grace.id, id]);
        }
        await sql.query(`update public.devices set last_seen_at = now() - interval '31 days' where id = $1`, [old]);
      });
      const { rings } = await placed(test.db, newCall(team, ada, grace));
      expect(rings.map((r) => r.deviceId).sort()).toEqual([grace.deviceId, second].sort());
    });

    it('gives Agora the room under its own name', async () => {
      const { ada, grace, team } = await scene();
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      const [row] = await test.db.once<{ agora_channel_name: string }>(
        'select agora_channel_name from public.call_sessions where id = $1',
        [stored.call.id],
      );
      expect(row?.agora_channel_name).toBe(stored.roomName);
    });
  });

  describe('somebody who is in a call', () => {
    it('is rung quietly: the call is what the machine makes of created and waiting', async () => {
      const { ada, grace, linus, team } = await scene();
      await placed(test.db, newCall(team, grace, linus));
      const { stored, events, rings, notifications } = await placed(test.db, newCall(team, ada, grace));
      expect(events.map((e) => e.type)).toEqual(['created', 'waiting']);
      expect(stored.call).toMatchObject({ status: 'ringing', version: 2, participants: [{}, { waiting: true }] });
      expect(await test.db.tx((sql) => replayCall(sql, stored.call.id))).toEqual(stored.call);
      expect(rings).toHaveLength(1);
      expect(notifications).toEqual([]);
    });

    it('is rung quietly by a group too, and the others loudly', async () => {
      const { ada, grace, linus, team } = await scene();
      const ken = await makePerson(test.db, 'Ken');
      await test.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [team.id, ken.id]);
      await placed(test.db, newCall(team, grace, linus));
      const recipientIds = [ken.id, grace.id];
      const { stored } = await placed(test.db, newCall(team, ada, grace, { callType: 'group_audio', recipientIds }));
      expect(stored.call.participants).toMatchObject([{}, { waiting: false }, { waiting: true }]);
      expect(await test.db.tx((sql) => replayCall(sql, stored.call.id))).toEqual(stored.call);
    });

    it('whom a call waits for already is busy: the call is what the machine makes of created and busy, and both are notified', async () => {
      const { ada, grace, linus, team } = await scene();
      const ken = await makePerson(test.db, 'Ken');
      await test.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [team.id, ken.id]);
      const first = await placed(test.db, newCall(team, grace, linus));
      await placed(test.db, newCall(team, ken, grace));
      const input = newCall(team, ada, grace);
      const { stored, events, rings, notifications } = await placed(test.db, input);
      const call = stored.call;
      if (call.status !== 'rejected') throw new Error('not rejected');
      expect(call.endReason).toBe('busy');
      expect(await test.db.tx((sql) => replayCall(sql, call.id))).toEqual(call);
      const created = create(
        {
          type: 'created',
          actorId: ada.id,
          seat: { deviceId: ada.deviceId, instanceId: ada.instanceId },
          data: {
            id: call.id,
            teamId: team.id,
            channelId: null,
            callType: 'audio',
            recipientIds: [grace.id],
            ringTimeoutMs: RING_MS,
            engine: 'p2p',
          },
        },
        stored.now,
      );
      expect(transition(created, { type: 'busy', userId: grace.id }, stored.now)).toEqual({
        kind: 'accepted',
        call,
        effects: notifications.map(({ userId, item }) => ({ type: 'notify', userId, notification: item.type })),
      });
      expect(events.map((e) => e.type)).toEqual(['created', 'busy']);
      expect(rings).toEqual([]);
      for (const { item } of notifications) Notification.parse(item);
      expect((await test.db.tx((sql) => findCall(sql, first.stored.call.id)))?.call).toEqual(first.stored.call);
    });

    it('is not busy because of a seat whose lease has run out, or a ring that nobody answered', async () => {
      const { ada, grace, linus, team } = await scene();
      await placed(test.db, newCall(team, grace, linus));
      const ghost = await placed(test.db, newCall(team, ada, grace, { skewMs: 31_000 }));
      expect(ghost.stored.call).toMatchObject({ status: 'ringing', participants: [{}, { waiting: false }] });
    });

    it('is not busy because of a call that waited, and whose caller is gone', async () => {
      const { ada, grace, linus, team } = await scene();
      const ken = await makePerson(test.db, 'Ken');
      await test.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [team.id, ken.id]);
      await placed(test.db, newCall(team, grace, linus));
      await placed(test.db, newCall(team, ken, grace));
      await test.db.once("update public.device_instances set lease_expires_at = '2000-01-01' where user_id = $1", [
        ken.id,
      ]);
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      expect(stored.call).toMatchObject({ status: 'ringing', participants: [{}, { waiting: true }] });
    });
  });

  describe('the same key', () => {
    it('again gives the call that it made, also when that is over', async () => {
      const { ada, grace, team } = await scene();
      const input = newCall(team, ada, grace);
      await placed(test.db, input);
      await apply(test.db, input.callId, { type: 'cancelled', actorId: ada.id });
      const again = await place(test.db, { ...input, callId: randomUUID(), roomName: 'other' });
      expect(again).toMatchObject({ outcome: 'repeated', stored: { call: { id: input.callId, status: 'missed' } } });
    });

    it('with another body is refused, and nothing is written', async () => {
      const { ada, grace, linus, team } = await scene();
      const input = newCall(team, ada, grace);
      await placed(test.db, input);
      const other = { ...input, callId: randomUUID(), recipientIds: [linus.id], bodyHash: 'b'.repeat(64) };
      expect(await place(test.db, other)).toEqual({ outcome: 'refused', code: 'idempotency_key_reused' });
      expect(await test.db.tx((sql) => findCall(sql, other.callId))).toBeNull();
    });

    it('of somebody else is another key', async () => {
      const { ada, grace, linus, team } = await scene();
      const input = newCall(team, ada, grace);
      await placed(test.db, input);
      const other = { ...newCall(team, linus, ada), key: input.key };
      expect(await place(test.db, other)).toMatchObject({ outcome: 'created' });
    });
  });

  describe('a pair that has a live call', () => {
    it('gets that call, with its first type, and the key keeps it', async () => {
      const { ada, grace, team } = await scene();
      const first = await placed(test.db, newCall(team, ada, grace));
      const input = newCall(team, ada, grace, { callType: 'video' });
      const second = await place(test.db, input);
      expect(second).toMatchObject({ outcome: 'exists', glare: false });
      if (second.outcome !== 'exists') return;
      expect(second.stored.call).toEqual(first.stored.call);
      await apply(test.db, first.stored.call.id, { type: 'cancelled', actorId: ada.id });
      expect(await place(test.db, input)).toMatchObject({
        outcome: 'repeated',
        stored: { call: { id: first.stored.call.id } },
      });
    });

    it('is glare when the other one rings: nothing is decided, and the key stays free for the accept', async () => {
      const { ada, grace, team } = await scene();
      const first = await placed(test.db, newCall(team, ada, grace));
      const input = newCall(team, grace, ada);
      for (let times = 0; times < 2; times += 1) {
        expect(await place(test.db, input)).toMatchObject({
          outcome: 'exists',
          glare: true,
          stored: { call: first.stored.call },
        });
      }
    });

    it('is stale when its deadline has passed, or when somebody in it is gone', async () => {
      const { ada, grace, team } = await scene();
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      expect(await place(test.db, newCall(team, grace, ada, { skewMs: RING_MS }))).toEqual({
        outcome: 'stale',
        callId: stored.call.id,
      });
      await apply(test.db, stored.call.id, accept(grace));
      // The lease of Ada's seat ends before the deadline of the connection does.
      expect(await place(test.db, newCall(team, grace, ada, { skewMs: 31_000 }))).toEqual({
        outcome: 'stale',
        callId: stored.call.id,
      });
    });
  });

  describe('refused, with nothing written', () => {
    const refused = async (team: TestTeam, from: TestPerson, to: TestPerson, changes: object, code: string) => {
      const input = newCall(team, from, to, changes);
      expect(await place(test.db, input)).toEqual({ outcome: 'refused', code });
      expect(await test.db.tx((sql) => findCall(sql, input.callId))).toBeNull();
      const keys = await test.db.once('select 1 as found from public.idempotency_keys where key = $1', [input.key]);
      expect(keys).toEqual([]);
    };

    it('a team that is not theirs, or is not', async () => {
      const { ada, grace, team } = await scene();
      const other = await scene();
      await refused(other.team, ada, grace, {}, 'not_found');
      await refused({ ...team, id: randomUUID() }, ada, grace, {}, 'not_found');
    });

    it('a channel of another team, or of two others', async () => {
      const { ada, grace, linus, team } = await scene();
      const other = await scene();
      await refused(team, ada, grace, { channelId: other.team.channelId }, 'not_found');
      const [low, high] = [grace.id, linus.id].sort();
      const [direct] = await test.db.once<{ id: string }>(
        `insert into public.channels (team_id, kind, direct_low, direct_high) values ($1, 'direct', $2, $3) returning id`,
        [team.id, low, high],
      );
      await refused(team, ada, grace, { channelId: direct?.id }, 'not_found');
      await refused(team, grace, ada, { channelId: direct?.id }, 'recipient_not_in_team');
    });

    it('a recipient outside the team', async () => {
      const { ada, team } = await scene();
      const other = await scene();
      await refused(team, ada, other.grace, {}, 'recipient_not_in_team');
      await refused(team, ada, { ...other.grace, id: randomUUID() }, {}, 'recipient_not_in_team');
    });

    it('oneself, nobody, more than one, the same one twice', async () => {
      const { ada, grace, linus, team } = await scene();
      await refused(team, ada, ada, {}, 'recipient_is_self');
      await refused(team, ada, grace, { recipientIds: [] }, 'recipients_missing');
      await refused(team, ada, grace, { recipientIds: [grace.id, linus.id] }, 'recipients_too_many');
      await refused(team, ada, grace, { recipientIds: [grace.id, grace.id] }, 'recipients_repeated');
    });

    it('a fourth live call; ghosts do not count, nor a create that finds a call', async () => {
      const { ada, grace, linus } = await scene();
      const more = [grace, linus, await makePerson(test.db, 'Margaret'), await makePerson(test.db, 'Ken')];
      const team = await makeTeam(test.db, [ada, ...more]);
      const calls = [];
      for (const person of more.slice(0, 3)) calls.push(await placed(test.db, newCall(team, ada, person)));
      const [last] = more.slice(3);
      if (!last) throw new Error('no fourth');
      await refused(team, ada, last, {}, 'too_many_live_calls');
      expect(await place(test.db, newCall(team, ada, grace))).toMatchObject({ outcome: 'exists' });
      const { calls: live } = await welcomeOf(test.db, ada);
      expect(live.map(({ call }) => call.id)).toEqual(calls.map(({ stored }) => stored.call.id));
      expect(await place(test.db, newCall(team, ada, last, { skewMs: 31_000 }))).toMatchObject({ outcome: 'created' });
    });
  });
});

onPostgres('many at once on Postgres', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestPostgres();
  });
  afterAll(() => test.close());

  it('two people who call each other at the same moment make one call, whoever is first', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { people, team } = await trio(test.db);
      const [ada, grace] = people;
      const outcomes = await Promise.all(
        [newCall(team, ada, grace), newCall(team, grace, ada)].map((input) => place(test.db, input)),
      );
      expect(outcomes.map((o) => o.outcome).sort()).toEqual(['created', 'exists']);
    }
  });

  it('one key sent eight times at once makes one call', async () => {
    const { people, team } = await trio(test.db);
    const input = newCall(team, people[0], people[1]);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => place(test.db, { ...input, callId: randomUUID(), roomName: randomUUID() })),
    );
    expect(outcomes.filter((o) => o.outcome === 'created')).toHaveLength(1);
    expect(outcomes.filter((o) => o.outcome === 'repeated')).toHaveLength(7);
  });

  it('three people who call in a ring end with no deadlock, and the last of them waits', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { people, team } = await trio(test.db);
      const [ada, grace, linus] = people;
      const inputs = [newCall(team, ada, grace), newCall(team, grace, linus), newCall(team, linus, ada)];
      const outcomes = await Promise.all(inputs.map((input) => place(test.db, input)));
      expect(outcomes.map((o) => o.outcome)).toEqual(['created', 'created', 'created']);
      const waiting = outcomes.filter(
        (o) => o.outcome === 'created' && o.stored.call.participants.some((p) => p.state === 'ringing' && p.waiting),
      );
      expect(waiting.length).toBeGreaterThanOrEqual(1);
      expect(waiting.length).toBeLessThanOrEqual(2);
    }
  });
});
