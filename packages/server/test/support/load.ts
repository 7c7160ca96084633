import { randomUUID } from 'node:crypto';
import type { Call } from '@parley/protocol';
import { expect } from 'vitest';
import type { Database } from '../../src/ports/database.ts';
import { findCall } from '../../src/store/calls.ts';
import { replayCall } from '../../src/store/events.ts';
import type { Answer, Stage } from './call-stage.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from './people.ts';

/** Pairs of people who call each other over and over, and everything that they were told had happened. */
export async function openLoad(stage: Stage, db: Database, pairs = 4) {
  const teams: { team: TestTeam; ada: TestPerson; grace: TestPerson }[] = [];
  for (let i = 0; i < pairs; i += 1) {
    const [ada, grace] = [await makePerson(db, 'Ada'), await makePerson(db, 'Grace')];
    teams.push({ team: await makeTeam(db, [ada, grace]), ada, grace });
  }
  const acknowledged: { callId: string; version: number }[] = [];
  let unavailable = 0;
  let running = true;
  const odd: unknown[] = [];

  /** Asks as a client does: the same command with the same key, until something else than "not now" comes. */
  async function insist(who: TestPerson, path: string, body: unknown): Promise<Answer<Call> | null> {
    const key = randomUUID();
    while (running) {
      const answer = await stage.request<Call>(who, 'POST', path, body, { 'idempotency-key': key });
      if (answer.status === 200 || answer.status === 201) {
        acknowledged.push({ callId: answer.body.id, version: answer.body.version });
        return answer;
      }
      if (answer.status !== 503) {
        odd.push({ path, status: answer.status, body: answer.body });
        return answer;
      }
      unavailable += 1;
      if (!(Number(answer.headers.get('retry-after')) >= 1)) odd.push('a 503 without Retry-After');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return null;
  }

  async function work({ team, ada, grace }: (typeof teams)[number]): Promise<void> {
    while (running) {
      const made = await insist(ada, '/api/calls', {
        teamId: team.id,
        channelId: null,
        callType: 'audio',
        recipientIds: [grace.id],
      });
      if (made === null || made.status >= 400) return;
      const { id } = made.body;
      await insist(grace, `/api/calls/${id}/accept`, {});
      await insist(ada, `/api/calls/${id}/media-connected`, {});
      await insist(grace, `/api/calls/${id}/media-connected`, {});
      await insist(ada, `/api/calls/${id}/leave`, {});
    }
  }

  const workers = Promise.all(teams.map(work));
  return {
    acknowledged,
    unavailable: () => unavailable,
    odd,
    /** So many more commands have been acknowledged. */
    async moreAcknowledged(count: number): Promise<void> {
      const goal = acknowledged.length + count;
      await expect
        .poll(() => odd.length > 0 || acknowledged.length >= goal, { timeout: 60_000, interval: 20 })
        .toBe(true);
      expect(odd).toEqual([]);
    },
    /** So many more commands were put off. */
    async moreUnavailable(count: number): Promise<void> {
      const goal = unavailable + count;
      await expect.poll(() => odd.length > 0 || unavailable >= goal, { timeout: 60_000, interval: 20 }).toBe(true);
      expect(odd).toEqual([]);
    },
    async stop(): Promise<void> {
      running = false;
      await workers;
    },
  };
}

/** Nothing that was acknowledged is lost, and nothing is half-done: each call's rows are what its events make. */
export async function expectWhole(
  db: Database,
  acknowledged: readonly { readonly callId: string; readonly version: number }[],
): Promise<void> {
  const rows = await db.once<{ id: string }>('select id from public.call_sessions');
  const versions = new Map<string, number>();
  for (const { id } of rows) {
    const { found, replayed } = await db.tx(async (sql) => ({
      found: await findCall(sql, id),
      replayed: await replayCall(sql, id),
    }));
    expect(replayed).toEqual(found?.call);
    versions.set(id, found?.call.version ?? 0);
  }
  const lost = acknowledged.filter(({ callId, version }) => (versions.get(callId) ?? 0) < version);
  expect(lost).toEqual([]);
  const [orphans] = await db.once<{ count: number }>(
    'select count(*) as count from public.call_events e where not exists (select from public.call_sessions c where c.id = e.call_session_id)',
  );
  expect(orphans?.count).toBe(0);
}
