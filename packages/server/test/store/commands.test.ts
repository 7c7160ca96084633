import { randomUUID } from 'node:crypto';
import { type CallEvent, dueEvent, transition } from '@parley/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  beforeAccept,
  beginCommand,
  beginCredentials,
  findCall,
  findCalls,
  lockCall,
  lockDueCall,
  saveCall,
} from '../../src/store/calls.ts';
import { findEvents } from '../../src/store/events.ts';
import { bodyHash, type CommandKey } from '../../src/store/idempotency.ts';
import { apply, LEASE_MS, newCall, place, placed, RING_MS } from '../support/calls.ts';
import { eachDatabase, onPostgres, openTestPostgres, type TestDatabase } from '../support/databases.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from '../support/people.ts';

async function pairOf(db: TestDatabase['db']): Promise<{ ada: TestPerson; grace: TestPerson; team: TestTeam }> {
  const [ada, grace] = [await makePerson(db, 'Ada'), await makePerson(db, 'Grace')];
  return { ada, grace, team: await makeTeam(db, [ada, grace]) };
}

const accepted = (actor: TestPerson): CallEvent => ({
  type: 'accepted',
  actorId: actor.id,
  seat: { deviceId: actor.deviceId, instanceId: actor.instanceId },
  data: { via: 'accept', audioOnly: false, connectTimeoutMs: 60_000 },
});

const keyOf = (person: TestPerson, command: string, key: string = randomUUID()): CommandKey => ({
  userId: person.id,
  key,
  command,
  bodyHash: 'a'.repeat(64),
});

/** Runs a command as the use cases do: lock, key, machine, save. */
const command = (db: TestDatabase['db'], callId: string, key: CommandKey, event: CallEvent) =>
  db.tx(async (sql) => {
    const begun = await beginCommand(sql, callId, { key, sender: null, skewMs: 0 });
    if (!begun) throw new Error('no such call');
    if (begun.repeated) return 'repeated';
    const { call, now } = begun.locked;
    const next = transition(call, event, now);
    if (next.kind === 'refused') return next.code;
    const events = next.kind === 'accepted' ? [{ seq: next.call.version, at: now, event }] : [];
    await saveCall(sql, { call: next.call, events, effects: next.kind === 'accepted' ? next.effects : [], key, now });
    return next.kind;
  });

eachDatabase((_name, open) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await open();
  });
  afterAll(() => test.close());

  describe('a command', () => {
    it('under the same key is carried out once', async () => {
      const { ada, grace, team } = await pairOf(test.db);
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      const key = keyOf(grace, 'accept');
      expect(await command(test.db, stored.call.id, key, accepted(grace))).toBe('accepted');
      expect(await command(test.db, stored.call.id, key, accepted(grace))).toBe('repeated');
      expect(await test.db.tx((sql) => findEvents(sql, stored.call.id, 0))).toHaveLength(2);
    });

    it('that changes nothing keeps its key, and writes no event', async () => {
      const { ada, grace, team } = await pairOf(test.db);
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      await apply(test.db, stored.call.id, accepted(grace));
      const key = keyOf(grace, 'accept');
      expect(await command(test.db, stored.call.id, key, accepted(grace))).toBe('unchanged');
      expect(await command(test.db, stored.call.id, key, accepted(grace))).toBe('repeated');
      expect(await test.db.tx((sql) => findEvents(sql, stored.call.id, 1))).toHaveLength(1);
    });

    it('with the key of another command, body or call is refused', async () => {
      const { ada, grace, team } = await pairOf(test.db);
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      const key = keyOf(grace, 'decline');
      await command(test.db, stored.call.id, key, { type: 'declined', actorId: grace.id });
      const second = await placed(test.db, newCall(team, ada, grace));
      const refused = { code: 'idempotency_key_reused' };
      const event: CallEvent = { type: 'declined', actorId: grace.id };
      for (const [callId, other] of [
        [stored.call.id, { ...key, command: 'leave' }],
        [stored.call.id, { ...key, bodyHash: 'b'.repeat(64) }],
        [second.stored.call.id, key],
      ] as const) {
        await expect(command(test.db, callId, other, event)).rejects.toMatchObject(refused);
      }
    });

    it('on a call that is not finds nothing', async () => {
      expect(await test.db.tx((sql) => lockCall(sql, randomUUID(), 0))).toBeNull();
    });

    it('is a sign of life, but does not bring back a lease that had run out', async () => {
      const { ada, grace, team } = await pairOf(test.db);
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      const sender = { userId: ada.id, deviceId: ada.deviceId, instanceId: ada.instanceId, leaseMs: LEASE_MS };
      const at = (skewMs: number) =>
        test.db.tx((sql) => beginCommand(sql, stored.call.id, { key: null, sender, skewMs }));
      expect((await at(20_000))?.locked.lapsed).toEqual([]);
      expect((await at(35_000))?.locked.lapsed).toEqual([]);
      expect((await at(90_000))?.locked.lapsed).toEqual([ada.id]);
    });

    it('that fails leaves nothing behind', async () => {
      const { ada, grace, team } = await pairOf(test.db);
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      const broken = test.db.tx(async (sql) => {
        const locked = await lockCall(sql, stored.call.id, 0);
        if (!locked) throw new Error('no such call');
        const next = transition(locked.call, { type: 'declined', actorId: grace.id }, locked.now);
        if (next.kind !== 'accepted') throw new Error('refused');
        const events = [{ seq: 2, at: locked.now, event: { type: 'declined', actorId: grace.id } as const }];
        await saveCall(sql, { call: next.call, events, effects: next.effects, key: null, now: locked.now });
        throw new Error('and then it broke');
      });
      await expect(broken).rejects.toThrow('and then it broke');
      expect((await test.db.tx((sql) => findCall(sql, stored.call.id)))?.call).toEqual(stored.call);
      expect(await test.db.tx((sql) => findEvents(sql, stored.call.id, 1))).toEqual([]);
    });

    it('saved over a call that has moved on is refused', async () => {
      const { ada, grace, team } = await pairOf(test.db);
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      const next = transition(stored.call, { type: 'declined', actorId: grace.id }, stored.now);
      if (next.kind !== 'accepted') throw new Error('refused');
      await apply(test.db, stored.call.id, accepted(grace));
      const events = [{ seq: 2, at: stored.now, event: { type: 'declined', actorId: grace.id } as const }];
      const late = test.db.tx((sql) =>
        saveCall(sql, { call: next.call, events, effects: next.effects, key: null, now: stored.now }),
      );
      await expect(late).rejects.toThrow('moved on');
    });
  });

  describe('the ledger', () => {
    it('cannot be changed afterwards, not even by the owner of the table', async () => {
      const { ada, grace, team } = await pairOf(test.db);
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      for (const text of [
        `update public.call_events set data = '{}' where call_session_id = $1`,
        'delete from public.call_events where call_session_id = $1',
      ]) {
        await expect(test.db.once(text, [stored.call.id])).rejects.toThrow('append-only');
      }
    });

    it('goes with its team, and keeps people who took part', async () => {
      const { ada, grace, team } = await pairOf(test.db);
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      await expect(test.db.once('delete from auth.users where id = $1', [ada.id])).rejects.toMatchObject({
        // A restricted deletion has a code of its own since Postgres 18.
        code: expect.stringMatching(/^(23503|23001)$/),
      });
      await test.db.once('delete from public.teams where id = $1', [team.id]);
      expect(await test.db.tx((sql) => findCall(sql, stored.call.id))).toBeNull();
      expect(await test.db.tx((sql) => findEvents(sql, stored.call.id, 0))).toEqual([]);
    });

    it('notes the newest expiry of a media token', async () => {
      const { ada, grace, team } = await pairOf(test.db);
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      const begin = (lastMs: number) =>
        test.db.tx((sql) => beginCredentials(sql, { callId: stored.call.id, userId: ada.id, lastMs, skewMs: 0 }));
      const { expiresAt } = await begin(7_200_000);
      expect((await begin(3_600_000)).expiresAt).toBeLessThan(expiresAt);
      const [row] = await test.db.once<{ token_expires_at: Date }>(
        'select token_expires_at from public.call_sessions where id = $1',
        [stored.call.id],
      );
      expect(row?.token_expires_at.getTime()).toBe(expiresAt);
    });

    it('gives several calls at once, and passes over those that are not', async () => {
      const { ada, grace, team } = await pairOf(test.db);
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      const found = await test.db.tx((sql) => findCalls(sql, [randomUUID(), stored.call.id]));
      expect(found.map(({ call }) => call)).toEqual([stored.call]);
    });
  });

  describe('what is due', () => {
    it('is found: a ring, a connection, a seat whose lease ran out; each once, and nothing else', async () => {
      const { ada, grace, team } = await pairOf(test.db);
      const { stored } = await placed(test.db, newCall(team, ada, grace));
      const id = stored.call.id;
      const due = (skewMs: number, except: string[] = []) =>
        test.db.tx(async (sql) => {
          const seen = [...except];
          for (;;) {
            const locked = await lockDueCall(sql, seen, skewMs);
            // Calls of other tests are due as well.
            if (locked === null || locked.call.id === id) return locked;
            seen.push(locked.call.id);
          }
        });
      expect(await due(0)).toBeNull();
      const rung = await due(RING_MS);
      expect(rung && dueEvent(rung.call, rung.now)).toEqual({ type: 'timed_out' });
      expect(await due(RING_MS, [id])).toBeNull();

      await apply(test.db, id, accepted(grace));
      await test.db.once(`update public.device_instances set lease_expires_at = now() + interval '10 minutes'`);
      expect(await due(20_000)).toBeNull();
      const unconnected = await due(61_000);
      expect(unconnected && dueEvent(unconnected.call, unconnected.now)).toEqual({ type: 'ended', actorId: null });

      for (const person of [ada, grace]) {
        await apply(test.db, id, { type: 'media_connected', actorId: person.id, deviceId: person.deviceId });
      }
      expect(await due(300_000)).toBeNull();
      const ghosts = await due(601_000);
      expect(ghosts?.lapsed).toEqual([ada.id, grace.id]);
      await apply(test.db, id, { type: 'dropped', userId: ada.id }, 601_000);
      expect(await due(601_000)).toBeNull();
    });
  });

  it('the hash of a body does not depend on the order of its fields, nor on fields that are not there', async () => {
    expect(await bodyHash({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(
      await bodyHash({ b: [{ d: 3, c: 2 }], a: 1, e: undefined }),
    );
    expect(await bodyHash({ a: 1 })).not.toBe(await bodyHash({ a: 2 }));
    expect(await bodyHash({})).toMatch(/^[0-9a-f]{64}$/);
  });
});

onPostgres('commands at once on Postgres', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestPostgres();
  });
  afterAll(() => test.close());

  it('the first accept wins by the row lock; the others read what it wrote', async () => {
    const { ada, grace, team } = await pairOf(test.db);
    const { stored } = await placed(test.db, newCall(team, ada, grace));
    const devices = Array.from({ length: 5 }, () => ({ ...grace, deviceId: randomUUID(), instanceId: randomUUID() }));
    for (const d of devices) {
      await test.db.once('select parley.touch_instance($1, $2, $3, null, 30000, 0)', [
        grace.id,
        d.deviceId,
        d.instanceId,
      ]);
    }
    const results = await Promise.all(
      devices.map((device) => command(test.db, stored.call.id, keyOf(grace, 'accept'), accepted(device))),
    );
    expect(results.sort()).toEqual(['accepted', ...Array(4).fill('answered_elsewhere')]);
  });

  it('a create that finds the call does not wait for the command that holds it', async () => {
    const { ada, grace, team } = await pairOf(test.db);
    const { stored } = await placed(test.db, newCall(team, ada, grace));
    // She taps again, on another device.
    const again = newCall(team, { ...ada, deviceId: randomUUID(), instanceId: randomUUID() }, grace);
    await test.db.tx(async (sql) => {
      await lockCall(sql, stored.call.id, 0);
      expect(await place(test.db, again)).toMatchObject({ outcome: 'exists', glare: false });
      // And the command has its slots at once.
      expect(await beforeAccept(sql, stored.call.id, grace.id, 0)).toEqual({ others: 0, callerTalks: false });
    });
  });

  it('a create waits for a command of another tab of its device before it holds anybody', async () => {
    const { ada, grace, team } = await pairOf(test.db);
    const { stored } = await placed(test.db, newCall(team, grace, ada));
    const linus = await makePerson(test.db, 'Linus');
    await test.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [team.id, linus.id]);
    const sender = { userId: ada.id, deviceId: ada.deviceId, instanceId: randomUUID(), leaseMs: LEASE_MS };
    const created = await test.db.tx(async (sql) => {
      await beginCommand(sql, stored.call.id, { key: null, sender, skewMs: 0 });
      const [backend] = await sql.query<{ pid: number }>('select pg_backend_pid() as pid');
      const other = place(test.db, newCall(team, ada, linus));
      await expect
        .poll(() =>
          test.db.once('select 1 from pg_stat_activity where $1 = any (pg_blocking_pids(pid))', [backend?.pid]),
        )
        .toHaveLength(1);
      const slots = 'select user_id from public.call_slots where user_id = $1 for update nowait';
      expect(await sql.query(slots, [ada.id])).toHaveLength(1);
      return { other };
    });
    expect((await created.other).outcome).toBe('created');
  });

  it('a call that another server holds is passed over by the sweep', async () => {
    const { ada, grace, team } = await pairOf(test.db);
    const others = await test.db.once<{ id: string }>('select id from public.call_sessions');
    const except = others.map((row) => row.id);
    const { stored } = await placed(test.db, newCall(team, ada, grace));
    await test.db.tx(async (sql) => {
      await lockCall(sql, stored.call.id, 0);
      expect(await test.db.tx((other) => lockDueCall(other, except, RING_MS))).toBeNull();
    });
    const due = await test.db.tx((other) => lockDueCall(other, except, RING_MS));
    expect(due?.call.id).toBe(stored.call.id);
  });
});
