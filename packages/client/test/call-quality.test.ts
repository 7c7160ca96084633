import { problem } from '@parley/protocol';
import { ADA_AT, callView, GRACE, GRACE_AT, MemoryStore, ringOf, TEAM } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientBench } from './client-bench.ts';

let bench: ClientBench;

beforeEach(() => {
  bench = new ClientBench();
});
afterEach(() => bench.client.dispose());

const advance = (ms = 0) => bench.clock.advance(ms);
const CALL = callView().call.id;
const other = async () => {
  const { FakeEngine, contextFor } = await import('@parley/testing');
  const engine = new FakeEngine(bench.room);
  await engine.connect(contextFor(GRACE.id));
  await advance();
  return engine;
};
/** Ada calls; Grace accepts after five seconds, and media flows 300 ms later. */
const talk = async (callType: 'audio' | 'video' = 'video') => {
  await bench.signIn();
  bench.client.startCall({ teamId: TEAM.id, channelId: null, callType, userId: GRACE.id });
  await advance();
  await bench.ack('create', callView({ callType }));
  await advance(5_000);
  await bench.say({ t: 'call', view: callView({ callType, status: 'connecting' }), events: [] });
  await advance(300);
  await other();
  await bench.ack('media-connected', callView({ callType, status: 'connected' }));
};
const told = () =>
  bench.requests
    .filter(({ path }) => path === `/api/calls/${CALL}/metrics`)
    .map(({ body }) => body as Record<string, unknown>);
const weak = { sentLossPercent: 30, packetLossPercent: 30 };
const measure = (figures: NonNullable<typeof bench.engine>['figures']) => {
  if (bench.engine) bench.engine.figures = figures;
};

describe('what is told of a call', () => {
  it('is a sample at once, one each half minute, and the closing figures', async () => {
    await talk();
    await advance(2_500);
    expect(told()).toMatchObject([{ sequence: 1, joinLatencyMs: 300, deviceType: 'web-desktop', path: 'direct' }]);
    await advance(60_000);
    expect(told().map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    bench.client.leave();
    await advance();
    const closing = told().at(-1);
    expect(closing).toMatchObject({ sequence: 4, closing: true, durationSeconds: 62, roundTripMs: 20 });
    expect(bench.snapshot.measured.get(CALL)).toMatchObject({ sequence: 4, durationSeconds: 62 });
    await advance(120_000);
    expect(told()).toHaveLength(4);
  });

  it('asks the engine once for each sample', async () => {
    await talk();
    await advance(20_000);
    expect(bench.engine?.looks).toBe(10);
  });

  it('is told when the page is hidden, in a way that outlives it, and once for each look', async () => {
    await talk();
    await advance(9_000);
    bench.hidden();
    bench.hidden();
    await advance();
    expect(told().map(({ sequence }) => sequence)).toEqual([1, 2]);
    const [, last] = bench.requests.filter(({ path }) => path.endsWith('/metrics'));
    expect(last?.keepalive).toBe(true);
    expect(last?.headers.get('authorization')).toBe('Bearer access-1');
    expect(last?.headers.get('x-instance-id')).toBe(ADA_AT.instanceId);
  });

  it('is nothing where no media came', async () => {
    await bench.signIn();
    bench.client.startCall({ teamId: TEAM.id, channelId: null, callType: 'audio', userId: GRACE.id });
    await advance();
    await bench.ack('create', callView());
    bench.hidden();
    bench.client.cancel();
    await advance(10_000);
    expect(told()).toEqual([]);
    expect(bench.snapshot.measured.size).toBe(0);
  });

  it('for the callee waits from the tap', async () => {
    await bench.signIn();
    const people = { caller: GRACE, callee: bench.user, callerAt: GRACE_AT };
    await bench.say({ t: 'ring', ring: ringOf(callView(people), GRACE) });
    await advance(4_000);
    bench.client.accept(CALL);
    await advance(250);
    await bench.ack('accept', callView({ ...people, calleeAt: ADA_AT, status: 'connecting' }));
    await advance(250);
    await other();
    await advance(4_000);
    expect(told()).toMatchObject([{ joinLatencyMs: 500 }]);
  });

  it('closing figures that do not get through are sent again', async () => {
    await talk();
    await advance(2_500);
    bench.reachable = false;
    bench.client.leave();
    await advance(1_000);
    bench.reachable = true;
    await advance(20_000);
    expect(told().at(-1)).toMatchObject({ closing: true });
  });

  it('goes with the person: nothing is sent again for the next one, and nothing is kept', async () => {
    await talk();
    await advance(2_500);
    expect(bench.instanceStorage.values.has('parley.meter')).toBe(true);
    bench.answer = (_, path) =>
      path.endsWith('/metrics') ? Response.json(problem('database_unavailable'), { status: 503 }) : undefined;
    bench.client.leave();
    await advance();
    const before = told().length;
    expect(told().at(-1)).toMatchObject({ closing: true });
    await bench.storage.tab().set('parley.session', JSON.stringify({ ...bench.session(), user: GRACE }));
    await advance(120_000);
    expect(bench.snapshot.me).toEqual(GRACE);
    expect(told()).toHaveLength(before);
  });

  it('of a call whose person signs out in its midst leaves no trace on the device', async () => {
    await talk();
    await advance(2_500);
    await bench.storage.tab().remove('parley.session');
    await advance();
    expect(bench.instanceStorage.values.has('parley.meter')).toBe(false);
  });

  it('goes on after a reload where it was', async () => {
    await talk();
    await advance(32_500);
    expect(told().map(({ sequence }) => sequence)).toEqual([1, 2]);
    const again = new ClientBench(bench.user, ADA_AT, new MemoryStore(bench.storage.values));
    for (const [key, value] of bench.instanceStorage.values) again.instanceStorage.values.set(key, value);
    again.clock.advance(0);
    await again.clock.advance(bench.clock.now() - again.clock.now());
    bench.client.dispose();
    bench = again;
    await bench.letIn(1, { calls: [callView({ status: 'connected' })] });
    await other();
    await advance(2_500);
    expect(told()).toMatchObject([{ sequence: 3, joinLatencyMs: 300 }]);
    expect(told()[0]?.durationSeconds).toBeGreaterThan(32);
  });
});

describe('what a person thought of a call', () => {
  it('is told beside the figures', async () => {
    await bench.signIn();
    await bench.client.rate(CALL, 'bad', ['echo']);
    expect(told()).toEqual([{ rating: 'bad', ratingReasons: ['echo'] }]);
  });

  it('is told in the order in which it was said, also after one that was refused', async () => {
    await bench.signIn();
    const answers: (() => void)[] = [];
    bench.answer = (_, path) =>
      path.endsWith('/metrics')
        ? new Promise<Response>((resolve) =>
            answers.push(() => resolve(Response.json(problem('call_ended'), { status: 409 }))),
          )
        : undefined;
    const said = [bench.client.rate(CALL, 'bad'), bench.client.rate(CALL, 'good')].map((one) => one.catch(() => 'no'));
    await bench.clock.until(() => answers.length === 1, 'the first is on its way');
    expect(told()).toMatchObject([{ rating: 'bad' }]);
    answers[0]?.();
    await bench.clock.until(() => answers.length === 2, 'the second is on its way');
    answers[1]?.();
    expect(await Promise.all(said)).toEqual(['no', 'no']);
    expect(told()).toMatchObject([{ rating: 'bad' }, { rating: 'good' }]);
  });

  it('throws what the server refuses', async () => {
    await bench.signIn();
    bench.answer = (_, path) =>
      path.endsWith('/metrics') ? Response.json(problem('call_ended'), { status: 409 }) : undefined;
    await expect(bench.client.rate(CALL, 'good')).rejects.toMatchObject({ code: 'call_ended' });
  });
});

describe('a weak connection', () => {
  const away = async () => {
    await talk();
    await advance(2_500);
    measure(weak);
    await bench.clock.until(() => bench.snapshot.active?.videoHeld === true, 'held', 20_000);
  };

  it('Q3 is said in a word that does not flicker', async () => {
    await talk();
    await advance(2_500);
    expect(bench.snapshot.active?.quality).toBe('good');
    measure(weak);
    await advance(2_500);
    expect(bench.snapshot.active?.quality).toBe('good');
    await advance(4_000);
    expect(bench.snapshot.active?.quality).toBe('weak');
  });

  it('Q5 turns the picture off, closes the camera and tells the ledger', async () => {
    await away();
    await advance();
    expect(bench.snapshot.active?.self).toMatchObject({ videoEnabled: false, stream: null, isMuted: false });
    expect(bench.capture.live('camera')).toEqual([]);
    expect(bench.capture.live('microphone')).toHaveLength(1);
    expect(bench.engine?.attached.get('camera')).toBeNull();
    expect(bench.command('media-state').body).toMatchObject({ videoEnabled: false });
  });

  it('Q6 lets it go on once the connection is better', async () => {
    await away();
    measure({});
    await advance(15_000);
    expect(bench.snapshot.active?.videoHeld).toBe(true);
    await advance(10_000);
    expect(bench.snapshot.active).toMatchObject({ videoHeld: false, self: { videoEnabled: true } });
    expect(bench.capture.live('camera')).toHaveLength(1);
  });

  it('Q8 leaves the picture on for whoever insists', async () => {
    await away();
    bench.client.setCamera(true);
    await advance(120_000);
    expect(bench.snapshot.active).toMatchObject({ videoHeld: false, quality: 'weak', self: { videoEnabled: true } });
  });

  it('holds nothing in a call without a picture', async () => {
    await talk('audio');
    await advance(2_500);
    measure(weak);
    await advance(60_000);
    expect(bench.snapshot.active).toMatchObject({ videoHeld: false, quality: 'weak' });
  });
});
