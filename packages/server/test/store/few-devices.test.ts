import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renewLeases, touchInstance } from '../../src/store/devices.ts';
import { newCall, placed } from '../support/calls.ts';
import { eachDatabase, type TestDatabase } from '../support/databases.ts';
import { makePerson, makeTeam, type TestPerson } from '../support/people.ts';

eachDatabase((_name, open) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await open();
  });
  afterAll(() => test.close());

  const touch = (userId: string, deviceId: string, instanceId: string, skewMs: number) =>
    touchInstance({ query: test.db.once }, { userId, deviceId, instanceId, leaseMs: 30_000 }, skewMs);
  const ids = async (table: 'devices' | 'device_instances', { id }: TestPerson) =>
    (await test.db.once<{ id: string }>(`select id from public.${table} where user_id = $1`, [id])).map(
      (row) => row.id,
    );

  it('a person has fifty devices at most: those used longest ago make way, unless they sit in a call', async () => {
    const [ada, grace] = [await makePerson(test.db, 'Ada'), await makePerson(test.db, 'Grace')];
    const team = await makeTeam(test.db, [ada, grace]);
    await placed(test.db, newCall(team, ada, grace));
    const made = Array.from({ length: 60 }, () => randomUUID());
    for (const [index, device] of made.entries()) await touch(ada.id, device, device, 1_000 * (index + 1));
    const left = await ids('devices', ada);
    // Her first one is the oldest, and sits in the call that rings.
    expect(left).toContain(ada.deviceId);
    expect(left).toHaveLength(51);
    expect([...left].sort()).toEqual([ada.deviceId, ...made.slice(-50)].sort());
    // Used again, a device is there again; nobody else has lost one.
    await touch(ada.id, made[0] ?? '', made[0] ?? '', 100_000);
    expect(await ids('devices', ada)).toContain(made[0]);
    expect(await ids('devices', grace)).toEqual([grace.deviceId]);
  });

  it('a device that is there stays, however long ago it was first seen', async () => {
    const ada = await makePerson(test.db, 'Ada');
    const made = Array.from({ length: 61 }, () => randomUUID());
    const newer = async (from: number, to: number) => {
      for (let at = from; at < to; at += 1) await touch(ada.id, made[at] ?? '', made[at] ?? '', 1_000 * (at + 1));
    };
    await newer(0, 20);
    // Its socket is open; none of its signs of life names the device.
    const alive = { userId: ada.id, instanceId: ada.instanceId, ageMs: 0 };
    expect(await renewLeases({ query: test.db.once }, [alive], 30_000, 40_000)).toBe(1);
    await newer(20, 60);
    expect(await ids('devices', ada)).toContain(ada.deviceId);
    expect(await ids('devices', ada)).toHaveLength(51);
    // It is gone since, and the next new one takes its place.
    await touch(ada.id, made[60] ?? '', made[60] ?? '', 71_000);
    expect(await ids('devices', ada)).not.toContain(ada.deviceId);
  });

  it('and two hundred instances, likewise', async () => {
    const ada = await makePerson(test.db, 'Ada');
    const made = Array.from({ length: 210 }, () => randomUUID());
    for (const [index, instance] of made.entries()) await touch(ada.id, ada.deviceId, instance, 1_000 * (index + 1));
    expect((await ids('device_instances', ada)).sort()).toEqual(made.slice(-200).sort());
  });
});
