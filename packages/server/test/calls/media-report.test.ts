import { randomUUID } from 'node:crypto';
import type { Call } from '@parley/protocol';
import { MemoryLedger } from '@parley/testing/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/ports/database.ts';
import { findCall } from '../../src/store/calls.ts';
import { replayCall } from '../../src/store/events.ts';
import { AHEAD, FULL, identityOf } from '../../src/usecases/media-grants.ts';
import { createMediaLedger } from '../../src/usecases/media-ledger.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { eachDatabase } from '../support/databases.ts';
import { FakeMediaServer } from '../support/fake-media-server.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from '../support/people.ts';

/** Says that it has put somebody out, while they stay; and answers for some not at all. */
class StubbornMediaServer extends FakeMediaServer {
  readonly stays = new Set<string>();
  readonly fails = new Set<string>();

  override async remove(room: string, identity: string): Promise<boolean> {
    if (this.fails.has(identity)) throw new Error('no answer');
    return this.stays.has(identity) ? true : super.remove(room, identity);
  }
}

function suite(open: () => Promise<{ readonly db: Database; close(): Promise<void> }>): void {
  let database: { readonly db: Database; close(): Promise<void> };
  let s: Stage;
  let media: StubbornMediaServer;
  let team: TestTeam;
  let ada: TestPerson;
  let grace: TestPerson;
  let linus: TestPerson;
  let call: Call;
  let process: ReturnType<typeof newProcess>;
  const logged: object[] = [];
  const log = { info: (fields: object) => logged.push(fields), warn: () => {}, error: () => {} };

  /** What one server process has. */
  function newProcess() {
    const { mediaEffects } = s;
    if (mediaEffects === null) throw new Error('There is no media server.');
    return createMediaLedger({ ...s.deps, log, media, mediaEffects });
  }

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    const { db } = database;
    logged.length = 0;
    media = new StubbornMediaServer();
    s = openStage(db, { media });
    [ada, grace, linus] = [await makePerson(db, 'Ada'), await makePerson(db, 'Grace'), await makePerson(db, 'Linus')];
    team = await makeTeam(db, [ada, grace, linus]);
    const body = { teamId: team.id, channelId: team.channelId, callType: 'group_audio', recipientIds: [] };
    call = (await s.request<Call>(ada, 'POST', '/api/calls', body)).body;
    await s.command(grace, call.id, 'accept');
    process = newProcess();
  });
  afterEach(async () => {
    await s.command(ada, call.id, 'end');
    await s.close();
  });

  const here = (who: TestPerson, deviceId = who.deviceId) => identityOf(who.id, deviceId);
  const inRoom = () => Object.fromEntries(media.rooms.get(call.roomName) ?? []);
  /** Both who sit there live on. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 10_000) {
      s.clock.turn(Math.min(left, 10_000));
      for (const who of [ada, grace]) await s.calls.touch({ isAnonymous: false, userId: who.id, ...who });
    }
  }
  const cameIn = (identity: string, ledger = process) =>
    ledger.mediaEvent({ kind: 'joined', room: call.roomName, identity, at: new Date(), id: randomUUID() });
  const told = async () =>
    (await s.events(ada, call.id)).filter(({ type }) => type === 'media_reconciled').map(({ data }) => data);
  const removal = (who: { readonly id: string }, deviceId: string | null, difference: string) => ({
    userId: who.id,
    deviceId,
    difference,
    action: 'removed',
  });

  describe('an event of the call', () => {
    it('is each person whom the comparison put out or gave what is theirs, and what it was that was wrong', async () => {
      await s.command(linus, call.id, 'accept');
      await s.command(linus, call.id, 'leave');
      await pass(6_000);
      const [other, stranger] = [randomUUID(), { id: randomUUID(), deviceId: randomUUID() }];
      media.enter(call.roomName, here(ada), FULL);
      media.enter(call.roomName, here(grace), AHEAD);
      media.enter(call.roomName, here(grace, other), FULL);
      media.enter(call.roomName, here(linus), FULL);
      media.enter(call.roomName, identityOf(stranger.id, stranger.deviceId), FULL);
      for (const nameless of ['nobody', ':']) media.enter(call.roomName, nameless, FULL);
      const { version } = await s.get(ada, call.id);
      expect(await process.reconcileMedia()).toBe(6);
      expect(inRoom()).toEqual({ [here(ada)]: FULL, [here(grace)]: FULL });
      expect(await told()).toEqual([
        { userId: grace.id, deviceId: grace.deviceId, difference: 'rights', action: 'granted' },
        removal(grace, other, 'other_device'),
        removal(linus, linus.deviceId, 'no_seat'),
        removal(stranger, stranger.deviceId, 'not_in_call'),
        // Whatever they call themselves: no word of a stranger's gets into the ledger.
        { userId: null, deviceId: null, difference: 'not_in_call', action: 'removed' },
      ]);
      expect(await s.get(ada, call.id)).toMatchObject({ status: 'connected', version: version + 5 });
      expect(await process.reconcileMedia()).toBe(0);
      expect(await told()).toHaveLength(5);
    });

    it('is told to sockets like any other, and makes the rows again', async () => {
      const { socket } = await s.join(grace);
      await pass(6_000);
      media.enter(call.roomName, here(linus), FULL);
      await process.reconcileMedia();
      const news = await socket.next('call', ({ events }) => events.some(({ type }) => type === 'media_reconciled'));
      const { version } = news.view.call;
      expect(news.events.at(-1)).toMatchObject({ seq: version, actorId: null, deviceId: null });
      await database.db.tx(async (sql) => {
        expect(await replayCall(sql, call.id)).toEqual((await findCall(sql, call.id))?.call);
      });
      expect((await s.events(ada, call.id)).map(({ seq }) => seq)).toEqual(
        Array.from({ length: version }, (_, index) => index + 1),
      );
    });

    it('is what no commit could say, because the media server was away', async () => {
      await pass(6_000);
      for (const who of [ada, grace]) media.enter(call.roomName, here(who), FULL);
      media.away = true;
      await s.command(grace, call.id, 'leave');
      await pass(6_000);
      media.away = false;
      await process.reconcileMedia();
      expect(Object.keys(inRoom())).toEqual([here(ada)]);
      expect(await told()).toEqual([removal(grace, grace.deviceId, 'no_seat')]);
    });

    it('is somebody who came in and was put out at once', async () => {
      await pass(6_000);
      media.enter(call.roomName, here(linus), FULL);
      await cameIn(here(linus));
      expect(inRoom()).toEqual({});
      expect(await told()).toEqual([removal(linus, linus.deviceId, 'not_in_call')]);
    });

    it('goes on with the others where one cannot be set right', async () => {
      const [first, second] = [identityOf(randomUUID(), randomUUID()), identityOf(randomUUID(), randomUUID())];
      media.fails.add(first);
      for (const identity of [first, second]) media.enter(call.roomName, identity, FULL);
      await process.reconcileMedia();
      expect(Object.keys(inRoom())).toEqual([first]);
      expect(await told()).toMatchObject([{ userId: second.split(':')[0] }]);
    });
  });

  describe('no event', () => {
    it('is made of people who are in the room as the ledger has them', async () => {
      await s.command(ada, call.id, 'invite', { userIds: [linus.id] });
      for (const who of [ada, grace]) media.enter(call.roomName, here(who), FULL);
      media.enter(call.roomName, here(linus), AHEAD);
      await pass(10_000);
      for (const who of [ada, grace, linus]) await cameIn(here(who));
      const before = await s.events(ada, call.id);
      expect(await process.reconcileMedia()).toBe(0);
      expect(await s.events(ada, call.id)).toEqual(before);
    });

    it('is made of a change that is on its way, though it is set right', async () => {
      await pass(6_000);
      for (const who of [ada, grace]) media.enter(call.roomName, here(who), FULL);
      media.away = true;
      await s.command(grace, call.id, 'leave');
      media.away = false;
      await process.reconcileMedia();
      expect(Object.keys(inRoom())).toEqual([here(ada)]);
      media.enter(call.roomName, here(linus), AHEAD);
      await s.command(linus, call.id, 'accept');
      await process.reconcileMedia();
      await s.command(linus, call.id, 'leave');
      media.enter(call.roomName, here(linus), FULL);
      await cameIn(here(linus));
      expect(Object.keys(inRoom())).toEqual([here(ada)]);
      expect(await told()).toEqual([]);
    });

    it('is made of who had gone by themselves, nor of a webhook that comes late', async () => {
      await pass(6_000);
      media.enter(call.roomName, here(linus), FULL);
      const members = media.members.bind(media);
      media.members = async (room) => {
        const found = await members(room);
        media.rooms.get(room)?.delete(here(linus));
        return found;
      };
      await process.reconcileMedia();
      await cameIn(here(linus));
      expect(await told()).toEqual([]);
    });

    it('is made after the end: the room is closed, and the log of the process says so', async () => {
      await pass(6_000);
      media.away = true;
      await s.command(ada, call.id, 'end');
      media.away = false;
      media.enter(call.roomName, here(linus), FULL);
      const before = await s.events(ada, call.id);
      await process.reconcileMedia();
      expect(media.rooms.has(call.roomName)).toBe(false);
      expect(logged).toEqual([{ callId: call.id }]);
      media.enter(call.roomName, here(linus), FULL);
      await cameIn(here(linus));
      expect(media.rooms.has(call.roomName)).toBe(false);
      expect(await s.events(ada, call.id)).toEqual(before);
      expect(before.at(-1)?.type).toBe('ended');
    });

    it('is made where it cannot be written: it is right in the room all the same', async () => {
      await pass(6_000);
      const { mediaEffects } = s;
      if (mediaEffects === null) throw new Error('There is no media server.');
      const db: Database = {
        ...s.deps.db,
        once: (text, params) => s.deps.db.once(text, params),
        tx: () => Promise.reject(new Error('away')),
      };
      media.enter(call.roomName, here(linus), FULL);
      expect(await createMediaLedger({ ...s.deps, db, log, media, mediaEffects }).reconcileMedia()).toBe(1);
      expect([inRoom(), await told()]).toEqual([{}, []]);
    });
  });

  describe('what cannot be set right', () => {
    it('is said once, until it goes away; then again when it is back', async () => {
      await pass(6_000);
      media.stays.add(here(linus));
      media.enter(call.roomName, here(linus), FULL);
      for (let i = 0; i < 20; i += 1) {
        expect(await process.reconcileMedia()).toBe(1);
        await pass(10_000);
      }
      expect(await told()).toHaveLength(1);
      media.rooms.get(call.roomName)?.clear();
      await process.reconcileMedia();
      media.enter(call.roomName, here(linus), FULL);
      await process.reconcileMedia();
      expect(await told()).toHaveLength(2);
    });

    it('is said by one of several processes', async () => {
      await pass(6_000);
      const other = newProcess();
      media.stays.add(here(linus));
      media.enter(call.roomName, here(linus), FULL);
      for (let i = 0; i < 20; i += 1) {
        await process.reconcileMedia();
        await other.reconcileMedia();
        await pass(10_000);
      }
      expect(await told()).toHaveLength(1);
    });

    it('is said once a minute of somebody who comes back again and again, whichever process is told of it', async () => {
      await pass(6_000);
      const other = newProcess();
      let statements = 0;
      const once = s.deps.db.once.bind(s.deps.db);
      s.deps.db.once = (text, params) => {
        statements += 1;
        return once(text, params);
      };
      for (let i = 0; i < 50; i += 1) {
        media.enter(call.roomName, here(linus), FULL);
        await cameIn(here(linus), i % 2 === 0 ? process : other);
        expect(inRoom()).toEqual({});
      }
      s.deps.db.once = once;
      // One row each to look, and the call (its id, and then its rows) but once in each process.
      expect(statements).toBe(54);
      expect(await told()).toHaveLength(1);
      await pass(60_000);
      media.enter(call.roomName, here(linus), FULL);
      await cameIn(here(linus));
      expect(await told()).toHaveLength(2);
    });
  });
}

eachDatabase((_, open) => suite(open));
describe("on the simulator's ledger", () => {
  suite(async () => {
    const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
    const ledger = new MemoryLedger({ now: Date.now, uuid: randomUUID, pause });
    return { db: ledger.connect(), close: async () => undefined };
  });
});
