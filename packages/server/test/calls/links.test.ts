import { randomUUID } from 'node:crypto';
import type { Call, CallLink, CallLinkPreview, CallMessage, Knock, KnockAnswer, Message } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRateLimits } from '../../src/node/rate-limits.ts';
import { unlimitedAccounts } from '../../src/ports/rate-limits.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';
import { FakeMediaServer } from '../support/fake-media-server.ts';
import { makePerson, makeTeam, type TestPerson, type TestTeam } from '../support/people.ts';

oneDatabase((_, open) => {
  let database: TestDatabase;
  let s: Stage;
  let team: TestTeam;
  let ada: TestPerson;
  let grace: TestPerson;
  let linus: TestPerson;
  let mallory: TestPerson;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    s = openStage(database.db, { media: new FakeMediaServer() });
    [ada, grace, linus, mallory] = (await Promise.all(
      ['Ada', 'Grace', 'Linus', 'Mallory'].map((name) => makePerson(database.db, name)),
    )) as [TestPerson, TestPerson, TestPerson, TestPerson];
    team = await makeTeam(database.db, [ada, grace, linus]);
    await makeTeam(database.db, [mallory], 'Elsewhere');
  });
  afterEach(() => s.close());

  const link = async (who: TestPerson, body: unknown = {}) =>
    (await s.request<CallLink>(who, 'POST', `/api/teams/${team.id}/call-links`, body)).body;
  const preview = (token: string, who: TestPerson | null = null) =>
    s.request<CallLinkPreview>(who, 'GET', `/api/call-links/${token}`);
  const knock = (token: string, who: TestPerson | null = null, body: unknown = {}) =>
    s.request<KnockAnswer>(who, 'POST', `/api/call-links/${token}/knock`, body);
  const admit = (who: TestPerson, token: string, knockId: string | null, yes = true) =>
    s.request<{ items: Knock[] }>(who, 'POST', `/api/call-links/${token}/admit`, { knockId, admit: yes });
  const guestOf = ({ session }: KnockAnswer): TestPerson => ({
    id: session?.user.id ?? '',
    displayName: session?.user.displayName ?? '',
    deviceId: randomUUID(),
    instanceId: randomUUID(),
    token: session?.accessToken ?? '',
  });

  describe('a link', () => {
    it('says where it leads, without a token and with one, and nothing to whoever guesses', async () => {
      const { token, url } = await link(ada);
      expect(url).toBe(`http://localhost:3000/join/${token}`);
      const seen = (await preview(token)).body;
      expect(seen).toMatchObject({ teamName: 'Acme', madeBy: 'Ada', isLive: false, count: 0, isMember: false });
      expect((await preview(token, grace)).body.isMember).toBe(true);
      expect((await preview(token, mallory)).body.isMember).toBe(false);
      expect((await preview('guessed')).status).toBe(404);
      expect((await knock('guessed', null, { displayName: 'Eve' })).status).toBe(404);
      expect((await s.request(mallory, 'POST', `/api/teams/${team.id}/call-links`, {})).status).toBe(404);
    });

    it('expires, and can be revoked by its maker', async () => {
      const short = await link(ada, { expiresInSeconds: 60 });
      s.clock.turn(61_000);
      for (const answer of [await preview(short.token), await knock(short.token, grace)]) {
        expect([answer.status, s.code(answer)]).toEqual([410, 'link_expired']);
      }
      const { token, id } = await link(ada);
      expect((await s.request(grace, 'DELETE', `/api/call-links/${id}`)).status).toBe(404);
      expect((await s.request(ada, 'DELETE', `/api/call-links/${id}`)).status).toBe(204);
      for (const answer of [await preview(token), await knock(token, null, { displayName: 'Eve' })]) {
        expect([answer.status, s.code(answer)]).toEqual([410, 'link_revoked']);
      }
    });

    it('leads to one call, however many members open it at once', async () => {
      const { token } = await link(ada);
      const people = [ada, grace, linus, s.otherDevice(grace), s.otherDevice(linus)];
      const answers = await Promise.all(people.map((who) => knock(token, who)));
      expect(answers.map(({ body }) => body.status)).toEqual(people.map(() => 'admitted'));
      expect(new Set(answers.map(({ body }) => body.callId)).size).toBe(1);
      const [row] = await database.db.once<{ calls: number }>(
        'select count(*)::int as calls from public.call_sessions where team_id = $1',
        [team.id],
      );
      expect(row?.calls).toBe(1);
      // Whoever did not begin it was let in, and comes in by an accept.
      const call = (await preview(token, ada)).body;
      expect(call).toMatchObject({ isLive: true, count: 1 });
      for (const who of [ada, grace, linus]) {
        expect([200, 409]).toContain((await s.command(who, answers[0]?.body.callId ?? '', 'accept')).status);
      }
      expect((await preview(token, ada)).body.count).toBe(3);
    });

    it('that was made in a call ends with it', async () => {
      const { callId } = (await knock((await link(ada)).token, ada)).body;
      const { token, id } = await link(ada, { callId });
      const waiting = (await knock(token, null, { displayName: 'Eve' })).body;
      expect(waiting).toMatchObject({ status: 'waiting', callId });
      await s.command(ada, callId ?? '', 'end');
      for (const answer of [await preview(token), await knock(token, grace), await knock(token, guestOf(waiting))]) {
        expect([answer.status, s.code(answer)]).toEqual([409, 'call_ended']);
      }
      expect((await admit(ada, id, waiting.knockId)).status).toBe(404);
    });

    it('of a channel, or of nobody yet, goes on after a call', async () => {
      for (const body of [{ channelId: team.channelId }, {}]) {
        const { token } = await link(ada, body);
        const first = (await knock(token, ada)).body.callId;
        await s.command(ada, first ?? '', 'end');
        expect((await preview(token)).body.isLive).toBe(false);
        const next = (await knock(token, grace)).body;
        expect(next.status).toBe('admitted');
        expect(next.callId).not.toBe(first);
        await s.command(grace, next.callId ?? '', 'end');
      }
    });

    it('into a channel is posted there, and leads to the call of the channel', async () => {
      const { token, url } = await link(ada, { channelId: team.channelId });
      const { body } = await s.request<{ items: Message[] }>(grace, 'GET', `/api/channels/${team.channelId}/messages`);
      expect(body.items[0]).toMatchObject({ type: 'call_invite', content: url, author: { id: ada.id } });
      const begun = (await knock(token, grace)).body;
      expect(begun).toMatchObject({ status: 'admitted', session: null });
      const call = await s.get(linus, begun.callId ?? '');
      expect(call).toMatchObject({ channelId: team.channelId, status: 'connected', callType: 'group_video' });
      expect((await knock(token, linus)).body.callId).toBe(call.id);
      expect((await s.command(linus, call.id, 'accept')).status).toBe(200);
    });
  });

  describe('whoever comes by a link', () => {
    it('as a member goes in directly, also outside of channels', async () => {
      const { token } = await link(ada);
      const { callId } = (await knock(token, ada)).body;
      const id = callId ?? '';
      expect((await s.command(grace, id, 'accept')).status).toBe(404);
      expect((await knock(token, grace)).body).toMatchObject({ status: 'admitted', callId: id });
      const { body } = await s.command(grace, id, 'accept');
      expect(body.participants.map(({ role }) => role)).toEqual(['host', 'member']);
    });

    it('as a guest waits until somebody inside lets them in, and sees that call alone', async () => {
      const { token, id: linkId } = await link(ada);
      const { callId } = (await knock(token, ada)).body;
      const id = callId ?? '';
      const { socket } = await s.join(ada);
      expect((await knock(token, null, {})).status).toBe(400);
      const waiting = (await knock(token, null, { displayName: 'Eve' })).body;
      expect(waiting).toMatchObject({ status: 'waiting', callId: id, session: { user: { displayName: 'Eve' } } });
      expect(await socket.next('knocks')).toMatchObject({ callId: id, knocks: [{ displayName: 'Eve', linkId }] });
      const eve = guestOf(waiting);
      // Before anybody has let them in there is nothing for them.
      for (const [method, path] of [
        ['GET', `/api/calls/${id}`],
        ['GET', `/api/calls/${id}/messages`],
        ['GET', `/api/teams/${team.id}/members`],
        ['GET', `/api/channels/${team.channelId}/messages`],
      ] as const) {
        expect([path, (await s.request(eve, method, path)).status]).toEqual([path, 404]);
      }
      expect((await s.command(eve, id, 'accept')).status).toBe(404);
      expect((await s.request(eve, 'POST', `/api/calls/${id}/token`, {})).status).toBe(404);
      // Asked again, it is the same knock.
      expect((await knock(token, eve, {})).body).toMatchObject({ status: 'waiting', knockId: waiting.knockId });
      // Somebody who comes later sees who waits.
      await knock(token, grace);
      await s.command(grace, id, 'accept');
      const seen = await s.request<{ items: Knock[] }>(grace, 'GET', `/api/calls/${id}/knocks`);
      expect(seen.body.items).toMatchObject([{ id: waiting.knockId }]);

      const theirs = (await s.join(eve)).socket;
      expect((await admit(mallory, token, waiting.knockId)).status).toBe(404);
      expect((await admit(grace, linkId, waiting.knockId)).body.items).toEqual([]);
      expect(await theirs.next('knock')).toMatchObject({ status: 'admitted', callId: id });
      const call = (await s.command(eve, id, 'accept')).body;
      expect(call.participants.map(({ displayName, role }) => [displayName, role])).toEqual([
        ['Ada', 'host'],
        ['Grace', 'member'],
        ['Eve', 'guest'],
      ]);
      expect((await s.request(eve, 'GET', `/api/calls/${id}/knocks`)).status).toBe(404);
      expect((await s.command(eve, id, 'invite', { userIds: [linus.id] })).status).toBe(403);
      expect((await s.request(eve, 'POST', `/api/teams/${team.id}/call-links`, {})).status).toBe(404);
      // Removed, they hear of it, and the door is shut.
      await s.command(ada, id, 'remove', { userId: eve.id });
      const out = await theirs.next('call', ({ view }) => view.call.participants[2]?.state === 'left');
      expect(out.view.call.id).toBe(id);
      expect((await s.command(eve, id, 'accept')).status).toBe(404);
      expect((await s.request(eve, 'GET', `/api/calls/${id}`)).status).toBe(404);
    });

    it('as a guest who is not let in stays out; a second answer changes nothing', async () => {
      const { token } = await link(ada);
      const { callId } = (await knock(token, ada)).body;
      const waiting = (await knock(token, null, { displayName: 'Eve' })).body;
      await admit(ada, token, waiting.knockId, false);
      await admit(ada, token, waiting.knockId, true);
      expect((await s.command(guestOf(waiting), callId ?? '', 'accept')).status).toBe(404);
      expect((await s.get(ada, callId ?? '')).participants).toHaveLength(1);
    });

    it('as a guest before the call waits for it to begin', async () => {
      const { token } = await link(ada);
      const waiting = (await knock(token, null, { displayName: 'Eve' })).body;
      expect(waiting.callId).toBeNull();
      const { callId } = (await knock(token, grace)).body;
      expect(
        (await s.request<{ items: Knock[] }>(grace, 'GET', `/api/calls/${callId}/knocks`)).body.items,
      ).toHaveLength(1);
      expect((await admit(grace, token, waiting.knockId)).status).toBe(200);
      expect((await s.command(guestOf(waiting), callId ?? '', 'accept')).status).toBe(200);
    });

    it('as a guest is gone when their time is over: without a trace, or under their name in the history', async () => {
      const { token } = await link(ada);
      const { callId } = (await knock(token, ada)).body;
      const [never, once] = [
        (await knock(token, null, { displayName: 'Eve' })).body,
        (await knock(token, null, { displayName: 'Una' })).body,
      ];
      await admit(ada, token, once.knockId);
      await s.command(guestOf(once), callId ?? '', 'accept');
      await s.command(ada, callId ?? '', 'end');
      expect(await s.calls.tidy()).toBe(0);
      s.clock.turn(7 * 3_600_000);
      expect(await s.calls.tidy()).toBeGreaterThanOrEqual(2);
      const rows = await database.db.once<{ id: string; deleted_at: Date | null }>(
        'select id, deleted_at from auth.users where id = any ($1::uuid[])',
        [[guestOf(never).id, guestOf(once).id]],
      );
      expect(rows).toMatchObject([{ id: guestOf(once).id, deleted_at: expect.any(Date) }]);
    });
  });

  describe('a knock', () => {
    const told = () => s.heard.filter(({ t }) => t === 'knocks').length;
    const waitingIn = async (callId: string | null) =>
      (await s.request<{ items: Knock[] }>(ada, 'GET', `/api/calls/${callId}/knocks`)).body.items;

    it('lasts while its page says so, which nobody else hears', async () => {
      const { token } = await link(ada);
      const { callId } = (await knock(token, ada)).body;
      const waiting = (await knock(token, null, { displayName: 'Eve' })).body;
      const before = told();
      for (let i = 0; i < 8; i += 1) {
        s.clock.turn(30_000);
        expect((await knock(token, guestOf(waiting))).body).toMatchObject({
          status: 'waiting',
          knockId: waiting.knockId,
        });
      }
      expect(told()).toBe(before);
      expect(await waitingIn(callId)).toMatchObject([{ id: waiting.knockId }]);
    });

    it('is over when nothing is heard of it any more; whoever comes back waits again', async () => {
      const { token } = await link(ada);
      const { callId } = (await knock(token, ada)).body;
      const { socket } = await s.join(ada);
      const waiting = (await knock(token, null, { displayName: 'Eve' })).body;
      await socket.next('knocks', ({ knocks }) => knocks.length === 1);
      for (let i = 0; i < 10; i += 1) {
        const { id, deviceId, instanceId } = ada;
        await s.calls.touch({ userId: id, isAnonymous: false, deviceId, instanceId });
        await s.pass(10_000);
      }
      await socket.next('knocks', ({ knocks }) => knocks.length === 0);
      expect((await admit(ada, token, waiting.knockId)).body.items).toEqual([]);
      expect((await s.command(guestOf(waiting), callId ?? '', 'accept')).status).toBe(404);
      expect((await knock(token, guestOf(waiting))).body).toMatchObject({
        status: 'waiting',
        knockId: waiting.knockId,
      });
      await socket.next('knocks', ({ knocks }) => knocks.length === 1);
    });

    it('is withdrawn by whoever leaves', async () => {
      const { token } = await link(ada);
      const { callId } = (await knock(token, ada)).body;
      const { socket } = await s.join(ada);
      const waiting = (await knock(token, null, { displayName: 'Eve' })).body;
      await socket.next('knocks', ({ knocks }) => knocks.length === 1);
      const leave = () => s.request(guestOf(waiting), 'DELETE', `/api/call-links/${token}/knock`);
      expect((await leave()).status).toBe(204);
      await socket.next('knocks', ({ knocks }) => knocks.length === 0);
      const before = told();
      expect((await leave()).status).toBe(204);
      expect(told()).toBe(before);
      expect(await waitingIn(callId)).toEqual([]);
    });

    it('of ghosts does not shut a link: fifty wait, and room comes when they are silent', async () => {
      const { token } = await link(ada);
      const eves = [];
      for (let i = 0; i < 50; i += 1) eves.push((await knock(token, null, { displayName: `Eve ${i}` })).body);
      const full = await knock(token, null, { displayName: 'Una' });
      expect([full.status, s.code(full)]).toEqual([429, 'rate_limited']);
      s.clock.turn(91_000);
      expect((await knock(token, null, { displayName: 'Una' })).body.status).toBe('waiting');
    });

    it('of somebody with an account elsewhere is counted as that of a guest; waiting on is not', async () => {
      s.close();
      const limits = createRateLimits();
      s = openStage(database.db, {
        media: new FakeMediaServer(),
        accounts: { ...limits, takeLinkTry: unlimitedAccounts.takeLinkTry },
      });
      const { token } = await link(ada);
      for (let i = 0; i < 40; i += 1) expect((await knock(token, mallory)).body.status).toBe('waiting');
      for (let i = 0; i < 19; i += 1) {
        await s.request(mallory, 'DELETE', `/api/call-links/${token}/knock`);
        const other = await link(ada);
        expect((await knock(other.token, mallory)).status).toBe(200);
      }
      const more = await knock((await link(ada)).token, mallory);
      expect([more.status, s.code(more)]).toEqual([429, 'rate_limited']);
      // Members are not counted.
      for (let i = 0; i < 25; i += 1) expect((await knock(token, grace)).status).toBe(200);
    });
  });

  describe('the chat of a call', () => {
    const write = (who: TestPerson, id: string, content: string, key: string = randomUUID()) =>
      s.request<CallMessage>(who, 'POST', `/api/calls/${id}/messages`, { content }, { 'idempotency-key': key });
    const read = (who: TestPerson, id: string) =>
      s.request<{ items: CallMessage[] }>(who, 'GET', `/api/calls/${id}/messages`);

    it('is for those who were in it, live and afterwards, and each line is there once', async () => {
      const { body } = await s.request<Call>(ada, 'POST', '/api/calls', {
        teamId: team.id,
        channelId: team.channelId,
        callType: 'group_audio',
        recipientIds: [],
      });
      await s.command(grace, body.id, 'accept');
      const { socket } = await s.join(grace);
      const key = randomUUID();
      expect((await write(ada, body.id, 'Look here', key)).status).toBe(201);
      expect((await write(ada, body.id, 'Look here', key)).status).toBe(200);
      expect((await write(ada, body.id, 'Something else', key)).status).toBe(422);
      expect(await socket.next('call_message')).toMatchObject({
        message: { content: 'Look here', author: { displayName: 'Ada' } },
      });
      expect((await read(grace, body.id)).body.items).toHaveLength(1);
      for (const who of [linus, mallory]) {
        expect((await read(who, body.id)).status).toBe(404);
        expect((await write(who, body.id, 'Hello')).status).toBe(404);
      }
      await s.command(ada, body.id, 'end');
      expect((await write(ada, body.id, 'Too late')).status).toBe(409);
      expect((await read(grace, body.id)).body.items).toMatchObject([{ content: 'Look here' }]);
    });
  });
});
