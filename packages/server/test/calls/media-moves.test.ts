import type { Call } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { replayCall } from '../../src/store/events.ts';
import { createMediaMoves } from '../../src/usecases/media-moves.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import { FakeMediaServer } from '../support/fake-media-server.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from '../support/people.ts';

oneDatabase((_, open) => {
  let database: TestDatabase;
  let s: Stage;
  let media: FakeMediaServer;
  let team: TestTeam;
  let people: TestPerson[];

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.db.once('delete from public.call_sessions');
    media = new FakeMediaServer();
    media.now = 'starting';
    s = openStage(database.db, { media });
    people = await Promise.all(['Ada', 'Grace', 'Linus', 'Ken', 'Una'].map((name) => makePerson(database.db, name)));
    team = await makeTeam(database.db, people);
  });
  afterEach(() => s.close());

  const moves = () => createMediaMoves(s.deps);
  const begin = async (recipients: readonly TestPerson[] = []) =>
    (
      await s.request<Call>(people[0] ?? null, 'POST', '/api/calls', {
        teamId: team.id,
        channelId: team.channelId,
        callType: 'group_audio',
        recipientIds: recipients.map(({ id }) => id),
      })
    ).body;
  const person = (n: number): TestPerson => {
    const found = people[n];
    if (!found) throw new Error('There is no such person.');
    return found;
  };
  const planOf = async (callId: string) => {
    const { mediaEngine, mediaEpoch } = await s.get(person(0), callId);
    return [mediaEngine, mediaEpoch];
  };

  describe('a media server that comes', () => {
    it('takes the groups that are a mesh, and those that still ring, and no call of two', async () => {
      const mesh = await begin();
      await s.command(person(1), mesh.id, 'accept');
      const { body: pair } = await s.create(team, person(2), person(3));
      expect([mesh.mediaEngine, pair.mediaEngine]).toEqual(['p2p', 'p2p']);
      const { socket } = await s.join(person(1));
      media.now = 'ready';
      expect(await moves().toServer()).toBe(1);
      const told = await socket.next('call', ({ view }) => view.call.mediaEngine === 'livekit');
      expect(told.events.at(-1)).toMatchObject({
        type: 'media_plan',
        actorId: null,
        data: { reason: 'server_ready', epoch: 1 },
      });
      expect(await planOf(mesh.id)).toEqual(['livekit', 2]);
      expect(await s.get(person(2), pair.id)).toMatchObject({ mediaEngine: 'p2p', mediaEpoch: 1 });
      expect(await moves().toServer()).toBe(0);
      // The log alone makes the same call.
      const call = await replayCall({ query: (text, params) => database.db.once(text, params) }, mesh.id);
      expect(call?.media).toEqual({ engine: 'livekit', epoch: 2 });
      await s.command(person(0), mesh.id, 'end');

      media.now = 'starting';
      const ringing = await begin([person(1), person(2)]);
      media.now = 'ready';
      expect(await moves().toServer()).toBe(1);
      expect(await s.get(person(0), ringing.id)).toMatchObject({ status: 'ringing', mediaEngine: 'livekit' });
      await s.command(person(1), ringing.id, 'accept');
      expect((await s.request(person(1), 'POST', `/api/calls/${ringing.id}/token`, {})).status).toBe(200);
    });

    it('is told of by one server of several, and the others find it so', async () => {
      const { id } = await begin();
      media.now = 'ready';
      const moved = await Promise.all([moves().toServer(), moves().toServer(), moves().toServer()]);
      expect(moved.reduce((a, b) => a + b)).toBe(1);
      expect(await planOf(id)).toEqual(['livekit', 2]);
    });
  });

  describe('a media server that is gone for good', () => {
    it('leaves a mesh of a group of four, and not again to and fro; a group of five waits', async () => {
      media.now = 'ready';
      const { id } = await begin();
      for (const n of [1, 2, 3, 4]) await s.command(person(n), id, 'accept');
      expect(await moves().toMesh()).toBe(0);
      await s.command(person(4), id, 'leave');
      expect(await moves().toMesh()).toBe(1);
      expect(await planOf(id)).toEqual(['p2p', 2]);
      media.now = 'starting';
      const fifth = await s.command(person(4), id, 'accept');
      expect(s.code(fifth)).toBe('call_full');
      media.now = 'ready';
      expect(await moves().toServer()).toBe(1);
      expect(await planOf(id)).toEqual(['livekit', 3]);
      expect(await moves().toMesh()).toBe(0);
      expect((await s.events(person(0), id)).filter(({ type }) => type === 'media_plan')).toHaveLength(2);
    });
  });
});
