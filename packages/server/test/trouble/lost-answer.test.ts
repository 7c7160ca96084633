import { randomUUID } from 'node:crypto';
import type { Call } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, DatabaseUnavailable } from '../../src/ports/database.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { eachDatabase, type TestDatabase } from '../support/databases.ts';

/** A database whose connection breaks right after a commit, as often as it is told to. */
function forgetful(db: Database) {
  let losses = 0;
  const losing = async <T>(answer: Promise<T>): Promise<T> => {
    const kept = await answer;
    if (losses === 0) return kept;
    losses -= 1;
    throw new DatabaseUnavailable('the connection broke within the commit');
  };
  const wrapped: Database = {
    ...db,
    tx: (run) => losing(db.tx(run)),
    once: (text, params) => (text.includes('create_call') ? losing(db.once(text, params)) : db.once(text, params)),
  };
  return {
    db: wrapped,
    loseNext: () => {
      losses = 1;
    },
  };
}

eachDatabase((_name, open) => {
  let database: TestDatabase;
  let stage: Stage;
  let loseNext: () => void;
  beforeAll(async () => {
    database = await open();
    const lossy = forgetful(database.db);
    loseNext = lossy.loseNext;
    stage = openStage(lossy.db);
  });
  afterAll(async () => {
    await stage?.close();
    await database?.close();
  });

  it('a command that was written, but whose answer was lost, still reaches the others when it is asked again', async () => {
    const { team, ada, grace } = await stage.people();
    const caller = (await stage.join(ada)).socket;
    const callee = (await stage.join(grace)).socket;
    const insist = async (who: typeof ada, path: string, body: unknown) => {
      const headers = { 'idempotency-key': randomUUID() };
      // The sign of life of this request is no business of the test's.
      await stage.get(who, randomUUID());
      loseNext();
      expect((await stage.request(who, 'POST', path, body, headers)).status).toBe(503);
      return stage.request<Call>(who, 'POST', path, body, headers);
    };
    const create = { teamId: team.id, channelId: null, callType: 'audio', recipientIds: [grace.id] };
    const made = await insist(ada, '/api/calls', create);
    expect(made.status).toBe(200);
    expect((await callee.next('ring')).ring.callId).toBe(made.body.id);
    expect((await insist(grace, `/api/calls/${made.body.id}/accept`, {})).status).toBe(200);
    const heard = await caller.next('call', ({ view }) => view.call.status === 'connecting');
    expect(heard.events.at(-1)?.type).toBe('accepted');
    // Once was enough: the third time nobody is told anything.
    const before = stage.heard.length;
    await stage.command(ada, made.body.id, 'leave');
    expect(stage.heard.slice(before).filter(({ t }) => t === 'call').length).toBe(1);
    expect((await stage.events(ada, made.body.id)).map(({ type }) => type)).toEqual(['created', 'accepted', 'left']);
  });
});
