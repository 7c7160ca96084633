import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCall } from '../../src/store/calls.ts';
import { beat, renewLeases, touchInstance } from '../../src/store/devices.ts';
import { findEvents } from '../../src/store/events.ts';
import { cursorAfter, findHistory, type HistoryPage } from '../../src/store/history.ts';
import { tidy } from '../../src/store/housekeeping.ts';
import { findNotifications, markRead } from '../../src/store/notifications.ts';
import { markRingReady, openRings } from '../../src/store/rings.ts';
import { apply, LEASE_MS, newCall, placed, RING_MS, welcomeOf } from '../support/calls.ts';
import { eachDatabase, type TestDatabase } from '../support/databases.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from '../support/people.ts';

eachDatabase((_name, open) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await open();
  });
  afterAll(() => test.close());

  async function scene(): Promise<{ ada: TestPerson; grace: TestPerson; linus: TestPerson; team: TestTeam }> {
    const ada = await makePerson(test.db, 'Ada');
    const grace = await makePerson(test.db, 'Grace');
    const linus = await makePerson(test.db, 'Linus');
    return { ada, grace, linus, team: await makeTeam(test.db, [ada, grace, linus]) };
  }
  const claims = (person: TestPerson) => ({ sub: person.id, isAnonymous: false });
  const decline = (person: TestPerson) => ({ type: 'declined', actorId: person.id }) as const;

  describe('reading in the name of a person', () => {
    it('shows a call of two to these two alone, names included', async () => {
      const { ada, grace, linus, team } = await scene();
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      for (const person of [ada, grace]) {
        const seen = await test.db.readAs(claims(person), (sql) => findCall(sql, stored.call.id));
        expect(seen?.call).toEqual(stored.call);
        expect([...(seen?.names.values() ?? [])]).toEqual(['Ada', 'Grace']);
        expect(await test.db.readAs(claims(person), (sql) => findEvents(sql, stored.call.id, 0))).toHaveLength(1);
      }
      expect(await test.db.readAs(claims(linus), (sql) => findCall(sql, stored.call.id))).toBeNull();
      expect(await test.db.readAs(claims(linus), (sql) => findEvents(sql, stored.call.id, 0))).toEqual([]);
    });

    it("shows a channel's group call to the team, and the name of somebody who has left it since", async () => {
      const { ada, grace, linus, team } = await scene();
      const input = { callType: 'group_audio', channelId: team.channelId, recipientIds: [grace.id] } as const;
      const { stored } = await placed(test.db, newCall(team, ada, grace, input));
      await test.db.once('delete from public.team_members where user_id = $1', [grace.id]);
      const seen = await test.db.readAs(claims(linus), (sql) => findCall(sql, stored.call.id));
      expect(seen?.names.get(grace.id)).toBe('Grace');
      const stranger = await makePerson(test.db, 'Mallory');
      expect(await test.db.readAs(claims(stranger), (sql) => findCall(sql, stored.call.id))).toBeNull();
    });

    it('cannot write', async () => {
      const { ada, team } = await scene();
      const write = test.db.readAs(claims(ada), (sql) =>
        sql.query(`update public.teams set name = 'Mine' where id = $1`, [team.id]),
      );
      await expect(write).rejects.toMatchObject({
        code: expect.stringMatching(/^(25006|42501|database_unavailable)$/),
      });
    });

    it('leaves no claims behind for whoever comes next', async () => {
      const { ada } = await scene();
      await test.db.readAs(claims(ada), (sql) => sql.query('select 1'));
      const [row] = await test.db.once<{ uid: string | null; role: string }>(
        'select auth.uid() as uid, current_user as role',
      );
      expect(row?.uid).toBeNull();
      expect(row?.role).not.toBe('authenticated');
    });
  });

  describe('the history', () => {
    it('is newest first, page by page, of what one may see in this team', async () => {
      const { ada, grace, linus, team } = await scene();
      const other = await makeTeam(test.db, [ada, grace]);
      const ids: string[] = [];
      for (const [index, [from, to]] of (
        [
          [ada, grace],
          [grace, ada],
          [linus, grace],
          [ada, linus],
        ] as const
      ).entries()) {
        const { stored } = await placed(test.db, newCall(team, from, to, { skewMs: index * 1000 }));
        await apply(test.db, stored.call.id, decline(to), index * 1000);
        if (from === ada || to === ada) ids.unshift(stored.call.id);
      }
      const group = { callType: 'group_audio', channelId: team.channelId, recipientIds: [], skewMs: 5_000 } as const;
      ids.unshift((await placed(test.db, newCall(team, linus, grace, group))).stored.call.id);
      const elsewhere = await placed(test.db, newCall(other, ada, grace, { skewMs: 6_000 }));
      await apply(test.db, elsewhere.stored.call.id, decline(grace), 6_000);

      const page = (before: HistoryPage['before']) =>
        test.db.readAs(claims(ada), (sql) =>
          findHistory(sql, ada.id, { teamId: team.id, only: null, with: null, before, limit: 3 }),
        );
      const first = await page(null);
      expect(first.map(({ call }) => call.id)).toEqual(ids.slice(0, 3));
      const last = first.at(-1);
      const second = await page(last ? cursorAfter(last) : null);
      expect(second.map(({ call }) => call.id)).toEqual(ids.slice(3));
    });
  });

  describe('the inbox', () => {
    it('counts from 1, gives what is new, and reads each entry once', async () => {
      const { ada, grace, linus, team } = await scene();
      for (const from of [ada, linus, ada]) {
        const { stored } = await placed(test.db, newCall(team, from, grace));
        await apply(test.db, stored.call.id, { type: 'cancelled', actorId: from.id });
      }
      const as = <T>(run: (sql: Parameters<Parameters<typeof test.db.readAs>[1]>[0]) => Promise<T>) =>
        test.db.readAs(claims(grace), run);
      const inboxOf = async (after: number, limit = 100) => (await welcomeOf(test.db, grace, { after, limit })).inbox;
      const inbox = await inboxOf(1);
      expect([inbox.seq, inbox.items.map((i) => i.seq)]).toEqual([3, [2, 3]]);
      expect(await inboxOf(3)).toEqual({ seq: 3, items: [] });
      expect(await inboxOf(99)).toEqual({ seq: 3, items: [] });
      expect((await inboxOf(0, 2)).items.map((i) => i.seq)).toEqual([2, 3]);
      const newest = await as((sql) => findNotifications(sql, grace.id, null, 2));
      expect(newest.map((n) => [n.seq, n.type, n.readAt])).toEqual([
        [3, 'missed', null],
        [2, 'missed', null],
      ]);
      expect((await as((sql) => findNotifications(sql, grace.id, 2, 2))).map((n) => n.seq)).toEqual([1]);

      const ids = newest.map((n) => n.id);
      await test.db.tx((sql) => markRead(sql, ada.id, ids, 0));
      expect((await as((sql) => findNotifications(sql, grace.id, null, 1)))[0]?.readAt).toBeNull();
      await test.db.tx((sql) => markRead(sql, grace.id, [...ids, randomUUID()], 0));
      const readAt = (await as((sql) => findNotifications(sql, grace.id, null, 1)))[0]?.readAt;
      expect(readAt).not.toBeNull();
      await test.db.tx((sql) => markRead(sql, grace.id, ids, 60_000));
      expect((await as((sql) => findNotifications(sql, grace.id, null, 1)))[0]?.readAt).toBe(readAt);
      expect((await welcomeOf(test.db, linus)).inbox).toEqual({ seq: 0, items: [] });
    });
  });

  describe('rings', () => {
    it('reach a device that comes late, with the same id each time, and end with the ringing', async () => {
      const { ada, grace, team } = await scene();
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      const late = { userId: grace.id, deviceId: randomUUID(), instanceId: randomUUID(), leaseMs: LEASE_MS };
      await test.db.tx((sql) => touchInstance(sql, late, 0));
      const rings = () => test.db.tx((sql) => openRings(sql, grace.id, late.deviceId, 0));
      const [ring] = await rings();
      expect(ring).toMatchObject({ callId: stored.call.id, caller: { displayName: 'Ada' } });
      expect(await rings()).toEqual([ring]);
      expect(await test.db.tx((sql) => openRings(sql, ada.id, ada.deviceId, 0))).toEqual([]);
      expect(await test.db.tx((sql) => openRings(sql, grace.id, late.deviceId, RING_MS))).toEqual([]);
      await apply(test.db, stored.call.id, decline(grace));
      expect(await rings()).toEqual([]);
    });

    it('are ready for their own device alone, and only while it rings', async () => {
      const { ada, grace, linus, team } = await scene();
      const { stored, rings } = await placed(test.db, newCall(team, ada, grace));
      const { callId, ringId } = rings[0]?.ring ?? { callId: '', ringId: '' };
      const ready = (person: TestPerson, changes: object = {}) => {
        const { id: userId, deviceId, instanceId } = person;
        const all = { callId, ringId, userId, deviceId, instanceId, skewMs: 0, ...changes };
        return test.db.tx((sql) => markRingReady(sql, all));
      };
      expect(await ready(linus)).toBe(false);
      expect(await ready(grace, { deviceId: randomUUID() })).toBe(false);
      expect(await ready(grace, { callId: randomUUID() })).toBe(false);
      expect(await ready(grace, { skewMs: RING_MS })).toBe(false);
      expect(await ready(grace)).toBe(true);
      expect(await ready(grace)).toBe(true);
      await apply(test.db, stored.call.id, decline(grace));
      expect(await ready(grace)).toBe(false);
    });
  });

  describe('leases', () => {
    const leaseOf = async (person: TestPerson) => {
      const [row] = await test.db.once<{ lease_expires_at: Date }>(
        'select lease_expires_at from public.device_instances where user_id = $1 and id = $2',
        [person.id, person.instanceId],
      );
      return row?.lease_expires_at.getTime() ?? 0;
    };
    const now = async () => {
      const [row] = await test.db.once<{ now: number }>('select parley.ms(parley.clock(0)) as now');
      return row?.now ?? Number.NaN;
    };

    it('are renewed many at a time, by the age of each sign of life, and never get shorter', async () => {
      const { ada, grace, linus } = await scene();
      const renew = (people: TestPerson[], ageMs: number, skewMs: number) => {
        const renewals = people.map((p) => ({ userId: p.id, instanceId: p.instanceId, ageMs }));
        return test.db.tx((sql) => renewLeases(sql, renewals, LEASE_MS, skewMs));
      };
      const before = await leaseOf(linus);
      const twice = [ada, grace, ada];
      const earliest = await now();
      expect(await renew(twice, 4_000, 60_000)).toBe(2);
      const latest = await now();
      expect(await leaseOf(ada)).toBeGreaterThanOrEqual(earliest + 86_000);
      expect(await leaseOf(ada)).toBeLessThanOrEqual(latest + 86_000);
      const renewed = await leaseOf(ada);
      await renew([ada], 20_000, 0);
      expect(await leaseOf(ada)).toBe(renewed);
      expect(await leaseOf(linus)).toBe(before);
      expect(await renew([{ ...ada, id: grace.id }], 0, 0)).toBe(0);
    });

    it('do not run while no server was there; one that had run out before stays so', async () => {
      const { ada, grace } = await scene();
      await test.db.once('delete from public.server_heartbeat');
      const beatAt = (skewMs: number) => test.db.tx((sql) => beat(sql, 15_000, LEASE_MS, skewMs));
      expect(await beatAt(0)).toBe(true);
      expect(await beatAt(5_000)).toBe(false);
      expect(await beatAt(10_000)).toBe(false);
      await test.db.once(`update public.device_instances set lease_expires_at = now() where user_id = $1`, [grace.id]);
      const gone = await leaseOf(grace);
      const lived = await leaseOf(ada);
      // A gap of five minutes.
      expect(await beatAt(310_000)).toBe(true);
      expect((await leaseOf(ada)) - lived).toBeGreaterThan(280_000);
      expect(await leaseOf(grace)).toBe(gone);
    });
  });

  it('one browser may be used by two people, one after the other: each has the device', async () => {
    const { ada, grace } = await scene();
    const sender = { userId: grace.id, deviceId: ada.deviceId, instanceId: ada.instanceId, leaseMs: LEASE_MS };
    await test.db.tx((sql) => touchInstance(sql, sender, 0));
    const rows = await test.db.once('select user_id from public.devices where id = $1', [ada.deviceId]);
    expect(rows).toHaveLength(2);
  });

  it('housekeeping takes old keys, instances and devices, and nothing that a seat stands on', async () => {
    const { ada, grace, team } = await scene();
    const { stored } = await placed(test.db, newCall(team, ada, grace));
    const count = async () => {
      const [row] = await test.db.once<{ n: number }>(
        `select (select count(*) from public.devices where user_id = any ($1::uuid[]))
              + (select count(*) from public.device_instances where user_id = any ($1::uuid[]))
              + (select count(*) from public.idempotency_keys where user_id = any ($1::uuid[])) as n`,
        [[ada.id, grace.id]],
      );
      return row?.n;
    };
    expect(await count()).toBe(5);
    await test.db.tx((sql) => tidy(sql, 1000, 0));
    expect(await count()).toBe(5);
    const days = 86_400_000;
    await test.db.tx((sql) => tidy(sql, 1000, 2 * days));
    expect(await count()).toBe(3);
    await test.db.tx((sql) => tidy(sql, 1000, 100 * days));
    expect(await count()).toBe(2);
    const { calls: live } = await welcomeOf(test.db, ada);
    expect(live.map(({ call }) => call)).toEqual([stored.call]);
  });
});
