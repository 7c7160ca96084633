import { randomUUID } from 'node:crypto';
import { type Call, PARTICIPANTS_IN_VIEW, type Participant } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/call-stage.ts';
import { openTestPGlite, type TestDatabase } from '../support/databases.ts';
import { FakeMediaServer } from '../support/fake-media-server.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from '../support/people.ts';

const PEOPLE = 120;

describe('a call of many people', () => {
  let database: TestDatabase;
  let s: Stage;
  let team: TestTeam;
  let people: TestPerson[];
  let call: Call;

  beforeAll(async () => {
    database = await openTestPGlite();
    s = openStage(database.db, { media: new FakeMediaServer() });
    people = [];
    for (let i = 0; i < PEOPLE; i += 1) people.push(await makePerson(database.db, `Person ${i}`));
    team = await makeTeam(database.db, people);
  }, 60_000);
  afterAll(async () => {
    await s.close();
    await database.close();
  });
  const one = (at: number): TestPerson => people[at] ?? ({} as TestPerson);

  it('takes in everybody who comes at once, and tells those who are there in few messages', async () => {
    const body = { teamId: team.id, channelId: team.channelId, callType: 'group_audio', recipientIds: [] };
    call = (await s.request<Call>(one(0), 'POST', '/api/calls', body)).body;
    const { socket } = await s.join(one(0));
    const before = socket.received.length;
    const answers = await Promise.all(people.slice(1).map((who) => s.command(who, call.id, 'accept')));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    s.timers.advance(300);
    const last = await socket.next('call', ({ view }) => view.call.counts?.seated === PEOPLE);
    // Up to fifty each is told as it happens.
    expect(socket.received.length - before).toBeLessThan(PARTICIPANTS_IN_VIEW + 10);
    expect(JSON.stringify(last).length).toBeLessThan(65_536);
    expect(last.view.call.participants).toHaveLength(PARTICIPANTS_IN_VIEW);
  }, 60_000);

  it('shows each themselves, and reads everybody by pages', async () => {
    const mine = await s.get(one(PEOPLE - 1), call.id);
    expect(mine.participants.some(({ userId }) => userId === one(PEOPLE - 1).id)).toBe(true);
    expect(mine.counts).toEqual({ total: PEOPLE, seated: PEOPLE });
    type Page = { items: Participant[]; nextCursor: string | null };
    const path = `/api/calls/${call.id}/participants`;
    const first = (await s.request<Page>(one(3), 'GET', path)).body;
    const second = (await s.request<Page>(one(3), 'GET', `${path}?cursor=${first.nextCursor}`)).body;
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([100, PEOPLE - 100, null]);
    expect(new Set([...first.items, ...second.items].map(({ userId }) => userId)).size).toBe(PEOPLE);
  });

  it('finds people by a part of their name, and leaves out who has gone', async () => {
    type Page = { items: Participant[]; nextCursor: string | null };
    const find = async (query: string) =>
      (await s.request<Page>(one(3), 'GET', `/api/calls/${call.id}/participants?${query}`)).body.items;
    expect((await find('name=pErson%2011')).map(({ displayName }) => displayName)).toEqual(
      ['11', ...Array.from({ length: 10 }, (_, n) => `11${n}`)].map((n) => `Person ${n}`),
    );
    expect(await find('name=%25')).toEqual([]);
    await s.command(one(117), call.id, 'leave');
    expect(await find('name=Person%20117&only=here')).toEqual([]);
    expect(await find('name=Person%20117')).toMatchObject([{ userId: one(117).id, state: 'left', role: 'member' }]);
    const tooLong = `/api/calls/${call.id}/participants?name=${'x'.repeat(81)}`;
    expect((await s.request(one(3), 'GET', tooLong)).status).toBe(400);
  });

  it('puts who can be heard in sight, and reads the call once for many commands', async () => {
    const far = one(PEOPLE - 4);
    for (const who of people.slice(0, PEOPLE - 3)) {
      await s.command(who, call.id, 'media-state', { isMuted: who !== far, videoEnabled: false });
    }
    expect((await s.get(one(1), call.id)).participants.some(({ userId }) => userId === far.id)).toBe(true);
    // What was kept in memory is what the rows say, names and leases too.
    const rows = await s.get(one(1), call.id);
    const { body } = await s.command(one(1), call.id, 'hand', { raised: true });
    expect(body.version).toBe(rows.version + 1);
    expect(body.participants.filter(({ userId }) => userId !== one(1).id)).toEqual(
      (await s.get(one(1), call.id)).participants.filter(({ userId }) => userId !== one(1).id),
    );
  });

  it('puts a raised hand in sight', async () => {
    const far = one(PEOPLE - 2);
    await s.command(far, call.id, 'hand', { raised: true }, { 'idempotency-key': randomUUID() });
    expect((await s.get(one(1), call.id)).participants.some(({ userId }) => userId === far.id)).toBe(true);
  });

  it('P69 is on hold for whoever turns to another call, and known as it is then', async () => {
    const [caller, called] = [one(PEOPLE - 5), one(PEOPLE - 6)];
    const own = async (who: TestPerson) =>
      (await s.get(who, call.id)).participants.find(({ userId }) => userId === who.id);
    const { body: pair } = await s.create(team, caller, called);
    expect(pair.participants.find(({ userId }) => userId === called.id)).toMatchObject({ waiting: true });
    expect(await own(caller)).toMatchObject({ onHold: true });
    const { version } = await s.get(one(1), call.id);
    expect((await s.command(called, pair.id, 'accept')).status).toBe(200);
    expect(await own(called)).toMatchObject({ onHold: true });
    const path = `/api/calls/${call.id}/participants?name=Person%20${PEOPLE - 6}`;
    const { body: page } = await s.request<{ items: Participant[] }>(one(3), 'GET', path);
    expect(page.items).toMatchObject([{ userId: called.id, onHold: true, waiting: false }]);
    const after = await s.command(one(1), call.id, 'hand', { raised: false });
    expect(after.body.version).toBe(version + 2);
    // Back at the same moment: neither waits for the other.
    const both = await Promise.all([caller, called].map((who) => s.command(who, call.id, 'hold', { onHold: false })));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(await own(called)).toMatchObject({ onHold: false });
  });
});
