import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMediaEffects } from '../../src/usecases/media-effects.ts';
import { AHEAD, FULL, identityOf } from '../../src/usecases/media-grants.ts';
import { createMediaLedger } from '../../src/usecases/media-ledger.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import { FakeMediaServer } from '../support/fake-media-server.ts';
import type { TestPerson } from '../support/people.ts';

oneDatabase((_, open) => {
  let database: TestDatabase;
  let stage: Stage;
  let media: FakeMediaServer;
  let ada: TestPerson;
  let grace: TestPerson;
  let callId: string;
  let room: string;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.db.once('delete from public.call_sessions');
    stage = openStage(database.db);
    media = new FakeMediaServer();
    const people = await stage.people();
    ({ ada, grace } = people);
    callId = (await stage.create(people.team, ada, grace)).body.id;
    const [row] = await database.db.once<{ room_name: string }>(
      "update public.call_sessions set media_engine = 'livekit' where id = $1 returning room_name",
      [callId],
    );
    room = row?.room_name ?? '';
  });
  afterEach(() => stage.close());

  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const ledger = () =>
    createMediaLedger({
      ...stage.deps,
      log,
      media,
      mediaEffects: createMediaEffects({ db: database.db, media, log }),
    });
  const here = (who: TestPerson, deviceId = who.deviceId) => identityOf(who.id, deviceId);
  const inRoom = (name = room) => Object.fromEntries(media.rooms.get(name) ?? []);
  const joined = (name: string, identity: string) =>
    ledger().mediaEvent({ kind: 'joined', room: name, identity, at: new Date(), id: randomUUID() });

  describe('comparing the media server with the ledger', () => {
    it('leaves alone who is in the call, and who is rung and joined ahead', async () => {
      media.enter(room, here(ada), FULL);
      media.enter(room, here(grace), AHEAD);
      expect(await ledger().reconcileMedia()).toBe(0);
      expect(media.asked).toEqual([]);
    });

    it('takes from who is rung what only an accept gives, and gives it at the accept', async () => {
      media.enter(room, here(grace), FULL);
      expect(await ledger().reconcileMedia()).toBe(1);
      expect(inRoom()).toEqual({ [here(grace)]: AHEAD });
      await stage.command(grace, callId, 'accept');
      expect(await ledger().reconcileMedia()).toBe(1);
      expect(inRoom()).toEqual({ [here(grace)]: FULL });
    });

    it('puts out the device on which it was not answered, strangers, and names that are none', async () => {
      await stage.command(grace, callId, 'accept');
      const other = here(grace, randomUUID());
      const stranger = identityOf(randomUUID(), randomUUID());
      for (const identity of [here(ada), here(grace)]) media.enter(room, identity, FULL);
      for (const identity of [other, stranger, 'nobody', ':', `${ada.id}:`]) media.enter(room, identity, FULL);
      expect(await ledger().reconcileMedia()).toBe(5);
      expect(Object.keys(inRoom())).toEqual([here(ada), here(grace)]);
    });

    it('closes the room of a call that is over', async () => {
      media.enter(room, here(ada), FULL);
      await stage.command(ada, callId, 'cancel');
      expect(await ledger().reconcileMedia()).toBe(1);
      expect(media.rooms.size).toBe(0);
    });

    it('looks at no room of a call that has been over for long', async () => {
      await stage.command(ada, callId, 'cancel');
      media.enter(room, here(ada), FULL);
      stage.clock.turn(3_600_000);
      expect(await ledger().reconcileMedia()).toBe(0);
    });

    it('throws nobody out of the call because they are not in the room', async () => {
      await stage.command(grace, callId, 'accept');
      for (const rooms of [null, new Map()]) {
        media.rooms.clear();
        if (rooms !== null) media.rooms.set(room, rooms);
        expect(await ledger().reconcileMedia()).toBe(0);
        expect(await stage.get(ada, callId)).toMatchObject({ status: 'connecting', version: 2 });
      }
    });

    it('goes on with the others where one cannot be compared', async () => {
      media.away = true;
      expect(await ledger().reconcileMedia()).toBe(0);
    });
  });

  describe('what the media server tells', () => {
    it('of somebody who came in is checked at once', async () => {
      const stranger = identityOf(randomUUID(), randomUUID());
      media.enter(room, here(ada), FULL);
      media.enter(room, stranger, FULL);
      await joined(room, here(ada));
      await joined(room, stranger);
      expect(Object.keys(inRoom())).toEqual([here(ada)]);
    });

    it('of a room of somebody else on the same media server is none of ours', async () => {
      media.enter('nowhere', 'somebody', FULL);
      await joined('nowhere', 'somebody');
      expect(media.rooms.has('nowhere')).toBe(true);
    });

    it('of somebody who left, or of a room that closed, changes nothing', async () => {
      await ledger().mediaEvent({ kind: 'left', room, identity: here(ada), at: new Date(), id: '1' });
      await ledger().mediaEvent({ kind: 'room_closed', room, identity: null, at: new Date(), id: '2' });
      expect(media.asked).toEqual([]);
      expect((await stage.get(ada, callId)).status).toBe('ringing');
    });
  });
});
