import { randomUUID } from 'node:crypto';
import { type EndedCall, OUTCOMES, type Outcome, summaryHeading } from '@parley/domain';
import type { Call } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/call-stage.ts';
import { eachDatabase, type TestDatabase } from '../support/databases.ts';
import type { TestPerson, TestTeam } from '../support/people.ts';

interface Scene {
  readonly team: TestTeam;
  readonly ada: TestPerson;
  readonly grace: TestPerson;
}
type End = (stage: Stage, scene: Scene) => Promise<string>;

const ringing = async (s: Stage, { team, ada, grace }: Scene) => (await s.create(team, ada, grace)).body.id;
const talking = async (s: Stage, { team, ada, grace }: Scene) => (await s.connected(team, ada, grace)).id;

/** How each row of the outcome table comes about over the API. */
const ENDS: Record<keyof typeof OUTCOMES, End> = {
  declined: async (s, scene) => {
    const id = await ringing(s, scene);
    await s.command(scene.grace, id, 'decline');
    return id;
  },
  cancelled: async (s, scene) => {
    const id = await ringing(s, scene);
    await s.command(scene.ada, id, 'cancel');
    return id;
  },
  no_answer: async (s, scene) => {
    const id = await ringing(s, scene);
    await s.pass(30_000);
    return id;
  },
  busy: async (s, scene) => {
    const linus = (await s.people()).ada;
    const ken = (await s.people()).ada;
    await s.db.once('insert into public.team_members (team_id, user_id) values ($1, $2), ($1, $3)', [
      scene.team.id,
      linus.id,
      ken.id,
    ]);
    await s.connected(scene.team, linus, scene.grace);
    await s.create(scene.team, ken, scene.grace);
    return ringing(s, scene);
  },
  caller_lost: async (s, scene) => {
    const id = await ringing(s, scene);
    // The ring goes on for longer than the lease of a caller who is gone.
    await s.db.once(
      `update public.call_sessions set ring_expires_at = ring_expires_at + interval '1 minute' where id = $1`,
      [id],
    );
    await s.db.once(
      `update public.call_participants set ring_expires_at = ring_expires_at + interval '1 minute'
        where call_session_id = $1 and state = 'ringing'`,
      [id],
    );
    await s.pass(30_000);
    return id;
  },
  hangup: async (s, scene) => {
    const id = await talking(s, scene);
    await s.command(scene.grace, id, 'leave');
    return id;
  },
  dropped: async (s, scene) => {
    const id = await talking(s, scene);
    await s.pass(30_000);
    return id;
  },
  media_failed: async (s, scene) => {
    const id = await talking(s, scene);
    await s.command(scene.ada, id, 'leave', { reason: 'media_failed' });
    return id;
  },
  ended_by_host: async (s, scene) => {
    const id = await talking(s, scene);
    await s.command(scene.ada, id, 'end');
    return id;
  },
};

eachDatabase((_, open) => {
  let database: TestDatabase;
  let s: Stage;
  let scene: Scene & { mallory: TestPerson };

  beforeAll(async () => {
    database = await open();
    s = openStage(database.db);
  });
  afterAll(async () => {
    await s.close();
    await database.close();
  });
  /** Whatever one of the two looks at, and wherever they hear of it: the same end, and the words of the table for each side. */
  async function agreed(call: Call, { team, ada, grace }: Scene, outcome: Outcome): Promise<void> {
    const history = async (who: TestPerson) =>
      (await s.request<{ items: Call[] }>(who, 'GET', `/api/calls?teamId=${team.id}`)).body.items.find(
        ({ id }) => id === call.id,
      );
    const messages = s.heard.flatMap((m) =>
      m.t === 'message' && m.message.call?.id === call.id ? [m.message.call] : [],
    );
    expect(messages).toHaveLength(1);
    const told = s.heard.flatMap((m) => (m.t === 'call' && m.view.call.id === call.id ? [m.view.call] : []));
    for (const [who, side] of [
      [ada, 'initiator'],
      [grace, 'recipient'],
    ] as const) {
      for (const seen of [await s.get(who, call.id), await history(who), told.at(-1), ...messages]) {
        expect(seen).toMatchObject({ status: outcome.status, endReason: outcome.reason });
        expect(summaryHeading(seen as EndedCall, who.id)).toBe(outcome.summary[side]);
      }
    }
  }
  const begin = async () => {
    scene = await s.people();
    return { id: await ringing(s, scene), ...scene };
  };

  describe('the outcome table over the API', () => {
    it.each(Object.entries(OUTCOMES))('%s', async (way, outcome) => {
      const people = await s.people();
      const { ada, grace } = people;
      const id = await ENDS[way as keyof typeof OUTCOMES](s, people);
      const call = await s.get(ada, id);
      expect([call.status, call.endReason]).toEqual([outcome.status, outcome.reason]);
      expect(call.endedAt).not.toBeNull();
      expect(call.durationSeconds === null).toBe(outcome.status !== 'ended');
      const types = async (who: TestPerson) => (await s.inbox(who)).filter((n) => n.callId === id).map((n) => n.type);
      expect(await types(ada)).toEqual(outcome.notify.initiator === null ? [] : [outcome.notify.initiator]);
      expect(await types(grace)).toEqual(outcome.notify.recipient === null ? [] : [outcome.notify.recipient]);
      const told = s.heard.filter((m) => m.t === 'call' && m.view.call.id === id).at(-1);
      expect(told).toMatchObject({ view: { call: { status: outcome.status, version: call.version }, seats: [] } });
      await agreed(call, people, outcome);
      const log = await s.events(grace, id);
      expect(log.map((e) => e.seq)).toEqual(log.map((_, i) => i + 1));
      expect(log).toHaveLength(call.version);
    });

    it('media that never comes fails the call at its deadline', async () => {
      const { id, ada, grace } = await begin();
      await s.command(grace, id, 'accept');
      for (let i = 0; i < 12; i += 1) {
        await s.pass(5_000);
        for (const who of [ada, grace]) await s.calls.touch({ userId: who.id, isAnonymous: false, ...who });
      }
      await s.sweeper.sweep();
      expect(await s.get(ada, id)).toMatchObject({ status: 'ended', endReason: 'media_failed' });
      expect((await s.events(ada, id)).at(-1)).toMatchObject({ type: 'ended', actorId: null });
    });
  });

  it('a call goes from ringing over connecting to connected when media flows on both sides', async () => {
    const { id, ada, grace } = await begin();
    expect(await s.get(grace, id)).toMatchObject({ status: 'ringing', version: 1, mediaEngine: 'p2p', mediaEpoch: 1 });
    const accepted = await s.command(grace, id, 'accept');
    expect([accepted.status, accepted.body.status]).toEqual([200, 'connecting']);
    const first = await s.command(ada, id, 'media-connected');
    expect(first.body).toMatchObject({ status: 'connecting', connectedAt: null });
    const second = await s.command(grace, id, 'media-connected');
    expect(second.body.status).toBe('connected');
    expect(second.body.connectedAt).not.toBeNull();
    const state = await s.command(grace, id, 'media-state', { isMuted: true, videoEnabled: false });
    expect(state.body.participants.find((p) => p.userId === grace.id)?.isMuted).toBe(true);
    expect((await s.events(ada, id)).map((e) => e.type)).toEqual([
      'created',
      'accepted',
      'media_connected',
      'media_connected',
      'media_state',
    ]);
  });

  it('what is so already is answered with 200, and no event is written', async () => {
    const { id, grace } = await begin();
    await s.command(grace, id, 'accept');
    for (const name of ['accept', 'media-connected', 'media-connected']) {
      expect((await s.command(grace, id, name)).status).toBe(200);
    }
    for (let i = 0; i < 2; i += 1) await s.command(grace, id, 'media-state', { isMuted: true, videoEnabled: false });
    expect((await s.get(grace, id)).version).toBe(4);
  });

  it('the first accept wins among twenty at once', async () => {
    const { id, grace } = await begin();
    const devices = [grace, ...Array.from({ length: 19 }, () => s.otherDevice(grace))];
    const answers = await Promise.all(devices.map((device) => s.command(device, id, 'accept')));
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
    const lost = answers.filter((a) => a.status !== 200);
    expect(lost.map((a) => [a.status, s.code(a)])).toEqual(lost.map(() => [409, 'answered_elsewhere']));
    expect((await s.events(grace, id)).map((e) => e.type)).toEqual(['created', 'accepted']);
  });

  it('one of accept and cancel at once wins', async () => {
    const { id, ada, grace } = await begin();
    await Promise.all([s.command(grace, id, 'accept'), s.command(ada, id, 'cancel')]);
    const call = await s.get(ada, id);
    expect(call.version).toBe(2);
    expect(['connecting', 'missed']).toContain(call.status);
  });

  describe('idempotency', () => {
    it('the same key again is answered with the call as it is, and nothing is written', async () => {
      const { id, ada, grace } = await begin();
      const key = { 'idempotency-key': randomUUID() };
      await s.command(grace, id, 'accept', {}, key);
      await s.command(ada, id, 'media-connected');
      const again = await s.command(grace, id, 'accept', {}, key);
      expect([again.status, again.body.version]).toEqual([200, 3]);
    });

    it('the same key for something else is refused', async () => {
      const { id, ada, grace } = await begin();
      const key = { 'idempotency-key': randomUUID() };
      await s.command(grace, id, 'accept', {}, key);
      for (const answer of [
        await s.command(grace, id, 'accept', { audioOnly: true }, key),
        await s.command(grace, id, 'leave', {}, key),
      ]) {
        expect([answer.status, s.code(answer)]).toEqual([422, 'idempotency_key_reused']);
      }
      // Keys belong to their person.
      expect((await s.command(ada, id, 'media-connected', {}, key)).status).toBe(200);
    });

    it('a leave that is repeated after a new call throws nobody out of that one', async () => {
      const { id, team, ada, grace } = await begin();
      const key = { 'idempotency-key': randomUUID() };
      await s.command(grace, id, 'accept');
      await s.command(ada, id, 'leave', {}, key);
      const next = (await s.create(team, ada, grace)).body;
      expect((await s.command(ada, id, 'leave', {}, key)).body.status).toBe('ended');
      expect((await s.get(ada, next.id)).status).toBe('ringing');
    });

    it('a refused command does not use up its key', async () => {
      const { id, ada, grace } = await begin();
      const key = { 'idempotency-key': randomUUID() };
      expect((await s.command(ada, id, 'media-connected', {}, key)).status).toBe(409);
      await s.command(grace, id, 'accept');
      expect((await s.command(ada, id, 'media-connected', {}, key)).status).toBe(200);
    });

    it('the same key many times at once is carried out once', async () => {
      const { id, grace } = await begin();
      const key = { 'idempotency-key': randomUUID() };
      const answers = await Promise.all(Array.from({ length: 5 }, () => s.command(grace, id, 'accept', {}, key)));
      expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 200, 200]);
      expect((await s.events(grace, id)).filter((e) => e.type === 'accepted')).toHaveLength(1);
    });
  });

  describe('refusals', () => {
    it.each<
      [string, (at: Awaited<ReturnType<typeof begin>>) => Promise<{ status: number; body: Call }>, number, string]
    >([
      ["accept of one's own", ({ id, ada }) => s.command(ada, id, 'accept'), 409, 'own_call'],
      ["decline of one's own", ({ id, ada }) => s.command(ada, id, 'decline'), 409, 'own_call'],
      ['cancel by the callee', ({ id, grace }) => s.command(grace, id, 'cancel'), 403, 'not_initiator'],
      ['leave before the accept', ({ id, grace }) => s.command(grace, id, 'leave'), 409, 'not_accepted'],
      ['media before the accept', ({ id, ada }) => s.command(ada, id, 'media-connected'), 409, 'not_accepted'],
      [
        'accept of an ended call',
        async ({ id, ada, grace }) => {
          await s.command(ada, id, 'cancel');
          return s.command(grace, id, 'accept');
        },
        409,
        'call_ended',
      ],
      [
        'cancel after the accept',
        async ({ id, ada, grace }) => {
          await s.command(grace, id, 'accept');
          return s.command(ada, id, 'cancel');
        },
        409,
        'not_ringing',
      ],
      [
        'a report of another device',
        async ({ id, grace }) => {
          await s.command(grace, id, 'accept');
          return s.command(s.otherDevice(grace), id, 'media-connected');
        },
        409,
        'other_device',
      ],
    ])('%s', async (_, run, status, code) => {
      const at = await begin();
      const before = (await s.events(at.ada, at.id)).length;
      const answer = await run(at);
      expect([answer.status, s.code({ ...answer, headers: new Headers() })]).toEqual([status, code]);
      const after = (await s.events(at.ada, at.id)).map((e) => e.type);
      expect(after.length - before).toBeLessThanOrEqual(1);
    });
  });

  it('the log says who did what from which device', async () => {
    const { id, ada, grace } = await begin();
    await s.command(grace, id, 'decline');
    expect(await s.events(ada, id)).toMatchObject([
      { seq: 1, type: 'created', actorId: ada.id, deviceId: ada.deviceId },
      { seq: 2, type: 'declined', actorId: grace.id, deviceId: grace.deviceId },
    ]);
  });

  it('a device counts as one instance where it names none', async () => {
    const { id, grace } = await begin();
    await s.command(grace, id, 'accept', {}, { 'x-instance-id': null });
    const told = s.heard.filter((m) => m.t === 'call' && m.view.call.id === id).at(-1);
    expect(told).toMatchObject({ view: { seats: [{}, { deviceId: grace.deviceId, instanceId: grace.deviceId }] } });
  });
});
