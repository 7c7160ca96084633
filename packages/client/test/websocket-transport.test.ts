import { CLOSE, type Hello } from '@parley/protocol';
import { ADA, ADA_AT, FakeSockets, iso, ManualClock, seededRandom, welcomeFor } from '@parley/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { fullJitter } from '../src/transport/backoff.ts';
import { WebSocketTransport } from '../src/transport/websocket-transport.ts';

let clock: ManualClock;
let sockets: FakeSockets;
let stopped: string[];
let hellos: boolean[];
let answer: () => Promise<Hello | null>;
let flowing: string[];
let transport: WebSocketTransport;

const hello: Hello = { t: 'hello', v: 1, token: 'secret-token', ...ADA_AT };

beforeEach(() => {
  clock = new ManualClock();
  sockets = new FakeSockets();
  stopped = [];
  hellos = [];
  flowing = [];
  answer = async () => hello;
  transport = new WebSocketTransport({
    url: 'ws://parley.test/api/realtime',
    connect: sockets.connect,
    clock,
    random: () => 0.999,
    hello: (fresh) => {
      hellos.push(fresh);
      return answer();
    },
    flowing: () => flowing,
    onStopped: (reason) => stopped.push(reason),
  });
});

async function goOnline(): Promise<void> {
  const before = sockets.all.length;
  transport.start();
  await clock.until(() => sockets.all.length > before, 'a connection');
  sockets.last.open();
  sockets.last.say(welcomeFor(ADA, ADA_AT));
  expect(transport.state).toBe('online');
}

describe('hello', () => {
  it('P2 carries the token, and the address does not', async () => {
    await goOnline();
    expect(sockets.last.received).toEqual([hello]);
    expect(sockets.last.url).not.toContain('secret-token');
  });

  it('is not sent while nobody is signed in, and a nudge alone changes nothing', async () => {
    answer = async () => null;
    transport.start();
    await clock.advance(60_000);
    transport.nudge();
    await clock.advance(60_000);
    expect(sockets.all).toEqual([]);
    expect(transport.state).toBe('offline');
  });

  it('is asked for again after a pause when it could not be made', async () => {
    answer = async () => Promise.reject(new Error('no network'));
    transport.start();
    await clock.advance(100);
    answer = async () => hello;
    await clock.until(() => sockets.all.length === 1, 'another attempt');
    expect(hellos.length).toBeGreaterThan(1);
  });
});

describe('heartbeat', () => {
  it('P10 answers a ping at once, with its number', async () => {
    await goOnline();
    sockets.last.say({ t: 'ping', n: 7, at: iso(0) });
    expect(sockets.last.received.at(-1)).toEqual({ t: 'pong', n: 7 });
  });

  it('P13 names the calls in which media flows', async () => {
    await goOnline();
    flowing = ['00000000-0000-4000-8000-0000000000c1'];
    sockets.last.say({ t: 'ping', n: 8, at: iso(0) });
    expect(sockets.last.received.at(-1)).toEqual({ t: 'pong', n: 8, flowing });
  });

  it('comes back when the server has been silent for longer than heartbeat and lease', async () => {
    await goOnline();
    await clock.advance(39_000);
    expect(transport.state).toBe('online');
    await clock.until(() => sockets.all.length === 2, 'a second connection');
    expect(sockets.all[0]?.closedWith).toBe(1000);
  });

  it('does not wait for ever for a welcome', async () => {
    transport.start();
    await clock.until(() => sockets.all.length === 1, 'a connection');
    sockets.last.open();
    await clock.until(() => sockets.all.length === 2, 'a second attempt');
  });

  it('drops a connection that was silent for long when a hint comes', async () => {
    await goOnline();
    await clock.advance(5_000);
    transport.nudge();
    expect(transport.state).toBe('online');
    await clock.advance(20_000);
    transport.nudge();
    await clock.until(() => sockets.all.length === 2, 'a second connection');
  });
});

describe('close codes', () => {
  it.each([
    ['unauthenticated', CLOSE.unauthenticated],
    ['replaced', CLOSE.replaced],
    ['version', CLOSE.version],
  ] as const)('%s stops it until it is started again', async (reason, code) => {
    await goOnline();
    sockets.last.break(code);
    await clock.advance(120_000);
    expect(stopped).toEqual([reason]);
    expect(sockets.all).toHaveLength(1);
    await goOnline();
  });

  it('tokenExpired asks for a new token', async () => {
    await goOnline();
    sockets.last.break(CLOSE.tokenExpired);
    await clock.until(() => sockets.all.length === 2, 'a second connection');
    expect(hellos).toEqual([false, true]);
  });

  it.each([
    ['badFrames', CLOSE.badFrames],
    ['flood', CLOSE.flood],
  ] as const)('%s waits for long before it comes back', async (_name, code) => {
    await goOnline();
    sockets.last.break(code);
    await clock.advance(14_000);
    expect(sockets.all).toHaveLength(1);
    await clock.until(() => sockets.all.length === 2, 'a second connection');
  });

  it.each([CLOSE.heartbeat, CLOSE.slowConsumer, CLOSE.goingAway, 1006])('%s comes back', async (code) => {
    await goOnline();
    sockets.last.break(code);
    await clock.until(() => sockets.all.length === 2, 'a second connection');
    expect(stopped).toEqual([]);
  });
});

describe('pauses', () => {
  it('double from 0.5 s to 15 s, and stay anywhere below (full jitter)', () => {
    const longest = fullJitter(() => 0.9999);
    expect(Array.from({ length: 7 }, () => longest.next())).toEqual([500, 1000, 2000, 4000, 7999, 14999, 14999]);
    const random = fullJitter(seededRandom(7));
    for (let i = 0; i < 50; i++) expect(random.next()).toBeLessThanOrEqual(15_000);
  });

  it('grow while the connection cannot be made, and begin anew after a good one', async () => {
    transport.start();
    const gaps: number[] = [];
    for (let i = 1; i <= 5; i++) {
      await clock.until(() => sockets.all.length === i, `attempt ${i}`);
      const at = clock.now();
      sockets.last.break(1006);
      await clock.until(() => sockets.all.length === i + 1, `attempt ${i + 1}`);
      gaps.push(clock.now() - at);
    }
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    sockets.last.say(welcomeFor(ADA, ADA_AT));
    await clock.advance(6_000);
    const at = clock.now();
    sockets.last.break(1006);
    await clock.until(() => sockets.all.length === 7, 'the next connection');
    expect(clock.now() - at).toBeLessThanOrEqual(600);
  });

  it('are cut short by a hint', async () => {
    await goOnline();
    sockets.last.break(CLOSE.flood);
    transport.nudge();
    await clock.advance(10);
    expect(sockets.all).toHaveLength(2);
  });
});

it('ignores what it does not understand, and what an older connection still says', async () => {
  await goOnline();
  const heard: string[] = [];
  transport.onMessage((message) => heard.push(message.t));
  sockets.last.sayText('not json');
  sockets.last.sayText('{"t":"from_the_future"}');
  const old = sockets.last;
  old.break(1006);
  await clock.until(() => sockets.all.length === 2, 'a second connection');
  old.say({ t: 'ping', n: 1, at: iso(0) });
  expect(heard).toEqual([]);
  expect(transport.state).toBe('connecting');
});

describe('P14 a network that may have changed under the socket', () => {
  it('is asked for a sign of life, and an answer leaves the socket as it is', async () => {
    await goOnline();
    transport.networkChanged('other');
    transport.networkChanged('other');
    expect(sockets.last.received.filter(({ t }) => t === 'ping')).toEqual([{ t: 'ping', n: 0 }]);
    await clock.advance(500);
    sockets.last.say({ t: 'pong', n: 0 });
    await clock.advance(5_000);
    expect(sockets.all).toHaveLength(1);
    expect(transport.state).toBe('online');
  });

  it('without one is left for a new socket within a second, and without a pause', async () => {
    await goOnline();
    transport.networkChanged('other');
    await clock.advance(1_000);
    expect(sockets.all).toHaveLength(2);
    expect(sockets.all[0]?.closedWith).not.toBeNull();
    expect(transport.state).toBe('connecting');
  });

  it('that was gone takes its socket along: another one is opened at once, also where one was being opened', async () => {
    await goOnline();
    transport.networkChanged('back');
    await clock.advance(0);
    expect(sockets.all).toHaveLength(2);
    expect(sockets.all[0]?.closedWith).not.toBeNull();
    transport.networkChanged('back');
    await clock.advance(0);
    expect(sockets.all).toHaveLength(3);
    expect(transport.state).toBe('connecting');
  });

  it('cuts the pause short while there is no socket', async () => {
    await goOnline();
    sockets.last.break();
    transport.networkChanged('other');
    await clock.advance(0);
    expect(sockets.all).toHaveLength(2);
  });
});
