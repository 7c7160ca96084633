import { randomUUID } from 'node:crypto';
import type { CallMetrics } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRateLimits } from '../../src/node/rate-limits.ts';
import { unlimitedCalls } from '../../src/ports/call-limits.ts';
import type { CallObserver } from '../../src/usecases/types.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import type { TestPerson } from '../support/people.ts';

const SAMPLE: CallMetrics = {
  sequence: 1,
  joinLatencyMs: 420,
  durationSeconds: 3,
  packetLossPercent: 1.5,
  worstLossPercent: 9,
  sentLossPercent: 0.25,
  avgBitrateKbps: 600,
  sentBitrateKbps: 500,
  roundTripMs: 40,
  worstRoundTripMs: 90,
  jitterMs: 6,
  freezeCount: 2,
  freezeMs: 1_400,
  concealedPercent: 0.5,
  audioEnabled: true,
  videoEnabled: false,
  path: 'direct',
  audioCodec: 'opus',
  videoCodec: null,
  networkType: 'wifi',
  deviceType: 'web-desktop',
};

oneDatabase((_, open) => {
  let database: TestDatabase;
  let s: Stage;
  const counted: string[] = [];
  const observer: CallObserver = {
    command: () => {},
    finished: () => {},
    measured: () => counted.push('closed'),
    rated: (rating) => counted.push(rating),
  };

  beforeAll(async () => {
    database = await open();
    const { takeMetrics } = createRateLimits();
    s = openStage(database.db, { limits: { ...unlimitedCalls, takeMetrics }, observer });
  });
  afterAll(async () => {
    await s?.close();
    await database?.close();
  });

  const tell = (who: TestPerson, callId: string, body: unknown, headers = {}) =>
    s.request(who, 'POST', `/api/calls/${callId}/metrics`, body, headers);
  const rows = (callId: string) =>
    database.db.once<Record<string, unknown>>(
      'select * from public.call_metrics where call_session_id = $1 order by recorded_at, id',
      [callId],
    );
  const callRow = async (callId: string) =>
    (
      await database.db.once<Record<string, unknown>>(
        `select join_latency_ms, avg_bitrate_kbps, packet_loss_percent::float8 as loss, duration_seconds
           from public.call_sessions where id = $1`,
        [callId],
      )
    )[0];
  const talk = async () => {
    const people = await s.people();
    const call = await s.connected(people.team, people.ada, people.grace);
    s.clock.turn(10_000);
    return { ...people, callId: call.id };
  };

  it('keeps one row for each device, and a later sample takes the place of an earlier one', async () => {
    const { ada, grace, callId } = await talk();
    expect((await tell(ada, callId, SAMPLE)).status).toBe(204);
    expect((await tell(ada, callId, { ...SAMPLE, sequence: 2, durationSeconds: 6, freezeCount: 5 })).status).toBe(204);
    await tell(grace, callId, SAMPLE);
    const all = await rows(callId);
    expect(all).toHaveLength(2);
    expect(all.find(({ user_id }) => user_id === ada.id)).toMatchObject({
      device_id: ada.deviceId,
      instance_id: ada.instanceId,
      join_latency_ms: 420,
      duration_seconds: 6,
      freeze_count: 5,
      path: 'direct',
      audio_codec: 'opus',
      video_codec: null,
      network_type: 'wifi',
      device_type: 'web-desktop',
      closed: false,
    });
  });

  it('the same told again changes nothing, and what comes late is passed over', async () => {
    const { ada, callId } = await talk();
    const closing = { ...SAMPLE, sequence: 3, closing: true, durationSeconds: 9 };
    await tell(ada, callId, closing);
    await tell(ada, callId, closing);
    expect((await tell(ada, callId, { ...SAMPLE, sequence: 2, closing: false, durationSeconds: 6 })).status).toBe(204);
    expect(await rows(callId)).toMatchObject([{ sequence: 3, closed: true, duration_seconds: 9 }]);
  });

  it('what is left out or null stays as it was told before', async () => {
    const { ada, callId } = await talk();
    await tell(ada, callId, SAMPLE);
    await tell(ada, callId, { sequence: 2, joinLatencyMs: null, roundTripMs: 55 });
    expect(await rows(callId)).toMatchObject([{ join_latency_ms: 420, round_trip_ms: 55, jitter_ms: 6 }]);
  });

  it('makes the figures of the call of those of its devices', async () => {
    const { ada, grace, callId } = await talk();
    await tell(ada, callId, SAMPLE);
    await tell(grace, callId, { ...SAMPLE, joinLatencyMs: 900, avgBitrateKbps: 300, packetLossPercent: 2.5 });
    expect(await callRow(callId)).toEqual({
      join_latency_ms: 900,
      avg_bitrate_kbps: 450,
      loss: 2,
      duration_seconds: null,
    });
    await s.command(ada, callId, 'leave');
    await tell(ada, callId, { ...SAMPLE, sequence: 2, closing: true, packetLossPercent: 0.5 });
    expect(await callRow(callId)).toMatchObject({ loss: 1.5, duration_seconds: 10 });
    expect(await s.get(ada, callId)).toMatchObject({ status: 'ended', durationSeconds: 10 });
  });

  it('takes no more duration than there was of the call by the clock of the server', async () => {
    const { ada, grace, team, callId } = await talk();
    await tell(ada, callId, { ...SAMPLE, durationSeconds: 86_400 });
    expect(await rows(callId)).toMatchObject([{ duration_seconds: 10 }]);
    await s.command(ada, callId, 'leave');
    const { body } = await s.create(team, ada, grace);
    await tell(ada, body.id, SAMPLE);
    expect(await rows(body.id)).toMatchObject([{ duration_seconds: 0 }]);
  });

  it('keeps what the person thought, beside the figures and whenever it comes', async () => {
    const { ada, callId } = await talk();
    await tell(ada, callId, { rating: 'bad' });
    await tell(ada, callId, { ...SAMPLE, sequence: 7, closing: true });
    await tell(ada, callId, { rating: 'fair', ratingReasons: ['echo', 'delay', 'echo'] });
    expect(await rows(callId)).toMatchObject([
      { rating: 'fair', rating_reasons: ['echo', 'delay'], sequence: 7, closed: true, round_trip_ms: 40 },
    ]);
    await tell(ada, callId, { rating: 'good' });
    expect(await rows(callId)).toMatchObject([{ rating: 'good', rating_reasons: [] }]);
  });

  it('counts a rating once, however many reasons follow it, and again when it is another one', async () => {
    const { ada, grace, callId } = await talk();
    counted.length = 0;
    await tell(ada, callId, { rating: 'bad' });
    await tell(ada, callId, { rating: 'bad', ratingReasons: ['echo'] });
    await tell(ada, callId, { rating: 'bad', ratingReasons: ['echo', 'delay'] });
    await tell(grace, callId, { ...SAMPLE, closing: true, rating: 'good' });
    await tell(grace, callId, { ...SAMPLE, closing: true, rating: 'good' });
    await tell(ada, callId, { rating: 'fair' });
    expect(counted).toEqual(['bad', 'closed', 'good', 'fair']);
  });

  it('is taken until an hour after the end, and not later', async () => {
    const { ada, callId } = await talk();
    await s.command(ada, callId, 'leave');
    s.clock.turn(3_590_000);
    expect((await tell(ada, callId, SAMPLE)).status).toBe(204);
    s.clock.turn(20_000);
    const late = await tell(ada, callId, { ...SAMPLE, sequence: 2 });
    expect([late.status, s.code(late)]).toEqual([409, 'call_ended']);
    expect(await rows(callId)).toMatchObject([{ sequence: 1 }]);
  });

  it('does not exist for whoever takes no part, and leaves nothing behind', async () => {
    const { mallory, callId } = await talk();
    const outsider = await tell(mallory, callId, SAMPLE);
    expect([outsider.status, s.code(outsider)]).toEqual([404, 'not_found']);
    const nowhere = await tell(mallory, randomUUID(), SAMPLE);
    expect(nowhere.body).toEqual(outsider.body);
    expect(await rows(callId)).toEqual([]);
  });

  it('a person without device or instance counts as one device', async () => {
    const { ada, callId } = await talk();
    const nameless = { 'x-device-id': null, 'x-instance-id': null };
    await tell(ada, callId, { sequence: 1, jitterMs: 3 }, nameless);
    await tell(ada, callId, { sequence: 2, jitterMs: 4 }, nameless);
    expect(await rows(callId)).toMatchObject([{ jitter_ms: 4, device_id: null }]);
  });

  it('a person has rows of twenty instances in a call: more are passed over, and those go on', async () => {
    const { ada, grace, callId } = await talk();
    const [first, ...others] = Array.from({ length: 25 }, () => ({ 'x-instance-id': randomUUID() }));
    for (const instance of [first, ...others]) expect((await tell(ada, callId, SAMPLE, instance)).status).toBe(204);
    expect(await rows(callId)).toHaveLength(20);
    counted.length = 0;
    await tell(ada, callId, { ...SAMPLE, closing: true, rating: 'bad' }, { 'x-instance-id': randomUUID() });
    expect(counted).toEqual([]);
    await tell(ada, callId, { sequence: 2, jitterMs: 77 }, first);
    expect((await rows(callId)).filter(({ jitter_ms }) => jitter_ms === 77)).toHaveLength(1);
    // The other side has rows of its own.
    await tell(grace, callId, SAMPLE);
    expect((await rows(callId)).filter(({ user_id }) => user_id === grace.id)).toHaveLength(1);
  });

  it.each([
    { packetLossPercent: 100.5 },
    { packetLossPercent: -1 },
    { joinLatencyMs: 1.5 },
    { avgBitrateKbps: 10_000_000 },
    { networkType: 'pigeon' },
    { deviceType: 'toaster' },
    { audioCodec: '<b>' },
    { rating: 'splendid' },
    { rating: 'bad', ratingReasons: ['the weather'] },
    { status: 'connected' },
  ])('refuses %j', async (body) => {
    const { ada, callId } = await talk();
    const answer = await tell(ada, callId, body);
    expect([answer.status, s.code(answer)]).toEqual([400, 'bad_request']);
    expect(await rows(callId)).toEqual([]);
  });

  it('a person tells so often in a minute, and no more', async () => {
    const { ada, callId } = await talk();
    for (let n = 1; n <= 60; n += 1) expect((await tell(ada, callId, { sequence: n })).status).toBe(204);
    const answer = await tell(ada, callId, { sequence: 61 });
    expect([answer.status, s.code(answer)]).toEqual([429, 'rate_limited']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('people read what their own devices measured, and nothing of the other side', async () => {
    const { ada, grace, mallory, callId } = await talk();
    await tell(ada, callId, SAMPLE);
    await tell(grace, callId, SAMPLE);
    const seenBy = (who: TestPerson) =>
      database.db.readAs({ sub: who.id, isAnonymous: false }, (sql) =>
        sql.query<{ user_id: string }>('select user_id from public.call_metrics where call_session_id = $1', [callId]),
      );
    expect(await seenBy(ada)).toEqual([{ user_id: ada.id }]);
    expect(await seenBy(mallory)).toEqual([]);
  });
});
