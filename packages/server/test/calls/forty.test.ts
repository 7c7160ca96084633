import { randomUUID } from 'node:crypto';
import type { Call } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage } from '../support/call-stage.ts';
import { counting } from '../support/counting.ts';
import { onPostgres, openTestPostgres, type TestDatabase } from '../support/databases.ts';
import { FakeMediaServer } from '../support/fake-media-server.ts';
import { makePerson, makeTeam } from '../support/people.ts';

const PEOPLE = 40;
/** Statements of one accept, the look of the media server among them. Not more with more people. */
const STATEMENTS = 12;

onPostgres('forty people who come in at the same moment', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestPostgres();
  });
  afterAll(() => database.close());

  it('all get in, in one call whose log has no gap, for a bounded number of statements and messages each', async () => {
    const counted = counting(database.db);
    const media = new FakeMediaServer();
    const s = openStage(counted.db, { media });
    const people = await Promise.all(Array.from({ length: PEOPLE }, (_, i) => makePerson(database.db, `Person ${i}`)));
    const team = await makeTeam(database.db, people);
    const [host, ...others] = people;
    if (host === undefined) throw new Error('Nobody is there.');
    const body = { teamId: team.id, channelId: team.channelId, callType: 'group_video' };
    const call = (await s.request<Call>(host, 'POST', '/api/calls', { ...body, recipientIds: [] })).body;
    const sockets = new Map<string, Awaited<ReturnType<typeof s.join>>['socket']>();
    for (const who of people) sockets.set(who.id, (await s.join(who)).socket);
    const listening = [...sockets.values()];
    for (const socket of listening) socket.forget();
    const [statements, published] = [counted.count, s.heard.length];

    // A third over REST, a third over their socket, a third with a create in the channel, which is an accept.
    const answers = await Promise.all(
      others.map(async (who, i) => {
        if (i % 3 === 0) return (await s.command(who, call.id, 'accept')).status;
        if (i % 3 === 1) {
          return (await s.request<Call>(who, 'POST', '/api/calls', { ...body, recipientIds: [] })).status;
        }
        const socket = sockets.get(who.id);
        const id = randomUUID();
        socket?.say({ t: 'command', id, name: 'accept', callId: call.id, body: {} });
        const answer = await socket?.find((m) => (m.t === 'ack' && m.id === id) || (m.t === 'error' && m.ref === id));
        return answer?.t === 'ack' ? answer.status : answer;
      }),
    );
    expect(answers).toEqual(others.map(() => 200));
    s.timers.advance(400);

    const seen = await s.get(host, call.id);
    expect(seen.participants.filter(({ state }) => state === 'connecting')).toHaveLength(PEOPLE);
    const events = await s.events(host, call.id);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: PEOPLE }, (_, i) => i + 1));
    const [row] = await database.db.once<{ calls: number }>(
      'select count(*)::int as calls from public.call_sessions where team_id = $1',
      [team.id],
    );
    expect(row?.calls).toBe(1);

    expect(s.heard.length - published).toBeLessThanOrEqual(2 * others.length);
    expect((counted.count - statements) / others.length).toBeLessThan(STATEMENTS);
    // Each of those who are there is told in a few messages, and has heard of every event once.
    for (const socket of listening) {
      const told = socket.of('call');
      expect(told.length).toBeLessThan(16);
      const seqs = told.flatMap((message) => message.events.map(({ seq }) => seq));
      expect(seqs.toSorted((a, b) => a - b)).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
      expect(told.at(-1)?.view.call.version).toBe(PEOPLE);
    }
    const bytes = listening.reduce((sum, socket) => sum + socket.texts.reduce((all, text) => all + text.length, 0), 0);
    console.info(
      `${PEOPLE} people: ${((counted.count - statements) / others.length).toFixed(1)} statements for each, ` +
        `${Math.round(bytes / PEOPLE / 1024)} KB for each socket`,
    );
    await s.close();
  }, 60_000);
});
