import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/call-stage.ts';
import { eachDatabase, type TestDatabase } from '../support/databases.ts';

eachDatabase((_, open) => {
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

  it('a whole call over two sockets, as the example of SPEC.md has it', async () => {
    const { team, ada, grace } = await s.people();
    const a = (await s.join(ada)).socket;
    const g = (await s.join(grace)).socket;
    const key = randomUUID();
    const body = { teamId: team.id, channelId: null, callType: 'video', recipientIds: [grace.id] };
    a.say({ t: 'command', id: key, name: 'create', body });
    const created = await a.next('ack');
    expect([created.id, created.status]).toEqual([key, 201]);
    const callId = created.view.call.id;
    expect((await g.next('call')).events[0]?.type).toBe('created');
    const { ring } = await g.next('ring');
    expect(ring).toMatchObject({ callId, caller: { displayName: 'Ada' }, team: { name: 'Acme' }, callType: 'video' });
    expect(ring.expiresAt).toBe(created.view.ringExpiresAt);
    // A ring has to fit a push message of 4 KiB.
    expect(JSON.stringify(ring).length).toBeLessThan(1024);

    g.say({ t: 'ready', callId, ringId: ring.ringId });
    expect((await a.next('ready')).from).toEqual({
      userId: grace.id,
      deviceId: grace.deviceId,
      instanceId: grace.instanceId,
    });
    g.say({ t: 'command', id: randomUUID(), name: 'accept', callId, body: {} });
    expect((await g.next('ack')).view.seats).toHaveLength(2);
    await a.next('call', (m) => m.view.call.status === 'connecting');
    a.say({ t: 'relay', callId, to: grace.instanceId, epoch: 1, generation: 0, payload: 'offer' });
    expect(await g.next('relay')).toMatchObject({ from: { userId: ada.id }, payload: 'offer' });
    for (const socket of [a, g]) {
      socket.say({ t: 'command', id: randomUUID(), name: 'media-connected', callId, body: {} });
    }
    await a.next('call', (m) => m.view.call.status === 'connected');
    await g.next('call', (m) => m.view.call.status === 'connected');
    g.say({ t: 'command', id: randomUUID(), name: 'leave', callId, body: {} });
    const ended = await a.next('call', (m) => m.view.call.status === 'ended');
    expect(ended.view.call).toMatchObject({ endReason: 'hangup', version: 5 });
    expect(s.errors).toEqual([]);
  });

  it('P40 P41 a command is the same over the socket and over REST', async () => {
    const { team, ada, grace } = await s.people();
    const { body } = await s.create(team, ada, grace);
    const g = (await s.join(grace)).socket;
    const key = randomUUID();
    expect((await s.command(grace, body.id, 'accept', {}, { 'idempotency-key': key })).status).toBe(200);
    g.say({ t: 'command', id: key, name: 'accept', callId: body.id, body: {} });
    expect(await g.next('ack')).toMatchObject({ id: key, status: 200, view: { call: { version: 2 } } });
    g.say({ t: 'command', id: key, name: 'accept', callId: body.id, body: { audioOnly: true } });
    expect((await g.next('error')).problem.code).toBe('idempotency_key_reused');
    g.say({ t: 'command', id: randomUUID(), name: 'cancel', callId: body.id, body: {} });
    expect((await g.next('error')).problem).toMatchObject({ code: 'not_initiator', status: 403 });
  });

  it('P4 P61 a device that comes in the middle of a ring is told of it in its welcome', async () => {
    const { team, ada, grace } = await s.people();
    const { body } = await s.create(team, ada, grace);
    const { welcome } = await s.join(s.otherDevice(grace));
    expect(welcome.calls.map((v) => v.call.id)).toEqual([body.id]);
    expect(welcome.rings).toMatchObject([{ callId: body.id, caller: { id: ada.id } }]);
    expect(welcome.user.displayName).toBe('Grace');
    const known = await s.join(grace);
    expect(known.welcome.rings).toHaveLength(1);
    expect(known.welcome.rings[0]?.ringId).not.toBe(welcome.rings[0]?.ringId);
    // The caller's own device does not ring.
    expect((await s.join(ada)).welcome).toMatchObject({ rings: [], calls: [{ call: { id: body.id } }] });
  });

  it('P4 whoever was away learns what has ended, and what came into the inbox', async () => {
    const { team, ada, grace, mallory } = await s.people();
    const first = (await s.create(team, ada, grace)).body;
    await s.command(ada, first.id, 'cancel');
    const second = (await s.create(team, ada, grace)).body;
    await s.command(ada, second.id, 'cancel');
    const resume = { calls: { [second.id]: 1 }, inbox: 1 };
    const { welcome } = await s.join(grace, resume);
    expect(welcome.calls).toEqual([]);
    expect(welcome.ended).toMatchObject([{ call: { id: second.id, status: 'missed', version: 2 } }]);
    expect(welcome.inbox).toMatchObject({ seq: 2, items: [{ seq: 2, callId: second.id, type: 'missed' }] });
    expect((await s.join(mallory, resume)).welcome).toMatchObject({
      calls: [],
      ended: [],
      inbox: { seq: 0, items: [] },
    });
  });

  it('P51 resume gives the events that are missing, and nothing to outsiders', async () => {
    const { team, ada, grace, mallory } = await s.people();
    const call = await s.connected(team, ada, grace);
    const a = (await s.join(ada)).socket;
    a.say({ t: 'resume', callId: call.id, after: 2 });
    const answer = await a.next('call');
    expect(answer.events.map((e) => e.seq)).toEqual([3, 4]);
    expect(answer.view.call).toEqual(call);
    const m = (await s.join(mallory)).socket;
    m.say({ t: 'resume', callId: call.id, after: 0 });
    expect(await m.next('error')).toMatchObject({ ref: call.id, problem: { code: 'not_found' } });
  });

  it('P22 P23 topics are what row-level security lets one read, and end with the membership', async () => {
    const { team, ada, grace, mallory } = await s.people();
    const { body } = await s.create(team, ada, grace);
    const direct = randomUUID();
    const [low, high] = [ada.id, grace.id].sort();
    await database.db.once(
      `insert into public.channels (id, team_id, kind, direct_low, direct_high) values ($1, $2, 'direct', $3, $4)`,
      [direct, team.id, low, high],
    );
    const third = (await s.people()).ada;
    await database.db.once('insert into public.team_members (team_id, user_id) values ($1, $2)', [team.id, third.id]);
    const topics = [`team:${team.id}`, `channel:${team.channelId}`, `channel:${direct}`, `call:${body.id}`];
    const answers = async (who: typeof ada) => {
      const { socket } = await s.join(who);
      const seen: string[] = [];
      for (const topic of topics) {
        socket.say({ t: 'subscribe', topic });
        const answer = await socket.find((m) =>
          m.t === 'error' ? m.ref === topic : m.t === 'subscribed' && m.topic === topic,
        );
        seen.push(answer.t === 'error' ? answer.problem.code : answer.t);
      }
      return { socket, seen };
    };
    const yes = 'subscribed';
    const no = 'unknown_topic';
    expect((await answers(ada)).seen).toEqual([yes, yes, yes, yes]);
    const colleague = await answers(third);
    expect(colleague.seen).toEqual([yes, yes, no, no]);
    expect((await answers(mallory)).seen).toEqual([no, no, no, no]);

    await database.db.once('delete from public.team_members where user_id = $1 and team_id = $2', [third.id, team.id]);
    s.fanout.publish({ t: 'team', teamId: team.id, changed: 'members' });
    await colleague.socket.find((m) => m.t === 'error' && m.ref === `team:${team.id}`);
    await colleague.socket.find((m) => m.t === 'error' && m.ref === `channel:${team.channelId}`);
  });

  it("P63 ready counts from the ring's own device alone, and only while it rings", async () => {
    const { team, ada, grace } = await s.people();
    const g = (await s.join(grace)).socket;
    const g2 = (await s.join(s.otherDevice(grace))).socket;
    const a = (await s.join(ada)).socket;
    const { body } = await s.create(team, ada, grace);
    const { ring } = await g.next('ring');
    const other = await g2.next('ring');
    for (const [socket, ringId] of [
      [g, other.ring.ringId],
      [g2, ring.ringId],
      [a, ring.ringId],
      [g, randomUUID()],
    ] as const) {
      socket.say({ t: 'ready', callId: body.id, ringId });
      expect(await socket.next('error')).toMatchObject({ ref: body.id, problem: { code: 'ring_unknown' } });
    }
    await s.command(ada, body.id, 'cancel');
    await g.next('call', (m) => m.view.call.status === 'missed');
    g.say({ t: 'ready', callId: body.id, ringId: ring.ringId });
    expect((await g.next('error')).problem.code).toBe('ring_unknown');
    expect(a.of('ready')).toEqual([]);
  });

  it('P12 answers to pings keep a call alive, and their end ends it', async () => {
    const { team, ada, grace } = await s.people();
    await s.sweeper.sweep();
    const a = (await s.join(ada)).socket;
    const g = (await s.join(grace)).socket;
    const call = await s.connected(team, ada, grace);
    const beat = async (...alive: (typeof a)[]) => {
      s.timers.advance(10_000);
      for (const socket of alive) {
        const ping = await socket.next('ping');
        socket.say({ t: 'pong', n: ping.n });
      }
      await s.pass(10_000);
    };
    for (let i = 0; i < 6; i += 1) await beat(a, g);
    expect((await s.get(ada, call.id)).status).toBe('connected');
    g.cut();
    for (let i = 0; i < 5; i += 1) await beat(a);
    await a.find((m) => m.t === 'call' && m.view.call.endReason === 'dropped');
  });
});
