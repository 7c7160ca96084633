import { DeferredEngine, type MediaEngine } from '@parley/client';
import { registerMediaEngineSuite } from '@parley/testing';
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
