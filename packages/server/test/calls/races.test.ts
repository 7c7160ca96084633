import { MAX_LIVE_CALLS } from '@parley/domain';
import type { Call } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openStage, type Stage } from '../support/call-stage.ts';
import { eachDatabase, onPostgres, openTestPostgres, type TestDatabase } from '../support/databases.ts';
import { randomOf } from '../support/hostile.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from '../support/people.ts';

const SEED = Number(process.env.PARLEY_RACE_SEED ?? Math.floor(Math.random() * 2 ** 31));
const ROUNDS = 60;

eachDatabase((_name, open) => {
  let test: TestDatabase;
  let stage: Stage;
  beforeAll(async () => {
    test = await open();
    stage = openStage(test.db);
  });
  afterAll(async () => {
    await stage?.close();
    await test?.close();
  });

  it('an accept counts as a create does: nobody sits in more than three live calls', async () => {
    const callers = [];
    for (let i = 0; i < 5; i += 1) callers.push(await makePerson(test.db, `Caller ${i}`));
    const grace = await makePerson(test.db, 'Grace');
    const team = await makeTeam(test.db, [grace, ...callers]);
    const calls: Call[] = [];
    // All of them ring before she answers one: then nobody finds her busy.
    for (const caller of callers) calls.push((await stage.create(team, caller, grace)).body);
    const device = () => stage.otherDevice(grace);
    const first = device();
    const accepted = async (call: Call | undefined, by = device()) => stage.command(by, call?.id ?? '', 'accept');
    expect((await accepted(calls[0], first)).status).toBe(200);
    for (const call of calls.slice(1, MAX_LIVE_CALLS)) expect((await accepted(call)).status).toBe(200);
    const beyond = await accepted(calls[3]);
    expect([beyond.status, stage.code(beyond)]).toEqual([429, 'too_many_live_calls']);
    expect(beyond.headers.get('retry-after')).toBe('5');
    expect((await stage.get(grace, calls[3]?.id ?? '')).status).toBe('ringing');
    // What is accepted already is no new call, and one that ends makes room.
    expect((await accepted(calls[0], first)).status).toBe(200);
    await stage.command(first, calls[0]?.id ?? '', 'leave');
    expect((await accepted(calls[3])).status).toBe(200);
  });
});

onPostgres('many at once, on Postgres', () => {
  let test: TestDatabase;
  let stage: Stage;
  beforeAll(async () => {
    test = await openTestPostgres();
    stage = openStage(test.db);
  });
  afterAll(async () => {
    await stage?.close();
    await test?.close();
  });

  it('one person who takes six calls on six devices at the same moment gets three of them, thirty times over', {
    timeout: 240_000,
  }, async () => {
    const callers: TestPerson[] = [];
    for (let i = 0; i < 6; i += 1) callers.push(await makePerson(test.db, `Caller ${i}`));
    const grace = await makePerson(test.db, 'Grace');
    const team = await makeTeam(test.db, [grace, ...callers]);
    for (let round = 0; round < 30; round += 1) {
      const calls = await Promise.all(
        callers.slice(0, 5).map(async (by) => (await stage.create(team, by, grace)).body),
      );
      // Five are accepted, one is made.
      const device = () => stage.otherDevice(grace);
      const answers = await Promise.all([
        ...calls.map(({ id }) => stage.command(device(), id, 'accept')),
        stage.create(team, device(), callers[5] ?? grace),
      ]);
      const refused = answers.filter(({ status }) => status >= 400).map((answer) => stage.code(answer));
      expect(refused, `round ${round}`).toEqual(Array(3).fill('too_many_live_calls'));
      expect(await broken()).toEqual([]);
      await endAll(team);
    }
  });

  describe(`${ROUNDS} rounds of creates, accepts and leaves of six people on several devices`, () => {
    it('end with one live call for a pair, three for a person, and nothing but answers that are meant', {
      timeout: 240_000,
    }, async () => {
      console.info(`PARLEY_RACE_SEED=${SEED} makes these rounds again`);
      const random = randomOf(SEED);
      const below = (most: number) => Math.floor(random() * most);
      const people: TestPerson[] = [];
      for (let i = 0; i < 6; i += 1) people.push(await makePerson(test.db, `Person ${i}`));
      const team = await makeTeam(test.db, people);
      const seen = new Map<string, number>();
      for (let round = 0; round < ROUNDS; round += 1) {
        const live = await liveCalls(team);
        const acts = Array.from({ length: 3 + below(6) }, () => act(team, people, live, below));
        for (const answer of await Promise.all(acts)) {
          const what = answer.status < 400 ? String(answer.status) : stage.code(answer);
          seen.set(what, (seen.get(what) ?? 0) + 1);
        }
        expect(await broken(), `round ${round} of seed ${SEED}`).toEqual([]);
        if (round % 10 === 9) await endAll(team);
      }
      expect(
        [...seen.keys()].filter((what) => !MEANT.has(what)),
        JSON.stringify(stage.errors),
      ).toEqual([]);
      for (const what of ['200', '201', 'too_many_live_calls', 'answered_elsewhere']) {
        expect(seen.get(what) ?? 0, what).toBeGreaterThan(0);
      }
    });
  });

  const MEANT = new Set([
    ...['200', '201', 'too_many_live_calls', 'answered_elsewhere', 'call_ended', 'own_call', 'not_found'],
    ...['not_ringing', 'not_in_call', 'not_accepted', 'other_device', 'not_initiator'],
  ]);

  async function act(
    team: TestTeam,
    people: readonly TestPerson[],
    live: readonly string[],
    below: (most: number) => number,
  ): Promise<Answer<unknown>> {
    const who = people[below(people.length)];
    const other = people.filter((person) => person !== who)[below(people.length - 1)];
    const callId = live[below(live.length)];
    if (!who || !other) throw new Error('nobody');
    const device = stage.otherDevice(who);
    const kind = below(10);
    if (callId === undefined || kind < 4) return stage.create(team, device, other);
    // The same call on two devices of a person, or two calls on two devices: what the dice say.
    if (kind < 9) return stage.command(device, callId, 'accept');
    return stage.command(device, callId, 'leave');
  }

  const liveCalls = async (team: TestTeam) =>
    (
      await test.db.once<{ id: string }>(
        `select id from public.call_sessions where team_id = $1 and status in ('ringing', 'connecting', 'connected') order by id`,
        [team.id],
      )
    ).map(({ id }) => id);

  /** What must never be. */
  const broken = () =>
    test.db.once(
      `select 'person' as what, p.user_id::text as who, count(*)::int as calls
         from public.call_participants p join public.call_sessions s on s.id = p.call_session_id
        where p.state in ('connecting', 'joined') and s.status in ('ringing', 'connecting', 'connected')
        group by p.user_id having count(*) > ${MAX_LIVE_CALLS}
       union all
       select 'pair', s.pair_low::text || s.pair_high::text, count(*)::int
         from public.call_sessions s where s.status in ('ringing', 'connecting', 'connected')
        group by s.pair_low, s.pair_high having count(*) > 1`,
    );

  async function endAll(team: TestTeam): Promise<void> {
    for (const callId of await liveCalls(team)) {
      const [row] = await test.db.once<{ id: string }>(
        'select initiator_id as id from public.call_sessions where id = $1',
        [callId],
      );
      const initiator = team.people.find(({ id }) => id === row?.id);
      if (initiator) await stage.command(initiator, callId, 'leave');
    }
  }
});
