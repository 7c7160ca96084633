import { randomUUID } from 'node:crypto';
import type { Call } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRateLimits } from '../../src/node/rate-limits.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { eachDatabase, type TestDatabase } from '../support/databases.ts';
import { makePerson, makeTeam } from '../support/people.ts';

eachDatabase((_, open) => {
  let database: TestDatabase;
  let s: Stage;

  beforeAll(async () => {
    database = await open();
    s = openStage(database.db);
  });
  afterAll(async () => {
    await s.close();
    await database.close();
  });
  const liveCalls = (userId: string) =>
    database.db.once(
      `select from public.call_participants p join public.call_sessions s on s.id = p.call_session_id
        where p.user_id = $1 and s.ended_at is null`,
      [userId],
    );

  it('makes a call that rings, with 201', async () => {
    const { team, ada, grace } = await s.people();
    const answer = await s.create(team, ada, grace, { callType: 'video' });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      teamId: team.id,
      channelId: null,
      callType: 'video',
      status: 'ringing',
      endReason: null,
      initiatorId: ada.id,
      version: 1,
      participants: [
        { userId: ada.id, displayName: 'Ada', state: 'connecting', videoEnabled: true },
        { userId: grace.id, displayName: 'Grace', state: 'ringing', videoEnabled: false },
      ],
    });
    const ring = s.heard.find((m) => m.t === 'ring' && m.ring.callId === answer.body.id);
    expect(ring).toMatchObject({
      userId: grace.id,
      deviceId: grace.deviceId,
      ring: { caller: { id: ada.id, displayName: 'Ada' }, team: { id: team.id, name: 'Acme' }, callType: 'video' },
    });
  });

  it('the same key again gives the same call with 200, also after it has ended', async () => {
    const { team, ada, grace } = await s.people();
    const key = { 'idempotency-key': randomUUID() };
    const first = await s.create(team, ada, grace, {}, key);
    const again = await s.create(team, ada, grace, {}, key);
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    await s.command(ada, first.body.id, 'cancel');
    const late = await s.create(team, ada, grace, {}, key);
    expect([late.status, late.body.id, late.body.status]).toEqual([200, first.body.id, 'missed']);
    const other = await s.create(team, ada, grace, { callType: 'video' }, key);
    expect([other.status, s.code(other)]).toEqual([422, 'idempotency_key_reused']);
  });

  it('a second create for a pair gives the call that exists, with its first type', async () => {
    const { team, ada, grace } = await s.people();
    const first = (await s.create(team, ada, grace)).body;
    const second = await s.create(team, ada, grace, { callType: 'video' });
    expect([second.status, second.body.id, second.body.callType]).toEqual([200, first.id, 'audio']);
    await s.command(grace, first.id, 'accept');
    const third = await s.create(team, grace, ada);
    expect([third.status, third.body.id, third.body.status]).toEqual([200, first.id, 'connecting']);
  });

  it('glare counts as accept, with the first type', async () => {
    const { team, ada, grace } = await s.people();
    const first = (await s.create(team, ada, grace, { callType: 'video' })).body;
    const key = { 'idempotency-key': randomUUID() };
    const second = await s.create(team, grace, ada, { callType: 'audio' }, key);
    expect([second.status, second.body.id, second.body.status, second.body.callType]).toEqual([
      200,
      first.id,
      'connecting',
      'video',
    ]);
    expect(second.body.participants[1]).toMatchObject({ state: 'connecting', videoEnabled: false });
    expect((await s.events(ada, first.id)).at(-1)).toMatchObject({ type: 'accepted', data: { via: 'glare' } });
    const again = await s.create(team, grace, ada, { callType: 'audio' }, key);
    expect([again.status, again.body.id, again.body.version]).toEqual([200, first.id, 2]);
  });

  it('two people who call each other at once are in one call', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { team, ada, grace } = await s.people();
      const answers = await Promise.all([s.create(team, ada, grace), s.create(team, grace, ada)]);
      expect(answers.map((a) => a.status).sort()).toEqual([200, 201]);
      const [one, other] = answers.map((a) => a.body);
      expect(one?.id).toBe(other?.id);
      expect(await liveCalls(ada.id)).toHaveLength(1);
      expect((await s.get(ada, String(one?.id))).status).toBe('connecting');
    }
  });

  it('many creates of one pair at once make one call', async () => {
    const { team, ada, grace } = await s.people();
    const answers = await Promise.all(Array.from({ length: 8 }, () => s.create(team, ada, grace)));
    expect(new Set(answers.map((a) => a.body.id)).size).toBe(1);
    expect(answers.filter((a) => a.status === 201)).toHaveLength(1);
  });

  it('whom a call waits for already is busy: 201, rejected at once, and nothing rings', async () => {
    const { team, ada, grace } = await s.people();
    const linus = await makePerson(database.db, 'Linus');
    const ken = await makePerson(database.db, 'Ken');
    await database.db.once('insert into public.team_members (team_id, user_id) values ($1, $2), ($1, $3)', [
      team.id,
      linus.id,
      ken.id,
    ]);
    await s.connected(team, ada, grace);
    expect((await s.create(team, ken, grace)).body).toMatchObject({
      status: 'ringing',
      participants: [{}, { state: 'ringing', waiting: true }],
    });
    const answer = await s.create(team, linus, grace);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ status: 'rejected', endReason: 'busy' });
    expect(s.heard.some((m) => m.t === 'ring' && m.ring.callId === answer.body.id)).toBe(false);
    expect((await s.inbox(grace))[0]).toMatchObject({ callId: answer.body.id, type: 'missed' });
    expect((await s.inbox(linus))[0]).toMatchObject({ callId: answer.body.id, type: 'rejected' });
  });

  it('a call whose ring has run out is settled first, and a new one is made', async () => {
    const { team, ada, grace } = await s.people();
    const first = (await s.create(team, ada, grace)).body;
    s.clock.turn(31_000);
    const second = await s.create(team, grace, ada);
    expect(second.status).toBe(201);
    expect(second.body.id).not.toBe(first.id);
    expect(await s.get(ada, first.id)).toMatchObject({ status: 'missed', endReason: 'no_answer' });
  });

  it('nobody sits in more than three live calls', async () => {
    const people = [];
    for (const name of ['Ada', 'Grace', 'Linus', 'Ken', 'Barbara']) people.push(await makePerson(database.db, name));
    const team = await makeTeam(database.db, people);
    const [ada, ...others] = people;
    if (!ada) throw new Error('nobody');
    const answers = [];
    for (const other of others) answers.push(await s.create(team, ada, other));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 429]);
    expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  describe('bad input changes nothing', () => {
    type Case = [
      string,
      (at: Awaited<ReturnType<Stage['people']>>) => [unknown, Record<string, string | null>?],
      number,
      string,
    ];
    const body = (at: Awaited<ReturnType<Stage['people']>>, more: object = {}) => ({
      teamId: at.team.id,
      channelId: null,
      callType: 'audio',
      recipientIds: [at.grace.id],
      ...more,
    });
    const cases: Case[] = [
      ['a call into another team', (at) => [body(at, { teamId: randomUUID() })], 404, 'not_found'],
      ['a channel that is not there', (at) => [body(at, { channelId: randomUUID() })], 404, 'not_found'],
      [
        'a recipient outside the team',
        (at) => [body(at, { recipientIds: [at.mallory.id] })],
        422,
        'recipient_not_in_team',
      ],
      ['a recipient who is nobody', (at) => [body(at, { recipientIds: [randomUUID()] })], 422, 'recipient_not_in_team'],
      ['oneself', (at) => [body(at, { recipientIds: [at.ada.id] })], 422, 'recipient_is_self'],
      ['nobody', (at) => [body(at, { recipientIds: [] })], 422, 'recipients_missing'],
      ['two people', (at) => [body(at, { recipientIds: [at.grace.id, at.mallory.id] })], 422, 'recipients_too_many'],
      ['somebody twice', (at) => [body(at, { recipientIds: [at.grace.id, at.grace.id] })], 422, 'recipients_repeated'],
      ['a wrong type', (at) => [body(at, { callType: 'hologram' })], 400, 'bad_request'],
      ['an unknown field', (at) => [body(at, { status: 'connected' })], 400, 'bad_request'],
      ['a recipient that is no id', (at) => [body(at, { recipientIds: ['grace'] })], 400, 'bad_request'],
      ['no JSON', () => ['{'], 400, 'bad_json'],
      ['a list', () => ['[]'], 400, 'bad_request'],
      ['no JSON type', (at) => [body(at), { 'content-type': 'text/plain' }], 415, 'unsupported_media_type'],
      ['a body over 64 KiB', () => [`"${'x'.repeat(65_536)}"`], 413, 'body_too_large'],
      ['no key', (at) => [body(at), { 'idempotency-key': null }], 400, 'idempotency_key_required'],
      ['a key that is no UUID', (at) => [body(at), { 'idempotency-key': '1' }], 400, 'idempotency_key_required'],
      ['no device', (at) => [body(at), { 'x-device-id': null }], 400, 'device_required'],
      ['a device that is no UUID', (at) => [body(at), { 'x-device-id': 'phone' }], 400, 'device_required'],
      ['no token', (at) => [body(at), { authorization: null }], 401, 'unauthenticated'],
      ['a forged token', (at) => [body(at), { authorization: 'Bearer forged' }], 401, 'token_invalid'],
    ];
    it.each(cases)('%s', async (_, input, status, code) => {
      const at = await s.people();
      const [sent, headers] = input(at);
      const answer = await s.request<Call>(at.ada, 'POST', '/api/calls', sent, headers);
      expect([answer.status, s.code(answer)]).toEqual([status, code]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await liveCalls(at.ada.id)).toEqual([]);
      expect(await liveCalls(at.grace.id)).toEqual([]);
    });
  });

  it('5 calls a minute for a pair; joining one that exists does not count', async () => {
    const limited = openStage(database.db, { limits: createRateLimits() });
    const { team, ada, grace } = await limited.people();
    for (let i = 0; i < 5; i += 1) {
      const { body, status } = await limited.create(team, ada, grace);
      expect(status).toBe(201);
      expect((await limited.create(team, ada, grace)).status).toBe(200);
      if (i < 4) await limited.command(ada, body.id, 'cancel');
      else {
        // At the limit, what exists can still be joined.
        expect((await limited.create(team, grace, ada)).status).toBe(200);
        await limited.command(ada, body.id, 'leave');
      }
    }
    const over = await limited.create(team, ada, grace);
    expect([over.status, limited.code(over)]).toEqual([429, 'rate_limited']);
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
    await limited.close();
  });
});
