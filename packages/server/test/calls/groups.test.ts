import { randomUUID } from 'node:crypto';
import type { Call, MediaCredentials } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStage, type Stage } from '../support/call-stage.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import { FakeMediaServer } from '../support/fake-media-server.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from '../support/people.ts';

oneDatabase((_, open) => {
  let database: TestDatabase;
  let media: FakeMediaServer;
  let s: Stage;
  let team: TestTeam;
  let ada: TestPerson;
  let grace: TestPerson;
  let linus: TestPerson;
  let ken: TestPerson;
  let mallory: TestPerson;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    media = new FakeMediaServer();
    s = openStage(database.db, { media });
    [ada, grace, linus, ken, mallory] = (await Promise.all(
      ['Ada', 'Grace', 'Linus', 'Ken', 'Mallory'].map((name) => makePerson(database.db, name)),
    )) as [TestPerson, TestPerson, TestPerson, TestPerson, TestPerson];
    team = await makeTeam(database.db, [ada, grace, linus, ken]);
    await makeTeam(database.db, [mallory], 'Elsewhere');
    // Who has never been here has no device that rings.
    for (const one of [grace, linus, ken]) await s.request(one, 'GET', '/api/calls');
  });
  afterEach(() => s.close());

  const group = (from: TestPerson, recipients: readonly TestPerson[] = [], channelId: string | null = team.channelId) =>
    s.request<Call>(from, 'POST', '/api/calls', {
      teamId: team.id,
      channelId,
      callType: 'group_audio',
      recipientIds: recipients.map(({ id }) => id),
    });
  const started = async (...args: Parameters<typeof group>) => {
    const answer = await group(...args);
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const codeOf = async (asked: Promise<{ status: number; body: unknown; headers: Headers }>) => {
    const answer = await asked;
    return answer.status < 300 ? answer.status : s.code(answer);
  };
  const statesOf = ({ participants }: Call) => participants.map(({ displayName, state }) => `${displayName} ${state}`);
  const ringsFor = (who: TestPerson, callId: string) =>
    s.heard.flatMap((m) => (m.t === 'ring' && m.userId === who.id && m.ring.callId === callId ? [m.ring] : []));

  describe('P44 the credentials of the media server', () => {
    const accept = (callId: string) => ({ t: 'command', id: randomUUID(), name: 'accept', callId, body: {} }) as const;

    it('come before the answer to a command that gives a seat', async () => {
      const a = (await s.join(ada)).socket;
      const g = (await s.join(grace)).socket;
      const body = { teamId: team.id, channelId: team.channelId, callType: 'group_audio', recipientIds: [] };
      a.say({ t: 'command', id: randomUUID(), name: 'create', body });
      const { view } = await a.next('ack');
      const { id: callId, roomName } = view.call;
      expect(a.of('media')).toMatchObject([
        { callId, epoch: 1, credentials: { engine: 'livekit', roomName, url: 'ws://localhost:3000/livekit' } },
      ]);
      g.say(accept(callId));
      await g.next('ack');
      const [media] = g.of('media');
      expect(media?.credentials.token).toContain(grace.deviceId);
      const order = g.received.map(({ t }) => t).filter((t) => t === 'media' || t === 'ack');
      expect(order).toEqual(['media', 'ack']);
      // A report gives no seat.
      g.say({ t: 'command', id: randomUUID(), name: 'media-connected', callId, body: {} });
      await g.next('ack');
      expect(g.of('media')).toHaveLength(1);
      expect(a.of('media')).toHaveLength(1);
    });

    it('stay away where there is no media server to be reached: the answer comes all the same', async () => {
      const call = await started(ada);
      const g = (await s.join(grace)).socket;
      media.away = true;
      g.say(accept(call.id));
      expect((await g.next('ack')).status).toBe(200);
      expect(g.of('media')).toEqual([]);
    });
  });

  describe('a group in a channel', () => {
    it('that rings nobody runs from its beginning, and members come in and go; the last one ends it', async () => {
      const call = await started(ada);
      expect(call).toMatchObject({ status: 'connected', mediaEngine: 'livekit', mediaEpoch: 1, locked: false });
      expect(call.connectedAt).not.toBeNull();
      expect((await s.command(grace, call.id, 'accept')).status).toBe(200);
      const both = (await s.command(grace, call.id, 'media-connected')).body;
      expect(statesOf(both)).toEqual(['Ada connecting', 'Grace joined']);
      const alone = (await s.command(ada, call.id, 'leave')).body;
      expect([alone.status, statesOf(alone)]).toEqual(['connected', ['Ada left', 'Grace joined']]);
      expect(alone.participants[1]?.role).toBe('host');
      expect((await s.command(ada, call.id, 'accept')).body.participants[0]?.state).toBe('connecting');
      await s.command(ada, call.id, 'leave');
      const over = (await s.command(grace, call.id, 'leave')).body;
      expect([over.status, over.endReason]).toEqual(['ended', 'hangup']);
      await vi.waitFor(() => expect(media.asked).toContain('close'));
    });

    it('is one: whoever would begin another comes into it, also at the same moment', async () => {
      const answers = await Promise.all([ada, grace, linus, ken].map((who) => group(who)));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 201]);
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      const { body } = await s.request<Call>(ada, 'GET', `/api/calls/${answers[0]?.body.id}`);
      expect(statesOf(body).toSorted()).toEqual(['Ada', 'Grace', 'Ken', 'Linus'].map((name) => `${name} connecting`));
    });

    it('rings whom a second create names, as an invitation would, and nobody who is there', async () => {
      const call = await started(ada);
      const joined = await group(grace, [ada, linus]);
      expect([joined.status, joined.body.id]).toEqual([200, call.id]);
      expect(statesOf(joined.body)).toEqual(['Ada connecting', 'Grace connecting', 'Linus ringing']);
      expect([ringsFor(linus, call.id).length, ringsFor(ada, call.id).length]).toEqual([1, 0]);
      expect(ringsFor(linus, call.id)[0]?.caller.id).toBe(grace.id);
      const events = await s.events(ada, call.id);
      expect(events.map(({ type }) => type)).toEqual(['created', 'accepted', 'invited']);
      // Who is in it already asks further people the same way.
      expect(statesOf((await group(grace, [linus, ken])).body).at(-1)).toBe('Ken ringing');
      expect(ringsFor(linus, call.id)).toHaveLength(1);
    });

    it('that rings is the one call also for whoever began it', async () => {
      const call = await started(ada, [grace]);
      const again = await group(ada, [grace, ken]);
      expect([again.status, again.body.id]).toEqual([200, call.id]);
      expect(statesOf(again.body)).toEqual(['Ada connecting', 'Grace ringing', 'Ken ringing']);
    });

    it('is seen as it runs by whoever listens to the channel', async () => {
      const { socket } = await s.join(linus);
      const topic = `channel:${team.channelId}`;
      socket.say({ t: 'subscribe', topic });
      await socket.next('subscribed');
      expect((await socket.next('channel_call')).call).toBeNull();
      const call = await started(ada);
      expect(await socket.next('channel_call')).toMatchObject({
        call: { id: call.id, count: 1, people: [{ displayName: 'Ada' }] },
      });
      const read = await s.request<{ call: unknown }>(linus, 'GET', `/api/channels/${team.channelId}/call`);
      expect(read.body.call).toMatchObject({ id: call.id, status: 'connected' });
      await s.command(ada, call.id, 'leave');
      expect((await socket.next('channel_call')).call).toBeNull();
    });

    it('does not exist for whoever is not in the team', async () => {
      const call = await started(ada);
      expect(await codeOf(s.command(mallory, call.id, 'accept'))).toBe('not_found');
      expect(await codeOf(s.request(mallory, 'POST', `/api/calls/${call.id}/token`, {}))).toBe('not_found');
    });

    it('rings those chosen, each until their own answer, and the initiator hears that all have declined', async () => {
      const call = await started(ada, [grace, linus]);
      expect(call.status).toBe('ringing');
      expect(ringsFor(grace, call.id)).toHaveLength(1);
      const one = (await s.command(grace, call.id, 'decline')).body;
      expect([one.status, statesOf(one)]).toEqual(['ringing', ['Ada connecting', 'Grace declined', 'Linus ringing']]);
      const two = (await s.command(linus, call.id, 'decline')).body;
      expect([two.status, two.endReason]).toEqual(['rejected', 'declined']);
      expect(await s.inbox(ada)).toMatchObject([{ callId: call.id, type: 'rejected' }]);
      expect(await s.inbox(grace)).toEqual([]);
    });

    it('goes on when one accepts; who does not answer has missed it, and may come later', async () => {
      const call = await started(ada, [grace, linus]);
      await s.command(grace, call.id, 'accept');
      await s.command(grace, call.id, 'media-connected');
      const socket = (await s.join(linus)).welcome;
      expect(socket.rings.map(({ callId }) => callId)).toEqual([call.id]);
      for (const who of [ada, grace])
        await s.calls.touch({ userId: who.id, isAnonymous: false, deviceId: who.deviceId, instanceId: who.instanceId });
      await s.pass(20_000);
      for (const who of [ada, grace])
        await s.calls.touch({ userId: who.id, isAnonymous: false, deviceId: who.deviceId, instanceId: who.instanceId });
      await s.pass(11_000);
      const now = await s.get(ada, call.id);
      expect([now.status, statesOf(now)]).toEqual(['connected', ['Ada connecting', 'Grace joined', 'Linus missed']]);
      expect(await s.inbox(linus)).toMatchObject([{ callId: call.id, type: 'missed' }]);
      const missedBy = async (who: TestPerson) =>
        (await s.request<{ items: Call[] }>(who, 'GET', `/api/calls?teamId=${team.id}&only=missed`)).body.items.length;
      expect([await missedBy(linus), await missedBy(grace), await missedBy(ken)]).toEqual([1, 0, 0]);
      expect(await codeOf(s.command(linus, call.id, 'accept'))).toBe(200);
    });
  });

  describe('two who become three', () => {
    it('ring a third, at whose accept the call moves to the media server and out of its channel', async () => {
      const { id } = await s.connected(team, ada, grace);
      expect(await codeOf(s.command(ada, id, 'invite', { userIds: [mallory.id] }))).toBe('recipient_not_in_team');
      const asked = (await s.command(grace, id, 'invite', { userIds: [linus.id] })).body;
      expect([asked.callType, asked.status, statesOf(asked)[2]]).toEqual(['audio', 'connected', 'Linus ringing']);
      expect(ringsFor(linus, id)).toMatchObject([{ caller: { id: grace.id } }]);
      const three = (await s.command(linus, id, 'accept')).body;
      expect(three).toMatchObject({
        callType: 'group_audio',
        mediaEngine: 'livekit',
        mediaEpoch: 2,
        status: 'connected',
      });
      expect(three.participants.map(({ mediaEpoch }) => mediaEpoch)).toEqual([1, 1, null]);
      for (const who of [ada, grace, linus]) await s.command(who, id, 'media-connected', { epoch: 2 });
      expect((await s.get(ada, id)).participants.map(({ mediaEpoch }) => mediaEpoch)).toEqual([2, 2, 2]);
      await s.command(linus, id, 'leave');
      expect((await s.command(grace, id, 'leave')).body.status).toBe('connected');
      expect(await codeOf(s.command(grace, id, 'accept'))).toBe(200);
    });

    it('stay two while nobody has come: whoever hangs up ends it, and it rings no more', async () => {
      const { id } = await s.connected(team, ada, grace);
      await s.command(ada, id, 'invite', { userIds: [linus.id] });
      expect((await s.command(grace, id, 'leave')).body).toMatchObject({ status: 'ended', callType: 'audio' });
      expect(await s.inbox(linus)).toMatchObject([{ callId: id, type: 'missed' }]);
      expect(await codeOf(s.command(linus, id, 'accept'))).toBe('call_ended');
    });

    it('move without a third when media finds no direct path, and are still a call of two', async () => {
      const { id } = await s.connected(team, ada, grace);
      const report = (who: TestPerson) => s.command(who, id, 'media-plan', { reason: 'no_direct_path', epoch: 1 });
      expect((await report(ada)).body).toMatchObject({
        callType: 'group_audio',
        mediaEngine: 'livekit',
        mediaEpoch: 2,
      });
      expect((await report(grace)).body.mediaEpoch).toBe(2);
      expect((await s.command(grace, id, 'leave')).body.status).toBe('ended');
    });

    it('without a media server are a mesh of four, and a fifth finds no room', async () => {
      media.now = 'absent';
      const barbara = await makePerson(database.db, 'Barbara');
      await database.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [
        team.id,
        barbara.id,
      ]);
      const call = await started(ada);
      expect(call.mediaEngine).toBe('p2p');
      for (const who of [grace, linus, ken]) expect(await codeOf(s.command(who, call.id, 'accept'))).toBe(200);
      expect(await codeOf(s.command(barbara, call.id, 'accept'))).toBe('call_full');
      expect(await codeOf(s.command(ada, call.id, 'media-plan', { reason: 'no_direct_path', epoch: 1 }))).toBe(
        'sfu_unavailable',
      );
      media.now = 'ready';
      expect((await s.command(barbara, call.id, 'accept')).body).toMatchObject({
        mediaEngine: 'livekit',
        mediaEpoch: 2,
      });
    });
  });

  describe('the host', () => {
    it('mutes, locks, removes and ends; nobody else does', async () => {
      const call = await started(ada);
      for (const who of [grace, linus]) await s.command(who, call.id, 'accept');
      for (const [name, body] of [
        ['mute', { userId: linus.id }],
        ['remove', { userId: linus.id }],
        ['lock', { locked: true }],
        ['end', {}],
      ] as const) {
        expect([name, await codeOf(s.command(grace, call.id, name, body))]).toEqual([name, 'not_allowed']);
      }
      expect((await s.command(ada, call.id, 'mute', { userId: grace.id })).body.participants[1]?.isMuted).toBe(true);
      await vi.waitFor(() => expect(media.asked).toContain(`mute ${grace.id}:${grace.deviceId} microphone`));
      expect((await s.command(ada, call.id, 'lock', { locked: true })).body.locked).toBe(true);
      expect(await codeOf(s.command(ken, call.id, 'accept'))).toBe('call_locked');
      const without = (await s.command(ada, call.id, 'remove', { userId: linus.id })).body;
      expect(statesOf(without)[2]).toBe('Linus left');
      await vi.waitFor(() => expect(media.asked).toContain(`remove ${linus.id}:${linus.deviceId}`));
      await s.command(ada, call.id, 'lock', { locked: false });
      expect(await codeOf(s.command(linus, call.id, 'accept'))).toBe('removed_from_call');
      expect(await codeOf(s.request(linus, 'POST', `/api/calls/${call.id}/token`, {}))).toBe('not_found');
      expect(await codeOf(s.command(grace, call.id, 'invite', { userIds: [linus.id] }))).toBe('not_allowed');
      expect(await codeOf(s.command(ada, call.id, 'invite', { userIds: [linus.id] }))).toBe(200);
      expect(await codeOf(s.command(linus, call.id, 'accept'))).toBe(200);
      expect(
        (await s.command(ada, call.id, 'host', { userId: grace.id })).body.participants.map(({ role }) => role),
      ).toEqual(['member', 'host', 'member']);
      expect((await s.command(grace, call.id, 'end')).body).toMatchObject({
        status: 'ended',
        endReason: 'ended_by_host',
      });
    });

    it('sees hands', async () => {
      const call = await started(ada);
      await s.command(grace, call.id, 'accept');
      expect(
        (await s.command(grace, call.id, 'hand', { raised: true })).body.participants[1]?.handRaisedAt,
      ).not.toBeNull();
      expect(
        (await s.command(grace, call.id, 'hand', { raised: false })).body.participants[1]?.handRaisedAt,
      ).toBeNull();
    });
  });

  describe('the token of the media server', () => {
    it('lets who is rung join ahead without hearing anything, and who accepted have it all', async () => {
      const call = await started(ada, [grace]);
      const token = (who: TestPerson) => s.request<MediaCredentials>(who, 'POST', `/api/calls/${call.id}/token`, {});
      const ahead = await token(grace);
      expect(ahead.body).toMatchObject({
        engine: 'livekit',
        roomName: call.roomName,
        uid: `${grace.id}:${grace.deviceId}`,
      });
      expect(ahead.body.token).toContain(grace.id);
      await s.command(grace, call.id, 'accept');
      await vi.waitFor(() => expect(media.asked).toContain(`grant ${grace.id}:${grace.deviceId} all`));
      expect(await codeOf(token({ ...grace, deviceId: randomUUID() }))).toBe('other_device');
      media.now = 'starting';
      expect(await codeOf(token(grace))).toBe('sfu_unavailable');
      media.now = 'ready';
      await s.command(ada, call.id, 'end');
      expect(await codeOf(token(grace))).toBe('call_ended');
    });
  });
});
