import { CLOSE, MAX_FRAME_BYTES } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { BOUNDS } from '../../src/realtime/bounds.ts';
import { ADA, CALL, GRACE, id, seat, stage, viewOf } from '../support/hub-stage.ts';

describe('hello', () => {
  it('P1 closes a socket that stays silent for 10 s', () => {
    const { connect, timers } = stage();
    const socket = connect();
    timers.advance(9_999);
    expect(socket.closed).toBeNull();
    timers.advance(1);
    expect(socket.closed?.code).toBe(CLOSE.unauthenticated);
    expect(socket.of('error')[0]?.problem.code).toBe('hello_required');
  });

  it('P1 takes nothing else first, and no second hello', async () => {
    const { connect, join, hello } = stage();
    const rude = connect();
    rude.say({ t: 'subscribe', topic: `call:${CALL}` });
    expect(rude.of('error')[0]?.problem.code).toBe('hello_required');
    expect(rude.closed?.code).toBe(CLOSE.unauthenticated);

    const ada = await join(ADA);
    ada.say(hello(ADA));
    expect((await ada.next('error')).problem.code).toBe('hello_repeated');
    expect(ada.closed).toBeNull();
  });

  it.each([
    ['a forged token', 'forged', 'token_invalid'],
    ['an expired token', `${ADA}.1`, 'token_expired'],
  ])('P2 turns away %s', async (_, token, code) => {
    const { connect, hello } = stage();
    const socket = connect();
    socket.say(hello(ADA, 1, token));
    expect((await socket.whenClosed()).code).toBe(CLOSE.unauthenticated);
    expect(socket.of('error')[0]?.problem.code).toBe(code);
  });

  it('P2 says that it does not speak another version', () => {
    const { connect, hello } = stage();
    const socket = connect();
    socket.raw(JSON.stringify({ ...hello(ADA), v: 2 }));
    expect(socket.closed?.code).toBe(CLOSE.version);
  });

  it('P3 welcomes first, and loses nothing that is published meanwhile', async () => {
    const { connect, hello, calls, fanout } = stage();
    const reading = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    calls.onSnapshot = () => {
      begun.resolve();
      return reading.promise;
    };
    const socket = connect();
    socket.say(hello(ADA));
    await begun.promise;
    fanout.publish({ t: 'call', view: viewOf(1, 'ringing', [seat(ADA)]), events: [] });
    expect(socket.received).toEqual([]);
    reading.resolve();
    await socket.next('call');
    expect(socket.received.map((m) => m.t)).toEqual(['welcome', 'call']);
  });

  it('P3 welcomes a few at a time, in their order, and does nothing for those who have given up meanwhile', async () => {
    const { connect, hello, calls } = stage();
    const reading = Promise.withResolvers<void>();
    let snapshots = 0;
    calls.onSnapshot = () => {
      snapshots += 1;
      return reading.promise;
    };
    const sockets = Array.from({ length: BOUNDS.welcomesAtOnce + 2 }, (_, n) => {
      const socket = connect();
      socket.say(hello(ADA, n % 10));
      return socket;
    });
    await expect.poll(() => snapshots).toBe(BOUNDS.welcomesAtOnce);
    const [impatient, last] = sockets.slice(-2);
    impatient?.cut();
    reading.resolve();
    await last?.next('welcome');
    expect(snapshots).toBe(BOUNDS.welcomesAtOnce + 1);
    expect(impatient?.received).toEqual([]);
  });

  it('P5 gives an instance one socket: the older one is replaced', async () => {
    const { join, hub } = stage();
    const older = await join(ADA);
    const newer = await join(ADA);
    expect(older.closed?.code).toBe(CLOSE.replaced);
    older.cut();
    expect(newer.closed).toBeNull();
    expect(hub.stats().sockets).toBe(1);
  });

  it("P5 lets nobody take another person's place by naming their instance", async () => {
    const { join, connect, hello, hub } = stage();
    const ada = await join(ADA);
    const mallory = connect();
    mallory.say({ ...hello(GRACE), deviceId: seat(ADA).deviceId, instanceId: seat(ADA).instanceId });
    await mallory.next('welcome');
    expect(ada.closed).toBeNull();
    expect(hub.stats().sockets).toBe(2);
  });

  it('P6 renews the token of the open socket, of the same person only', async () => {
    const { join, timers } = stage();
    const soon = timers.now() + 60_000;
    const ada = await join(ADA, 1, `${ADA}.${soon}`);
    ada.say({ t: 'token', token: GRACE });
    expect((await ada.next('error')).problem.code).toBe('token_invalid');
    ada.say({ t: 'token', token: `${ADA}.${soon + 60_000}` });
    expect((await ada.next('token_ok')).expiresAt).toBe(new Date(soon + 60_000).toISOString());
    const live = (beats: number) => {
      for (let n = 0; n < beats; n += 1) {
        timers.advance(10_000);
        ada.say({ t: 'pong', n: ada.of('ping').at(-1)?.n ?? 0 });
      }
    };
    live(7);
    expect(ada.closed).toBeNull();
    live(5);
    expect(ada.closed?.code).toBe(CLOSE.tokenExpired);
  });

  it('P7 bounds the sockets of one person', async () => {
    const { join, connect, hello } = stage();
    for (let n = 0; n < 32; n += 1) {
      const socket = connect();
      socket.say({ ...hello(ADA), instanceId: id(1000 + n) });
      await socket.next('welcome');
    }
    const one = connect();
    one.say(hello(ADA));
    expect((await one.whenClosed()).code).toBe(CLOSE.flood);
    expect((await join(GRACE)).closed).toBeNull();
  });
});

describe('bounds', () => {
  it('P80 answers what is no message, and closes after three in a row', async () => {
    const { join } = stage();
    const ada = await join(ADA);
    ada.raw('{');
    ada.raw(JSON.stringify({ t: 'command', id: CALL, name: 'sing', body: {} }));
    expect(ada.of('error').map((e) => [e.ref, e.problem.code])).toEqual([
      [null, 'bad_frame'],
      [CALL, 'bad_frame'],
    ]);
    ada.say({ t: 'pong', n: 0 });
    ada.raw(null);
    ada.raw(JSON.stringify({ t: 'pong', n: 1, extra: true }));
    expect(ada.closed).toBeNull();
    ada.raw('[]');
    expect(ada.closed?.code).toBe(CLOSE.badFrames);
  });

  it('P80 refuses a frame that is too large', async () => {
    const { join } = stage();
    const ada = await join(ADA);
    ada.raw('x'.repeat(10), MAX_FRAME_BYTES + 1);
    expect(ada.of('error')[0]?.problem.code).toBe('frame_too_large');
  });

  it('P81 drops what is over the rate, tells of each command, and closes a flood', async () => {
    const { join, timers } = stage();
    const ada = await join(ADA);
    for (let i = 0; i < 199; i += 1) ada.say({ t: 'pong', n: 0 });
    ada.say({ t: 'pong', n: 0 });
    ada.say({ t: 'command', id: id(900), name: 'leave', callId: CALL, body: {} });
    const told = ada.of('error');
    expect(told.map((e) => e.problem.code)).toEqual(['rate_limited', 'rate_limited']);
    expect(told[1]?.ref).toBe(id(900));
    expect(told[1]?.retryAfterMs).toBeGreaterThan(0);
    for (let i = 0; i < 400 && !ada.closed; i += 1) {
      timers.advance(10);
      ada.say({ t: 'pong', n: 0 });
    }
    expect(ada.closed?.code).toBe(CLOSE.flood);
  });

  it('P82 closes a client that reads too slowly', async () => {
    const { join, fanout } = stage();
    const ada = await join(ADA);
    ada.bufferedAmount = 1_048_576;
    fanout.publish({ t: 'call', view: viewOf(1, 'ringing', [seat(GRACE)]), events: [] });
    expect(ada.closed?.code).toBe(CLOSE.slowConsumer);
  });

  it('P83 bounds what waits for the database', async () => {
    const { join, calls } = stage();
    const ada = await join(ADA);
    calls.onCommand = () => new Promise(() => {});
    for (let i = 0; i < 102; i += 1) ada.say({ t: 'command', id: id(100 + i), name: 'leave', callId: CALL, body: {} });
    expect(ada.of('error').map((e) => e.ref)).toEqual([id(201)]);
  });
});

describe('heartbeat', () => {
  it('P10 pings every heartbeat; P11 closes a socket that does not answer for a lease', async () => {
    const { join, timers } = stage();
    const ada = await join(ADA);
    const grace = await join(GRACE);
    for (let n = 1; n <= 4; n += 1) {
      timers.advance(10_000);
      ada.say({ t: 'pong', n });
    }
    expect(ada.of('ping').map((p) => p.n)).toEqual([1, 2, 3, 4]);
    expect(ada.closed).toBeNull();
    expect(grace.closed?.code).toBe(CLOSE.heartbeat);
  });

  it('P11 does not count time in which the server stood still', async () => {
    const { join, timers } = stage();
    const ada = await join(ADA);
    timers.freeze(120_000);
    timers.advance(1);
    expect(ada.closed).toBeNull();
    timers.advance(40_000);
    expect(ada.closed?.code).toBe(CLOSE.heartbeat);
  });

  it('P12 renews all seats that answered in one go, reckoned from the answer', async () => {
    const { join, timers, calls, fanout } = stage();
    const ada = await join(ADA);
    const grace = await join(GRACE);
    timers.advance(10_000);
    ada.say({ t: 'pong', n: 1 });
    timers.advance(10_000);
    expect(calls.renewals).toEqual([]);
    fanout.publish({ t: 'call', view: viewOf(2, 'connecting', [seat(ADA), seat(GRACE)]), events: [] });
    timers.advance(4_000);
    ada.say({ t: 'pong', n: 2 });
    timers.advance(1_000);
    grace.say({ t: 'pong', n: 2 });
    timers.advance(5_000);
    expect(calls.renewals).toEqual([
      [
        { userId: ADA, instanceId: seat(ADA).instanceId, ageMs: 6_000 },
        { userId: GRACE, instanceId: seat(GRACE).instanceId, ageMs: 5_000 },
      ],
    ]);
  });

  it("P13 takes media that flows as a sign of the other side's life, from a seat of that call only", async () => {
    const { join, timers, calls, fanout } = stage();
    const ada = await join(ADA);
    fanout.publish({ t: 'call', view: viewOf(2, 'connecting', [seat(ADA), seat(GRACE)]), events: [] });
    const stranger = await join(ADA, 2);
    timers.advance(10_000);
    stranger.say({ t: 'pong', n: 1, flowing: [CALL] });
    timers.advance(10_000);
    expect(calls.renewals).toEqual([]);
    ada.say({ t: 'pong', n: 2, flowing: [CALL] });
    timers.advance(10_000);
    expect(calls.renewals.flat().map((r) => r.userId)).toEqual([ADA, GRACE]);
  });
});

describe('a change of the network', () => {
  it('P14 a ping of the client is answered at once, also while a command waits for the database', async () => {
    const { join } = stage();
    const ada = await join(ADA);
    ada.say({ t: 'resume', callId: CALL, after: 0 });
    ada.say({ t: 'ping', n: 7 });
    expect(ada.of('pong')).toEqual([{ t: 'pong', n: 7 }]);
  });

  it('P14 a welcome says where the socket comes from', async () => {
    const { connect, hello } = stage();
    const ada = connect();
    ada.address = '203.0.113.7';
    ada.say(hello(ADA));
    expect((await ada.next('welcome')).address).toBe('203.0.113.7');
  });
});
