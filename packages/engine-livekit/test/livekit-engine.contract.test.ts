import { registerMediaEngineSuite } from '@parley/testing';
import { LiveKitBench } from './livekit-bench.ts';

registerMediaEngineSuite(
  'LiveKitEngine',
  async () => {
    const bench = new LiveKitBench();
    return {
      a: bench.a,
      b: bench.b,
      track: (kind) => bench.track(kind),
      breakPath: () => bench.sfu.cut(),
      mendPath: () => bench.sfu.mend(),
      reloadB: () => bench.reloadB(),
      until: (condition, what) => bench.clock.until(condition, what),
      dispose: () => bench.dispose(),
    };
  },
  {
    name: 'livekit',
    attachesTracks: true,
    videoQuality: true,
    activeSpeakers: true,
    screenShare: true,
    meets: 'server',
    protection: 'to_server',
  },
);
