import { randomUUID } from 'node:crypto';
import type { Call } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MediaGrants } from '../../src/ports/media-server.ts';
import { createMediaEffects } from '../../src/usecases/media-effects.ts';
import { AHEAD, FULL, identityOf } from '../../src/usecases/media-grants.ts';
import { createMediaLedger } from '../../src/usecases/media-ledger.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import { FakeMediaServer } from '../support/fake-media-server.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from '../support/people.ts';

/** Answers late: each request waits until the test lets it through. */
class SlowMediaServer extends FakeMediaServer {
  #held: (() => void)[] | null = null;

  hold(): void {
    this.#held ??= [];
  }
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const go of held) go();
  }
  get waiting(): number {
    return this.#held?.length ?? 0;
  }
  async #turn(): Promise<void> {
    if (this.#held) await new Promise<void>((go) => this.#held?.push(go));
  }

  override async setGrants(room: string, identity: string, grants: MediaGrants): Promise<void> {
    await this.#turn();
    return super.setGrants(room, identity, grants);
  }
  override async remove(room: string, identity: string): Promise<boolean> {
    await this.#turn();
    return super.remove(room, identity);
  }
  override async mute(room: string, identity: string, source: string): Promise<void> {
    await this.#turn();
    return super.mute(room, identity, source);
  }
  override async closeRoom(room: string): Promise<void> {
    await this.#turn();
    return super.closeRoom(room);
  }
}

oneDatabase((_, open) => {
  let database: TestDatabase;
  let s: Stage;
  let media: SlowMediaServer;
  let team: TestTeam;
  let ada: TestPerson;
  let grace: TestPerson;
  let linus: TestPerson;
  let call: Call;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.db.once('delete from public.call_sessions');
    media = new SlowMediaServer();
    s = openStage(database.db, { media });
    [ada, grace, linus] = (await Promise.all(
      ['Ada', 'Grace', 'Linus'].map((name) => makePerson(database.db, name)),
    )) as [TestPerson, TestPerson, TestPerson];
    team = await makeTeam(database.db, [ada, grace, linus]);
    const body = { teamId: team.id, channelId: team.channelId, callType: 'group_audio', recipientIds: [] };
    call = (await s.request<Call>(ada, 'POST', '/api/calls', body)).body;
  });
  afterEach(() => s.close());

  const here = (who: TestPerson) => identityOf(who.id, who.deviceId);
  const inRoom = () => Object.fromEntries(media.rooms.get(call.roomName) ?? []);
  const token = (who: TestPerson) => s.request(who, 'POST', `/api/calls/${call.id}/token`, {});
  const ledger = () => {
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const mediaEffects = createMediaEffects({ db: database.db, media, log });
    return createMediaLedger({ ...s.deps, log, media, mediaEffects });
  };

  describe('a media server that is slow', () => {
    it('is told last what the ledger said last, however the commits overtake each other', async () => {
      await s.command(grace, call.id, 'accept');
      media.enter(call.roomName, here(grace), AHEAD);
      media.hold();
      for (let i = 0; i < 4; i += 1) {
        await s.command(grace, call.id, 'leave');
        await s.command(grace, call.id, 'accept');
      }
      await expect.poll(() => media.waiting).toBeGreaterThan(0);
      await s.command(grace, call.id, 'leave');
      media.release();
      await expect.poll(inRoom).toEqual({});
      // Not eighteen times: while one is under way, all that follows is one more look.
      expect(media.asked.filter((what) => what.includes(here(grace))).length).toBeLessThanOrEqual(6);
      media.enter(call.roomName, here(grace), AHEAD);
      media.hold();
      await s.command(grace, call.id, 'accept');
      await s.command(grace, call.id, 'leave');
      await s.command(grace, call.id, 'accept');
      media.release();
      await expect.poll(() => media.asked.at(-1)).toBe(`grant ${here(grace)} all`);
    });

    it('closes a room once, whatever waited', async () => {
      await s.command(grace, call.id, 'accept');
      media.enter(call.roomName, here(grace), FULL);
      media.hold();
      await s.command(grace, call.id, 'leave');
      await s.command(ada, call.id, 'end');
      media.release();
      await expect.poll(() => media.rooms.has(call.roomName)).toBe(false);
    });

    it('is told of a mute only while it holds', async () => {
      await s.command(grace, call.id, 'accept');
      await expect.poll(() => media.asked.length).toBeGreaterThan(0);
      media.hold();
      await s.command(ada, call.id, 'mute', { userId: grace.id });
      await s.command(grace, call.id, 'media-state', { isMuted: false, videoEnabled: false });
      const before = media.asked.length;
      media.release();
      await s.command(ada, call.id, 'mute', { userId: grace.id });
      await expect.poll(() => media.asked.slice(before)).toContain(`mute ${here(grace)} microphone`);
    });
  });

  describe('a media server that was away', () => {
    it('is told of a mute and a removal once it is back', async () => {
      for (const who of [grace, linus]) {
        await s.command(who, call.id, 'accept');
        media.enter(call.roomName, here(who), FULL);
      }
      media.away = true;
      await s.command(ada, call.id, 'mute', { userId: grace.id });
      await s.command(ada, call.id, 'remove', { userId: linus.id });
      media.away = false;
      media.asked.length = 0;
      await expect
        .poll(async () => {
          await s.mediaEffects?.retry();
          return media.asked;
        })
        .toContain(`mute ${here(grace)} microphone`);
      expect(Object.keys(inRoom())).toEqual([here(grace)]);
    });
  });

  describe('devices that joined ahead', () => {
    it('leave the room with their person: another answered, they declined, were missed, or the host took them out', async () => {
      const invite = () => s.command(ada, call.id, 'invite', { userIds: [grace.id] });
      const phone = s.otherDevice(grace);
      for (const who of [grace, phone]) await s.join(who);
      const comeAhead = async () => {
        await invite();
        for (const who of [grace, phone]) {
          expect((await token(who)).status).toBe(200);
          media.enter(call.roomName, here(who), AHEAD);
        }
      };
      await comeAhead();
      await s.command(phone, call.id, 'accept');
      await expect.poll(inRoom).toEqual({ [here(phone)]: FULL });
      await s.command(ada, call.id, 'remove', { userId: grace.id });
      await expect.poll(inRoom).toEqual({});
      await comeAhead();
      await s.command(grace, call.id, 'decline');
      await expect.poll(inRoom).toEqual({});
      await comeAhead();
      await s.command(ada, call.id, 'remove', { userId: grace.id });
      await expect.poll(inRoom).toEqual({});
      await comeAhead();
      for (const who of [ada]) await s.calls.touch({ userId: who.id, isAnonymous: false, ...who });
      await s.pass(32_000);
      await expect.poll(inRoom).toEqual({});
    });
  });

  describe('people who come in', () => {
    it('cost one look each, and not each time at all the others', async () => {
      const watched = ledger();
      let listed = 0;
      const members = media.members.bind(media);
      media.members = (room) => {
        listed += 1;
        return members(room);
      };
      const joined = (identity: string) =>
        watched.mediaEvent({ kind: 'joined', room: call.roomName, identity, at: new Date(), id: randomUUID() });
      media.asked.length = 0;
      const strangers = Array.from({ length: 40 }, () => identityOf(randomUUID(), randomUUID()));
      for (const identity of strangers) media.enter(call.roomName, identity, FULL);
      await Promise.all(strangers.map((identity) => joined(identity)));
      expect([listed, media.asked.length, inRoom()]).toEqual([0, 40, {}]);
    });

    it('are set right however their webhooks come: lost, twice, late, and in any order', async () => {
      const watched = ledger();
      const tell = (kind: 'joined' | 'left', who: TestPerson) =>
        watched.mediaEvent({ kind, room: call.roomName, identity: here(who), at: new Date(0), id: randomUUID() });
      await s.command(grace, call.id, 'accept');
      const stolen = s.otherDevice(grace);
      media.enter(call.roomName, here(grace), AHEAD);
      media.enter(call.roomName, here(stolen), FULL);
      media.enter(call.roomName, here(linus), FULL);
      // Left before joined, each twice, and of the stranger nothing.
      for (const kind of ['left', 'joined', 'left', 'joined'] as const) {
        for (const who of [grace, stolen]) await tell(kind, who);
      }
      expect(inRoom()).toEqual({ [here(grace)]: FULL, [here(linus)]: FULL });
      await watched.reconcileMedia();
      expect(inRoom()).toEqual({ [here(grace)]: FULL });
      // Late: the call is over, and who comes in by what is left of a token finds no room.
      await s.command(ada, call.id, 'end');
      media.enter(call.roomName, here(grace), FULL);
      await tell('joined', grace);
      expect(media.rooms.has(call.roomName)).toBe(false);
      const { status, version } = await s.get(ada, call.id);
      await tell('left', ada);
      await tell('joined', ada);
      expect(await s.get(ada, call.id)).toMatchObject({ status, version });
    });

    it('of more calls than a page of them are all compared', async () => {
      await database.db.once(
        `insert into public.call_sessions (id, team_id, call_type, status, initiator_id, room_name, created_at, updated_at,
           connected_at, media_engine, host_id)
         select gen_random_uuid(), team_id, call_type, status, initiator_id, 'page_' || n, created_at, updated_at, connected_at,
           media_engine, host_id
         from public.call_sessions, generate_series(1, 1100) n where id = $1`,
        [call.id],
      );
      for (const n of [1, 550, 1100]) media.enter(`page_${n}`, here(linus), FULL);
      expect(await ledger().reconcileMedia()).toBe(3);
      expect([1, 550, 1100].map((n) => media.rooms.get(`page_${n}`)?.size)).toEqual([0, 0, 0]);
    });
  });
});
