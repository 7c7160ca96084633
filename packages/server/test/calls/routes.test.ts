import { createHmac, randomUUID } from 'node:crypto';
import { type EndedCall, summaryHeading } from '@parley/domain';
import { CALL_COMMAND_NAMES, type Call, IceConfiguration, MediaCredentials } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyOf } from '../support/bodies.ts';
import { openStage, type Stage } from '../support/call-stage.ts';
import { oneDatabase, type TestDatabase } from '../support/databases.ts';

oneDatabase((_, open) => {
  let database: TestDatabase;
  let s: Stage;

  beforeAll(async () => {
    database = await open();
    s = openStage(database.db);
  });
  afterAll(async () => {
    await s.close();
    await database.close();
  });

  const ROUTES: [string, string][] = [
    ['GET', ''],
    ['GET', '/events'],
    ['POST', '/token'],
    ...CALL_COMMAND_NAMES.map((name): [string, string] => ['POST', `/${name}`]),
  ];

  describe.each(ROUTES)('%s /api/calls/:id%s', (method, suffix) => {
    const ask = (who: Parameters<Stage['request']>[0], id: string, headers = {}) =>
      s.request(
        who,
        method,
        `/api/calls/${id}${suffix}`,
        method === 'GET' ? undefined : bodyOf(suffix.slice(1)),
        headers,
      );

    it('does not exist for outsiders, before or after its end', async () => {
      const { team, ada, grace, mallory } = await s.people();
      const third = (await s.people()).ada;
      await database.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [team.id, third.id]);
      const { body } = await s.create(team, ada, grace);
      const unknown = await ask(ada, randomUUID());
      for (const who of [mallory, third]) {
        const answer = await ask(who, body.id);
        expect([answer.status, s.code(answer)]).toEqual([404, 'not_found']);
        // Not to be told from a call that is not there.
        expect(answer.body).toEqual(unknown.body);
      }
      await s.command(ada, body.id, 'cancel');
      expect((await ask(mallory, body.id)).status).toBe(404);
      expect((await s.events(ada, body.id)).map((e) => e.type)).toEqual(['created', 'cancelled']);
    });

    it('refuses a malformed id and a missing token', async () => {
      const { ada } = await s.people();
      const malformed = await ask(ada, 'not-an-id');
      expect([malformed.status, s.code(malformed)]).toEqual([400, 'bad_id']);
      const nobody = await ask(null, randomUUID());
      expect([nobody.status, s.code(nobody)]).toEqual([401, 'unauthenticated']);
    });
  });

  describe('headers of commands', () => {
    it.each(CALL_COMMAND_NAMES)('%s needs a key', async (name) => {
      const { ada } = await s.people();
      const answer = await s.command(ada, randomUUID(), name, bodyOf(name), { 'idempotency-key': null });
      expect([answer.status, s.code(answer)]).toEqual([400, 'idempotency_key_required']);
    });

    it.each(['accept', 'media-connected', 'media-state', 'token'])('%s needs a device', async (name) => {
      const { ada } = await s.people();
      const answer = await s.command(ada, randomUUID(), name, bodyOf(name), { 'x-device-id': null });
      expect([answer.status, s.code(answer)]).toEqual([400, 'device_required']);
    });

    it('decline, cancel, leave and end need none', async () => {
      const { team, ada, grace } = await s.people();
      const { body } = await s.create(team, ada, grace);
      const none = { 'x-device-id': null, 'x-instance-id': null };
      expect((await s.command(grace, body.id, 'decline', {}, none)).status).toBe(200);
      const next = (await s.create(team, ada, grace)).body;
      expect((await s.command(ada, next.id, 'cancel', {}, none)).status).toBe(200);
      for (const name of ['leave', 'end']) {
        const call = await s.connected(team, ada, grace);
        expect((await s.command(grace, call.id, name, {}, none)).body.status).toBe('ended');
      }
    });

    it('refuses fields that a command does not have', async () => {
      const { team, ada, grace } = await s.people();
      const { body } = await s.create(team, ada, grace);
      const answer = await s.command(grace, body.id, 'accept', { status: 'connected' });
      expect([answer.status, s.code(answer)]).toEqual([400, 'bad_request']);
      expect((await s.get(ada, body.id)).version).toBe(1);
    });

    it('takes a command without a body', async () => {
      const { team, ada, grace } = await s.people();
      const { body } = await s.create(team, ada, grace);
      expect((await s.command(grace, body.id, 'accept', undefined)).status).toBe(200);
    });
  });

  describe('GET /api/calls', () => {
    it('is the history of the team that one may see, newest first, page by page', async () => {
      const { team, ada, grace, mallory } = await s.people();
      const made: string[] = [];
      for (let i = 0; i < 53; i += 1) {
        const { body } = await s.create(team, ada, grace);
        await s.command(ada, body.id, 'cancel');
        s.clock.turn(1_000);
        made.unshift(body.id);
      }
      const path = `/api/calls?teamId=${team.id}`;
      const first = await s.request<{ items: Call[]; nextCursor: string }>(grace, 'GET', path);
      const second = await s.request<{ items: Call[]; nextCursor: null }>(
        grace,
        'GET',
        `${path}&cursor=${first.body.nextCursor}`,
      );
      expect([...first.body.items, ...second.body.items].map((c) => c.id)).toEqual(made);
      expect(first.body.items).toHaveLength(50);
      expect(second.body.nextCursor).toBeNull();
      expect((await s.request(mallory, 'GET', path)).status).toBe(404);
      for (const bad of ['?teamId=acme', `${`?teamId=${team.id}`}&cursor=x`, `?teamId=${team.id}&all=1`]) {
        const answer = await s.request(grace, 'GET', `/api/calls${bad}`);
        expect([answer.status, s.code(answer)]).toEqual([400, 'bad_request']);
      }
    });

    it('without a team is the history of all of them, and an empty cursor is none', async () => {
      const { team, ada, grace, mallory } = await s.people();
      const { body } = await s.create(team, ada, grace);
      for (const query of ['', '?cursor=', `?teamId=${team.id}&cursor=`]) {
        const answer = await s.request<{ items: Call[] }>(grace, 'GET', `/api/calls${query}`);
        expect([answer.status, answer.body.items.map((c) => c.id)]).toEqual([200, [body.id]]);
      }
      expect((await s.request(mallory, 'GET', '/api/calls')).body).toEqual({ items: [], nextCursor: null });
    });

    it("does not show two people's calls to the rest of the team", async () => {
      const { team, ada, grace } = await s.people();
      const third = (await s.people()).ada;
      await database.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [team.id, third.id]);
      await s.create(team, ada, grace);
      const answer = await s.request<{ items: Call[] }>(third, 'GET', `/api/calls?teamId=${team.id}`);
      expect(answer.body).toEqual({ items: [], nextCursor: null });
    });
  });

  it('GET /api/calls/:id/events gives those after a number', async () => {
    const { team, ada, grace } = await s.people();
    const call = await s.connected(team, ada, grace);
    const answer = await s.request<{ items: { seq: number; deviceId: string | null }[] }>(
      ada,
      'GET',
      `/api/calls/${call.id}/events?after=2`,
    );
    expect(answer.body.items.map((e) => e.seq)).toEqual([3, 4]);
    expect(answer.body.items[0]?.deviceId).toBe(ada.deviceId);
  });

  describe('POST /api/calls/:id/token', () => {
    it('gives what two people need to talk, relays with credentials that run out', async () => {
      const { team, ada, grace } = await s.people();
      const { body } = await s.create(team, ada, grace);
      const answer = await s.request(grace, 'POST', `/api/calls/${body.id}/token`);
      const credentials = MediaCredentials.parse(answer.body);
      expect(credentials).toMatchObject({
        engine: 'p2p',
        url: null,
        token: null,
        roomName: body.roomName,
        uid: grace.id,
      });
      const [stun, turn] = credentials.iceServers;
      expect(stun).toEqual({ urls: ['stun:stun.example.test:3478'] });
      const expiry = Math.floor(Date.parse(credentials.expiresAt) / 1000);
      expect(turn?.username).toBe(`${expiry}:${grace.id}`);
      // As a relay with this shared secret reckons it.
      const expected = createHmac('sha1', 'a shared secret').update(String(turn?.username)).digest('base64');
      expect(turn?.credential).toBe(expected);
      const [row] = await database.db.once<{ at: Date }>(
        'select token_expires_at as at from public.call_sessions where id = $1',
        [body.id],
      );
      expect(row?.at.toISOString()).toBe(credentials.expiresAt);
    });

    it('tells the device of somebody who hides their address to use relays alone, and nobody else’s', async () => {
      const { team, ada, grace } = await s.people();
      const { body } = await s.create(team, ada, grace);
      const relayOnly = async (who: typeof ada) =>
        MediaCredentials.parse((await s.request(who, 'POST', `/api/calls/${body.id}/token`)).body).relayOnly;
      expect(await relayOnly(ada)).toBe(false);
      for (const [choice, expected] of [
        ['always', true],
        // Who calls has nothing to wait for.
        ['until_answer', false],
        ['never', false],
      ] as const) {
        const answer = await s.request(ada, 'PATCH', '/api/me/settings', { hideAddress: choice });
        expect(answer.body).toMatchObject({ hideAddress: choice, relayAvailable: true });
        expect([await relayOnly(ada), await relayOnly(grace)]).toEqual([expected, false]);
      }
    });

    it('gives a member of a team what a call would need, for minutes, and hides whom it would hide', async () => {
      const { ada } = await s.people();
      const ask = async () => {
        const { status, body } = await s.request(ada, 'GET', '/api/me/ice-servers');
        expect(status).toBe(200);
        return IceConfiguration.parse(body);
      };
      const { iceServers, relayOnly, expiresAt } = await ask();
      expect(relayOnly).toBe(false);
      const turn = iceServers.find(({ username }) => username !== undefined);
      expect(turn?.username).toBe(`${Math.floor(Date.parse(expiresAt) / 1000)}:${ada.id}`);
      // By the clock of the stage, which other tests have turned.
      const left = Date.parse(expiresAt) - s.clock.now() - s.clock.skewMs();
      expect(left).toBeGreaterThan(60_000);
      expect(left).toBeLessThanOrEqual(301_000);
      for (const [choice, expected] of [
        ['always', true],
        ['until_answer', false],
      ] as const) {
        await s.request(ada, 'PATCH', '/api/me/settings', { hideAddress: choice });
        expect((await ask()).relayOnly).toBe(expected);
      }
    });

    it('hides the address of who is called until they answer, where they want that', async () => {
      const { team, ada, grace } = await s.people();
      const { body } = await s.create(team, ada, grace);
      await s.request(grace, 'PATCH', '/api/me/settings', { hideAddress: 'until_answer' });
      const relayOnly = async () =>
        MediaCredentials.parse((await s.request(grace, 'POST', `/api/calls/${body.id}/token`)).body).relayOnly;
      expect(await relayOnly()).toBe(true);
      await s.request(grace, 'POST', `/api/calls/${body.id}/accept`, {});
      expect(await relayOnly()).toBe(false);
    });

    it('hides it before the answer for whoever hides it always, where there is no relay either', async () => {
      const bare = openStage(database.db, { settings: { turn: null } });
      const { team, ada, grace } = await bare.people();
      const { body } = await bare.create(team, ada, grace);
      await database.db.once(
        "insert into public.call_preferences (user_id, hide_address) values ($1, 'always'), ($2, 'always')",
        [ada.id, grace.id],
      );
      const relayOnly = async (who: typeof ada) =>
        MediaCredentials.parse((await bare.request(who, 'POST', `/api/calls/${body.id}/token`)).body).relayOnly;
      expect([await relayOnly(ada), await relayOnly(grace)]).toEqual([false, true]);
      await bare.request(grace, 'POST', `/api/calls/${body.id}/accept`, {});
      expect([await relayOnly(ada), await relayOnly(grace)]).toEqual([false, false]);
    });

    it('is refused to the rest of the team and to strangers: for them there is no such call', async () => {
      const { team, ada, grace, mallory } = await s.people();
      const colleague = (await s.people()).ada;
      await database.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [
        team.id,
        colleague.id,
      ]);
      const call = await s.connected(team, ada, grace);
      for (const person of [mallory, colleague]) {
        const answer = await s.request(person, 'POST', `/api/calls/${call.id}/token`);
        expect([answer.status, s.code(answer)]).toEqual([404, 'not_found']);
        expect(JSON.stringify(answer.body)).not.toContain('turn:');
      }
    });

    it('lasts an hour, and each one counts from when it was asked for', async () => {
      const { team, ada, grace } = await s.people();
      const { body } = await s.create(team, ada, grace);
      const ask = async () => {
        const answer = await s.request(ada, 'POST', `/api/calls/${body.id}/token`);
        const { expiresAt, iceServers } = MediaCredentials.parse(answer.body);
        expect(iceServers[1]?.username).toBe(`${Math.floor(Date.parse(expiresAt) / 1000)}:${ada.id}`);
        return Date.parse(expiresAt);
      };
      const first = await ask();
      expect(first - (s.clock.now() + s.clock.skewMs())).toBeGreaterThan(3_500_000);
      expect(first - (s.clock.now() + s.clock.skewMs())).toBeLessThanOrEqual(3_600_000);
      s.clock.turn(10_000);
      expect(await ask()).toBeGreaterThan(first + 9_000);
    });

    it('is refused once the call has ended', async () => {
      const { team, ada, grace } = await s.people();
      const { body } = await s.create(team, ada, grace);
      await s.command(grace, body.id, 'decline');
      const answer = await s.request(ada, 'POST', `/api/calls/${body.id}/token`);
      expect([answer.status, s.code(answer)]).toEqual([409, 'call_ended']);
    });
  });

  it('GET /api/notifications and /read are the inbox of oneself alone', async () => {
    const { team, ada, grace } = await s.people();
    for (let i = 0; i < 3; i += 1) await s.command(ada, (await s.create(team, ada, grace)).body.id, 'cancel');
    type Inbox = { items: { id: string; seq: number; readAt: string | null }[]; nextCursor: null };
    const inbox = async () => (await s.request<Inbox>(grace, 'GET', '/api/notifications')).body.items;
    expect((await inbox()).map((n) => n.seq)).toEqual([3, 2, 1]);
    const ids = (await inbox()).slice(0, 2).map((n) => n.id);
    expect((await s.request(ada, 'POST', '/api/notifications/read', { ids })).status).toBe(204);
    expect((await inbox()).every((n) => n.readAt === null)).toBe(true);
    expect((await s.request(grace, 'POST', '/api/notifications/read', { ids })).status).toBe(204);
    expect((await inbox()).map((n) => n.readAt === null)).toEqual([false, false, true]);
    const told = () => s.heard.filter((m) => m.t === 'inbox' && m.userId === grace.id && m.item.readAt !== null);
    expect(
      told()
        .map((m) => m.t === 'inbox' && m.item.id)
        .sort(),
    ).toEqual([...ids].sort());
    expect((await s.request(grace, 'POST', '/api/notifications/read', { ids })).status).toBe(204);
    expect(told()).toHaveLength(2);
    const bad = await s.request(grace, 'POST', '/api/notifications/read', { ids: ['x'] });
    expect(s.code(bad)).toBe('bad_request');
  });

  describe('GET /api/calls?only=', () => {
    it('is missed for what the outcome table calls missed, and by who called', async () => {
      const { team, ada, grace } = await s.people();
      const linus = (await s.people()).ada;
      await database.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [team.id, linus.id]);
      const call = async (from: typeof ada, to: typeof ada) => (await s.create(team, from, to)).body.id;
      const ends: ((id: string, from: typeof ada, to: typeof ada) => Promise<unknown>)[] = [
        (id, from) => s.command(from, id, 'cancel'),
        (id, _, to) => s.command(to, id, 'decline'),
        (id) => {
          s.clock.turn(s.settings.ringTimeoutMs + 1);
          return s.calls.settle([id]);
        },
        async (id, from, to) => {
          await s.command(to, id, 'accept');
          await s.command(from, id, 'leave', { reason: 'hangup' });
        },
      ];
      for (const end of ends) {
        await end(await call(ada, grace), ada, grace);
        await end(await call(grace, ada), grace, ada);
      }
      // Grace calls somebody, and is busy for Ada, since somebody waits already.
      const ken = (await s.people()).ada;
      await database.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [team.id, ken.id]);
      const meanwhile = await call(grace, linus);
      const waiting = await call(ken, grace);
      await call(ada, grace);
      await s.command(ken, waiting, 'cancel');
      await s.command(grace, meanwhile, 'cancel');

      type Calls = { items: Call[]; nextCursor: string | null };
      const list = async (query: string) => (await s.request<Calls>(grace, 'GET', `/api/calls?${query}`)).body.items;
      const all = await list(`teamId=${team.id}`);
      expect(all).toHaveLength(11);
      const isMissed = ({ status, endReason, initiatorId, participants }: Call) =>
        summaryHeading({ status, endReason, initiatorId, participants } as EndedCall, grace.id) === 'call_missed';
      const ids = (calls: readonly Call[]) => calls.map(({ id }) => id);
      expect(ids(await list('only=missed'))).toEqual(ids(all.filter(isMissed)));
      expect(all.filter(isMissed)).toHaveLength(4);
      expect(ids(await list('only=incoming'))).toEqual(ids(all.filter((c) => c.initiatorId !== grace.id)));
      expect(ids(await list(`only=outgoing&teamId=${team.id}`))).toEqual(
        ids(all.filter((c) => c.initiatorId === grace.id)),
      );
      const isWith = (id: string) => (c: Call) => c.participants.some(({ userId }) => userId === id);
      for (const other of [ada, ken, linus]) {
        expect(ids(await list(`with=${other.id}`))).toEqual(ids(all.filter(isWith(other.id))));
      }
      expect(ids(await list(`with=${ada.id}&only=missed`))).toEqual(
        ids(all.filter((c) => isWith(ada.id)(c) && isMissed(c))),
      );
      expect(await list(`with=${grace.id}`)).toEqual([]);
    });

    it('refuses a filter that there is not', async () => {
      const { ada } = await s.people();
      expect((await s.request(ada, 'GET', '/api/calls?only=silly')).status).toBe(400);
    });
  });
});
