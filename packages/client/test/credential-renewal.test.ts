import { problem } from '@parley/protocol';
import { callView, contextFor, FakeEngine, GRACE, TEAM } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientBench } from './client-bench.ts';

const HOUR = 3_600_000;
let bench: ClientBench;
let issued: number;
let refuse: (() => Response) | null;

beforeEach(async () => {
  bench = new ClientBench();
  issued = 0;
  refuse = null;
  bench.answer = (_method, path) => {
    if (!path.endsWith('/token')) return undefined;
    if (refuse) return refuse();
    issued += 1;
    return Response.json({
      engine: 'p2p',
      url: null,
      token: null,
      roomName: 'room',
      uid: bench.user.id,
      relayOnly: false,
      expiresAt: bench.now(HOUR),
      iceServers: [{ urls: ['turn:turn.parley.test'], username: `name-${issued}`, credential: 'secret' }],
    });
  };
  await bench.signIn();
  bench.client.startCall({ teamId: TEAM.id, channelId: null, callType: 'audio', userId: GRACE.id });
  await bench.clock.advance(0);
  await bench.ack('create', callView());
  await bench.say({ t: 'call', view: callView({ status: 'connecting' }), events: [] });
  await bench.say({ t: 'call', view: callView({ status: 'connected' }), events: [] });
});
afterEach(() => bench.client.dispose());

/** The server pings: the socket stays, as in a call that lasts. */
const pass = async (ms: number) => {
  const end = bench.clock.now() + ms;
  for (let n = 0; bench.clock.now() < end; n++) {
    await bench.clock.advance(Math.min(10_000, end - bench.clock.now()));
    await bench.say({ t: 'ping', n, at: bench.now() });
  }
};
const names = () => bench.engine?.renewals.map(({ iceServers }) => iceServers[0]?.username);
const other = async () => {
  const engine = new FakeEngine(bench.room);
  await engine.connect(contextFor(GRACE.id));
  await bench.clock.advance(0);
  return engine;
};

describe('credentials of a call', () => {
  it('are renewed at 80 % of their life, again and again, and handed to the engine', async () => {
    const engine = await other();
    await pass(0.79 * HOUR);
    expect(issued).toBe(1);
    await pass(0.02 * HOUR);
    expect(names()).toEqual(['name-2']);
    await pass(0.8 * HOUR);
    expect(names()).toEqual(['name-2', 'name-3']);
    expect(bench.engines).toHaveLength(1);
    await engine.close();
  });

  it('are asked for again with growing pauses when that fails, and the call goes on', async () => {
    const engine = await other();
    refuse = () => Response.json(problem('database_unavailable'), { status: 503 });
    await pass(HOUR);
    const asked = bench.requests.filter(({ path }) => path.endsWith('/token')).length;
    expect(asked).toBeGreaterThan(5);
    expect(asked).toBeLessThan(100);
    expect(bench.snapshot.active).toMatchObject({ phase: 'connected', media: 'connected' });
    refuse = null;
    await pass(60_000);
    expect(names()).toEqual(['name-2']);
    await engine.close();
  });

  it('that have run out (the machine slept) are renewed when the path breaks, and it is tried at once with them', async () => {
    const engine = await other();
    refuse = () => Response.json(problem('database_unavailable'), { status: 503 });
    await pass(1.1 * HOUR);
    refuse = null;
    bench.room.cut();
    await bench.clock.advance(0);
    expect(names()).toEqual(['name-2']);
    expect(bench.engine?.networkChanges).toBe(1);
    await engine.close();
  });

  it('are not asked for any more when the call is over', async () => {
    bench.client.leave();
    await bench.say({ t: 'call', view: callView({ status: 'ended', version: 9 }), events: [] });
    await pass(2 * HOUR);
    expect(issued).toBe(1);
  });
});
