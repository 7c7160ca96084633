import { DeferredEngine, type MediaEngine } from '@parley/client';
import { FakeEngine, FakeRoom, registerMediaEngineSuite } from '@parley/testing';
import { expect, it } from 'vitest';
import { P2P_CAPABILITIES } from '../src/capabilities.ts';
import { P2pBench } from './p2p-bench.ts';

const late = ({ engine, context }: P2pBench['a']) => ({
  engine: new DeferredEngine(P2P_CAPABILITIES, async () => engine),
  context,
});

registerMediaEngineSuite(
  'DeferredEngine over P2pEngine',
  async () => {
    const bench = new P2pBench();
    return {
      a: late(bench.a),
      b: late(bench.b),
      track: (kind) => bench.track(kind),
      breakPath: () => bench.webRtc.cut(),
      mendPath: () => bench.webRtc.mend(),
      reloadB: () => late(bench.reload('b')),
      until: (condition, what) => bench.clock.until(condition, what),
      dispose: () => bench.dispose(),
    };
  },
  P2P_CAPABILITIES,
);

it('whose code does not come: connect says so, and the next one asks again', async () => {
  const bench = new P2pBench();
  let asked = 0;
  const engine = new DeferredEngine(P2P_CAPABILITIES, async () => {
    asked += 1;
    if (asked < 3) throw new Error('no such chunk');
    return bench.a.engine;
  });
  await expect(engine.connect(bench.a.context)).rejects.toThrow('no such chunk');
  await expect(engine.connect(bench.a.context)).rejects.toThrow('no such chunk');
  await engine.attach('microphone', bench.track('audio'));
  const states: string[] = [];
  engine.on('state', (state) => states.push(state));
  await engine.connect(bench.a.context);
  expect(states).toEqual(['connecting']);
  await bench.dispose();
});

it('that is closed before its code is here is told to be closed once, and what comes is closed too', async () => {
  const bench = new P2pBench();
  let come: (engine: MediaEngine) => void = () => undefined;
  const engine = new DeferredEngine(P2P_CAPABILITIES, () => new Promise((resolve) => (come = resolve)));
  const states: string[] = [];
  engine.on('state', (state) => states.push(state));
  const connecting = engine.connect(bench.a.context);
  await engine.close();
  await engine.close();
  come(bench.a.engine);
  await expect(connecting).rejects.toThrow();
  expect(states).toEqual(['closed']);
  await bench.dispose();
});

it('hands on whatever the engine says', async () => {
  const bench = new P2pBench();
  const real = new FakeEngine(new FakeRoom());
  const engine = new DeferredEngine(real.capabilities, async () => real);
  const said: string[] = [];
  const events = ['state', 'flowing', 'remote', 'speakers', 'quality', 'silenced', 'sent', 'ended'] as const;
  for (const event of events) engine.on(event, () => said.push(event));
  await engine.connect(bench.a.context);
  said.length = 0;
  real.say('state', 'connected');
  real.say('flowing', 'u');
  real.say('remote', []);
  real.say('speakers', []);
  real.say('quality', 'u', 'good');
  real.say('silenced', 'microphone');
  real.say('sent', 'microphone');
  real.say('ended', 'removed');
  expect(said).toEqual(events);
  await bench.dispose();
});
