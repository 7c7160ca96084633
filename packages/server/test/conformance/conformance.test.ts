import { CASES, conform } from '@parley/testing/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestPGlite, openTestPostgres, postgresLack, type TestDatabase } from '../support/databases.ts';
import { type Lie, openServer } from '../support/open-server.ts';

/** For the cases that wait for a deadline. The others have those of the contract, so that a slow machine is not too slow for a ring. */
const SOON = { PARLEY_RING_TIMEOUT_MS: '6000', PARLEY_HEARTBEAT_MS: '1000', PARLEY_LEASE_MS: '6000' };
const AT_ONCE = 4;

const openDatabase = postgresLack === null ? openTestPostgres : openTestPGlite;

const named = (...names: string[]) => CASES.filter(({ name }) => names.includes(name));

describe('the list of conformance', () => {
  // At once: those that wait do nothing meanwhile.
  it.concurrent.each([
    ['that wait for a deadline', CASES.filter(({ waits }) => waits), SOON],
    ['that wait for nothing', CASES.filter(({ waits }) => !waits), {}],
  ])('is kept by the server: the cases %s', { timeout: 400_000 }, async (_which, cases, env) => {
    const database = await openDatabase();
    const server = await openServer(database.db, env);
    try {
      const verdicts = await conform(server.url, cases, { atOnce: AT_ONCE });
      expect(verdicts.filter(({ ok }) => !ok)).toEqual([]);
      expect(verdicts.map(({ name }) => name)).toEqual(cases.map(({ name }) => name));
    } finally {
      await server.close();
      await database.close();
    }
  });
});

describe('a server that lies', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database?.close());

  const lies: readonly (readonly [what: string, caught: string, lie: Lie])[] = [
    ['another reason by request', 'end_declined', (text) => text.replaceAll('"declined"', '"cancelled"')],
    ['another reason by socket', 'hangup_before_offer', (text) => text.replaceAll('"cancelled"', '"declined"')],
    ['a forged sender', 'candidates_before_offer', (text) => text.replace(/(?<="from":\{"userId":")./, 'f')],
    ['a gap between events', 'resume_from_zero', (text) => text.replaceAll('"seq":3,', '"seq":4,')],
    ['that there is a call', 'stranger_does_nothing', (text) => text.replaceAll('"not_found"', '"forbidden"')],
    ['another code for a bad frame', 'frame_not_json', (text) => text.replaceAll('"bad_frame"', '"internal"')],
    ['the time of an hour ago', 'clock_an_hour_ahead', (text) => text.replaceAll(/"createdAt":"\d/g, '"createdAt":"1')],
    ['who answered', 'accept_ends_ring_elsewhere', (text) => text.replaceAll(/"deviceId":"[0-9a-f]/g, '"deviceId":"x')],
    [
      'nothing where something is promised',
      'ring_says_its_time',
      (text) => text.replaceAll('"ringExpiresAt"', '"until"'),
    ],
  ];
  it.each(lies)('is found out where it tells %s: %s', { timeout: 120_000 }, async (_what, caught, lie) => {
    const server = await openServer(database.db, {}, lie);
    try {
      const [verdict] = await conform(server.url, named(caught), { atOnce: 1 });
      expect(verdict).toMatchObject({ name: caught, ok: false });
      // In the words of the contract, not by a mistake of the case.
      expect(verdict?.why).not.toMatch(/\n\s+at /);
    } finally {
      await server.close();
    }
  });
});
