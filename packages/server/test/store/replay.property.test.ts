import { type CallEvent, isGroupType, isLive } from '@parley/domain';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wireCall } from '../../src/store/call-view.ts';
import { findCall } from '../../src/store/calls.ts';
import { findEvents, replayCall } from '../../src/store/events.ts';
import { apply, newCall, placed } from '../support/calls.ts';
import { eachDatabase, type TestDatabase } from '../support/databases.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from '../support/people.ts';

/** Who does what, and how far the clock has moved on before it. */
type Step = {
  readonly who: 0 | 1 | 2;
  readonly device: 0 | 1;
  readonly what: CallEvent['type'];
  readonly waitMs: number;
};

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.constantFrom(0, 1, 2),
  device: fc.constantFrom(0, 1),
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('accepted', 'media_connected', 'media_state') },
    {
      weight: 2,
      arbitrary: fc.constantFrom('declined', 'cancelled', 'timed_out', 'busy', 'left', 'dropped', 'ended'),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'invited',
        'admitted',
        'removed',
        'muted',
        'locked',
        'host',
        'hand',
        'media_plan',
        'hold',
        'waiting',
        'media_reconciled',
      ),
    },
  ),
  waitMs: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 9_000 }) },
    { weight: 1, arbitrary: fc.constant(70_000) },
  ),
});

eachDatabase((name, open) => {
  let test: TestDatabase;
  let people: [TestPerson, TestPerson, TestPerson];
  let team: TestTeam;
  let instances: Map<string, [string, string]>;
  beforeAll(async () => {
    test = await open();
    people = [await makePerson(test.db, 'Ada'), await makePerson(test.db, 'Grace'), await makePerson(test.db, 'Linus')];
    team = await makeTeam(test.db, people);
    // Each has a second device: the first one's id with another ending.
    instances = new Map(people.map((p) => [p.id, [p.deviceId, `${p.deviceId.slice(0, -12)}000000000002`]]));
    await test.db.tx(async (sql) => {
      for (const person of people) {
        for (const device of instances.get(person.id) ?? []) {
          await sql.query('select parley.touch_instance($1, $2, $2, null, 30000, 0)', [person.id, device]);
        }
      }
    });
  });
  afterAll(() => test.close());

  function eventOf({ who, device, what }: Step): CallEvent {
    const actorId = people[who].id;
    const deviceId = instances.get(actorId)?.[device] ?? '';
    switch (what) {
      case 'accepted':
        return {
          type: what,
          actorId,
          seat: { deviceId, instanceId: deviceId },
          data: {
            via: 'accept',
            audioOnly: device === 1,
            connectTimeoutMs: 60_000,
            mediaServer: device === 0,
            joins: true,
          },
        };
      case 'media_connected':
        return { type: what, actorId, deviceId };
      case 'media_state':
        return { type: what, actorId, deviceId, data: { isMuted: device === 1, videoEnabled: device === 0 } };
      case 'left':
        return { type: what, actorId, data: { reason: device === 0 ? 'hangup' : 'media_failed' } };
      case 'declined':
      case 'cancelled':
        return { type: what, actorId };
      case 'ended':
        return { type: what, actorId: who === 2 ? null : actorId };
      case 'busy':
      case 'dropped':
        return { type: what, userId: actorId };
      case 'timed_out':
        return { type: what };
      case 'invited':
        return { type: what, actorId, data: { userIds: people.map(({ id }) => id), ringTimeoutMs: 30_000 } };
      case 'admitted':
        return { type: what, actorId, data: { userId: people[2].id, isGuest: device === 1 } };
      case 'removed':
      case 'muted':
      case 'host':
        return { type: what, actorId, data: { userId: people[device === 0 ? 1 : 2].id } };
      case 'locked':
        return { type: what, actorId, data: { locked: device === 0 } };
      case 'hand':
        return { type: what, actorId, data: { raised: device === 0 } };
      case 'hold':
        return {
          type: what,
          actorId,
          data: device === 0 ? { onHold: true } : { onHold: false, connectTimeoutMs: 20_000 },
        };
      case 'moved':
        return { type: what, actorId, seat: { deviceId, instanceId: deviceId }, data: { connectTimeoutMs: 20_000 } };
      case 'waiting':
        return { type: what, data: { userIds: [actorId], waiting: device === 0 } };
      case 'media_reconciled':
        return {
          type: what,
          data:
            device === 0
              ? { userId: null, deviceId: null, difference: 'not_in_call', action: 'removed' }
              : { userId: actorId, deviceId, difference: 'rights', action: 'granted' },
        };
      case 'media_plan':
        return { type: what, actorId, deviceId, data: { reason: 'no_direct_path', epoch: 1 } };
    }
  }

  it('rows are the replay of their events after any commands; what is refused changes nothing; ends are final', async () => {
    const input = fc.record({
      steps: fc.array(step, { minLength: 1, maxLength: 14 }),
      callType: fc.constantFrom('audio' as const, 'video' as const, 'group_audio' as const, 'group_video' as const),
      alone: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(input, async ({ steps, callType, alone }) => {
        const [ada, grace] = people;
        // Every call begins with the first devices, so that steps with the other one can be refused.
        const caller = { ...ada, instanceId: ada.deviceId };
        const { stored } = await placed(
          test.db,
          newCall(team, caller, grace, {
            callType,
            ...(isGroupType(callType) && alone ? { recipientIds: [] } : {}),
          }),
        );
        const { id } = stored.call;
        let skewMs = 0;
        for (const one of steps) {
          skewMs += one.waitMs;
          const { before, transition } = await apply(test.db, id, eventOf(one), skewMs);
          const after = await test.db.tx((sql) => findCall(sql, id));
          expect(after?.call).toEqual(transition.kind === 'accepted' ? transition.call : before.call);
          if (!isLive(before.call)) expect(transition).toEqual({ kind: 'refused', code: expect.any(String) });
        }
        const end = await test.db.tx((sql) => findCall(sql, id));
        if (!end) throw new Error('the call is gone');
        expect(await test.db.tx((sql) => replayCall(sql, id))).toEqual(end.call);
        const events = await test.db.tx((sql) => findEvents(sql, id, 0));
        expect(events.map((e) => e.seq)).toEqual(events.map((_, index) => index + 1));
        expect(events.length).toBe(end.call.version);
        const wire = wireCall(end);
        expect(wire.durationSeconds ?? 0).toBeGreaterThanOrEqual(0);
        const [row] = await test.db.once<{ duration_seconds: number | null }>(
          'select duration_seconds from public.call_sessions where id = $1',
          [id],
        );
        expect(row?.duration_seconds).toBe(wire.durationSeconds);
        // The pair is free for the next run.
        const left = isLive(end.call) ? end.call.participants : [];
        for (const { userId } of left) await apply(test.db, id, { type: 'dropped', userId }, skewMs);
      }),
      { numRuns: name === 'PGlite' ? 40 : 60 },
    );
  });

  it('the numbers of an inbox have no gaps, and each call is in it once', async () => {
    for (const person of people) {
      const rows = await test.db.once<{ seq: number; call_session_id: string; of_two: boolean }>(
        `select n.seq, n.call_session_id, s.pair_low is not null as of_two from public.call_notifications n
           join public.call_sessions s on s.id = n.call_session_id where n.user_id = $1 order by n.seq`,
        [person.id],
      );
      expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index + 1));
      // Whoever is asked into a group twice can miss it twice.
      const ofTwo = rows.filter((row) => row.of_two).map((row) => row.call_session_id);
      expect(new Set(ofTwo).size).toBe(ofTwo.length);
    }
  });
});
