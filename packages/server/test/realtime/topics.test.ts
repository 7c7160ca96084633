import { describe, expect, it } from 'vitest';
import { ADA, CALL, GRACE, id, MALLORY, seat, stage, TEAM, viewOf } from '../support/hub-stage.ts';

const CHANNEL = id(55);
const team = `team:${TEAM}`;
const channel = `channel:${CHANNEL}`;
const message = {
  id: id(80),
  channelId: CHANNEL,
  author: { id: ADA, displayName: 'Ada' },
  type: 'text' as const,
  call: null,
  content: 'Hello',
  createdAt: '2026-01-01T00:00:00.000Z',
};

describe('topics', () => {
  it('P20 participants hear of their calls on every device, without asking; others do not', async () => {
    const { join, fanout } = stage();
    const sockets = [await join(ADA), await join(GRACE, 1), await join(GRACE, 2)];
    const mallory = await join(MALLORY);
    fanout.publish({ t: 'call', view: viewOf(1, 'ringing', [seat(ADA)]), events: [] });
    for (const socket of sockets) expect((await socket.next('call')).view.call.id).toBe(CALL);
    expect(mallory.of('call')).toEqual([]);
  });

  it('P60 a ring goes to its device, and the inbox to the person', async () => {
    const { join, fanout } = stage();
    const one = await join(GRACE, 1);
    const two = await join(GRACE, 2);
    const ring = {
      callId: CALL,
      ringId: id(70),
      callType: 'audio' as const,
      caller: { id: ADA, displayName: 'Ada' },
      team: { id: TEAM, name: 'Acme' },
      expiresAt: '2026-01-01T00:00:30.000Z',
    };
    fanout.publish({ t: 'ring', userId: GRACE, deviceId: seat(GRACE, 2).deviceId, ring });
    expect((await two.next('ring')).ring).toEqual(ring);
    expect(one.of('ring')).toEqual([]);
    const item = {
      id: id(81),
      seq: 1,
      callId: CALL,
      type: 'missed' as const,
      createdAt: message.createdAt,
      readAt: null,
    };
    fanout.publish({ t: 'inbox', userId: GRACE, item });
    expect((await one.next('inbox')).item).toEqual(item);
    expect((await two.next('inbox')).item).toEqual(item);
  });

  it('P21 brings messages of a channel, made into text once however many listen', async () => {
    const { join, fanout } = stage();
    const ada = await join(ADA);
    const grace = await join(GRACE);
    for (const socket of [ada, grace]) {
      socket.say({ t: 'subscribe', topic: channel });
      await socket.next('subscribed');
    }
    fanout.publish({ t: 'message', message });
    expect((await ada.next('message')).message).toEqual(message);
    expect(Object.is(ada.texts.at(-1), grace.texts.at(-1))).toBe(true);
    ada.say({ t: 'unsubscribe', topic: channel });
    fanout.publish({ t: 'message', message });
    expect(ada.of('message')).toHaveLength(1);
    expect(grace.of('message')).toHaveLength(2);
  });

  it('P91 does not bring back a call that is over by a message that its end has overtaken', async () => {
    const { join, fanout } = stage();
    const ada = await join(ADA);
    ada.say({ t: 'subscribe', topic: channel });
    await ada.next('channel_call');
    const say = (version: number, status: 'connected' | 'ended') => {
      const view = viewOf(version, status, status === 'ended' ? [] : [seat(ADA)]);
      const call = { ...view.call, channelId: CHANNEL, callType: 'group_audio' as const };
      fanout.publish({ t: 'call', view: { ...view, call }, events: [] });
    };
    say(1, 'connected');
    say(3, 'ended');
    say(2, 'connected');
    expect(ada.of('channel_call').map(({ call }) => call?.version ?? null)).toEqual([null, 1, null]);
  });

  it('P80 takes an id in any case, and nothing that is no id', async () => {
    const { join } = stage();
    const ada = await join(ADA);
    ada.say({ t: 'subscribe', topic: channel.toUpperCase().replace('CHANNEL', 'channel') });
    expect((await ada.next('subscribed')).topic).toBe(channel);
    ada.say({ t: 'subscribe', topic: `call:${'-'.repeat(36)}` });
    expect((await ada.next('error')).problem.code).toBe('bad_frame');
  });

  it('P22 says nothing of what one may not read', async () => {
    const { join, fanout } = stage({ readable: (userId) => userId !== MALLORY });
    const mallory = await join(MALLORY);
    for (const topic of [channel, team, `call:${CALL}`]) {
      mallory.say({ t: 'subscribe', topic });
      const error = await mallory.next('error');
      expect([error.ref, error.problem.code]).toEqual([topic, 'unknown_topic']);
    }
    fanout.publish({ t: 'message', message });
    expect(mallory.of('message')).toEqual([]);
  });

  it('P23 takes topics away from whoever is no longer in the team', async () => {
    const gone = new Set<string>();
    const { join, fanout, members, calls } = stage({ readable: (userId) => !gone.has(userId) });
    calls.teams.set(ADA, [TEAM]).set(GRACE, [TEAM]);
    const ada = await join(ADA);
    const grace = await join(GRACE);
    for (const socket of [ada, grace]) {
      for (const topic of [team, channel]) {
        socket.say({ t: 'subscribe', topic });
        await socket.next('subscribed', (m) => m.topic === topic);
      }
    }
    gone.add(GRACE);
    members.set(TEAM, [ADA]);
    fanout.publish({ t: 'team', teamId: TEAM, changed: 'members' });
    expect((await grace.next('error')).problem.code).toBe('unknown_topic');
    expect((await grace.next('error')).problem.code).toBe('unknown_topic');
    expect((await ada.next('presence', (m) => m.kind === 'leave')).people[0]?.userId).toBe(GRACE);
    fanout.publish({ t: 'message', message });
    expect(grace.of('message')).toEqual([]);
    expect(ada.of('message')).toHaveLength(1);
  });

  it('P24 bounds the topics of a socket', async () => {
    const { join, timers } = stage();
    const ada = await join(ADA);
    for (let n = 0; n < 200; n += 1) {
      timers.advance(40);
      ada.say({ t: 'subscribe', topic: `channel:${id(2000 + n)}` });
      await ada.next('subscribed');
    }
    ada.say({ t: 'subscribe', topic: `channel:${id(2999)}` });
    expect((await ada.next('error')).problem.code).toBe('rate_limited');
  });
});

describe('presence', () => {
  it('P30 syncs, tells who comes, who is in a call and who goes; P31 forgives a reload', async () => {
    const { join, fanout, calls, timers } = stage();
    calls.teams.set(ADA, [TEAM]).set(GRACE, [TEAM]);
    const ada = await join(ADA);
    ada.say({ t: 'subscribe', topic: team });
    expect((await ada.next('presence')).people).toEqual([{ userId: ADA, state: 'online' }]);
    const grace = await join(GRACE);
    expect(await ada.next('presence')).toMatchObject({ kind: 'join', people: [{ userId: GRACE, state: 'online' }] });
    fanout.publish({ t: 'call', view: viewOf(2, 'connecting', [seat(ADA), seat(GRACE)]), events: [] });
    await ada.next('presence', (m) => m.people[0]?.userId === GRACE && m.people[0].state === 'in_call');
    fanout.publish({ t: 'call', view: viewOf(3, 'ended', []), events: [] });
    await ada.next('presence', (m) => m.people[0]?.userId === GRACE && m.people[0].state === 'online');
    grace.cut();
    const again = await join(GRACE);
    timers.advance(3_000);
    expect(ada.of('presence').some((m) => m.kind === 'leave')).toBe(false);
    again.cut();
    timers.advance(3_000);
    expect(await ada.next('presence')).toMatchObject({ kind: 'leave', people: [{ userId: GRACE }] });
  });
});

describe('commands', () => {
  it('P40 are answered under their id; P53 other errors name what they are about', async () => {
    const { join, calls } = stage();
    const ada = await join(ADA);
    calls.views.set(CALL, viewOf(1, 'ringing', [seat(ADA)]));
    ada.say({ t: 'command', id: id(500), name: 'cancel', callId: CALL, body: {} });
    expect(await ada.next('ack')).toMatchObject({ id: id(500), status: 200, view: { call: { id: CALL } } });
    expect(calls.commands[0]?.actor).toEqual({ ...seat(ADA), isAnonymous: false });
    ada.say({ t: 'command', id: id(501), name: 'accept', callId: CALL, body: { loud: true } });
    const bad = await ada.next('error');
    expect([bad.ref, bad.problem.code]).toEqual([id(501), 'bad_request']);
    ada.say({ t: 'command', id: id(502), name: 'accept', body: {} });
    expect((await ada.next('error')).problem.code).toBe('bad_request');
    ada.say({ t: 'resume', callId: id(99), after: 0 });
    const unknown = await ada.next('error');
    expect([unknown.ref, unknown.problem.code]).toEqual([id(99), 'not_found']);
  });

  it('P51 resume gives the events that lead to its view, and none that came between the two reads', async () => {
    const { join, calls } = stage();
    const ada = await join(ADA);
    calls.views.set(CALL, viewOf(3, 'connecting', [seat(ADA), seat(GRACE)]));
    const at = '2026-01-01T00:00:00.000Z';
    const event = (seq: number) => ({ seq, type: 'media_state', actorId: ADA, deviceId: null, at, data: {} });
    calls.ledger.set(CALL, [1, 2, 3, 4].map(event));
    ada.say({ t: 'resume', callId: CALL, after: 1 });
    const { view, events } = await ada.next('call');
    expect([view.call.version, events.map(({ seq }) => seq)]).toEqual([3, [2, 3]]);
  });

  it('P42 are carried out in their order', async () => {
    const { join, calls } = stage();
    const ada = await join(ADA);
    calls.views.set(CALL, viewOf(1, 'ringing', [seat(ADA)]));
    const first = Promise.withResolvers<void>();
    calls.onCommand = (command) => (command.name === 'cancel' ? first.promise : Promise.resolve());
    ada.say({ t: 'command', id: id(500), name: 'cancel', callId: CALL, body: {} });
    ada.say({ t: 'command', id: id(501), name: 'leave', callId: CALL, body: {} });
    expect(calls.commands.map((c) => c.command.name)).toEqual(['cancel']);
    first.resolve();
    await ada.next('ack', (m) => m.id === id(501));
    expect(ada.of('ack').map((m) => m.id)).toEqual([id(500), id(501)]);
  });

  it('a bug tells the client nothing but that there was one', async () => {
    const { join, calls, logged } = stage();
    const ada = await join(ADA);
    calls.onCommand = () => Promise.reject(new Error('secret detail'));
    ada.say({ t: 'command', id: id(500), name: 'cancel', callId: CALL, body: {} });
    const error = await ada.next('error');
    expect(error.problem.code).toBe('internal');
    expect(JSON.stringify(error)).not.toContain('secret');
    expect(logged).toEqual(['A socket message failed']);
  });
});
