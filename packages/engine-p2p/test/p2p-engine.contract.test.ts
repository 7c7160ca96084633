import { registerMediaEngineSuite } from '@parley/testing';
import { P2pBench } from './p2p-bench.ts';

registerMediaEngineSuite(
  'P2pEngine',
  async () => {
    const bench = new P2pBench();
    return {
      a: bench.a,
      b: bench.b,
      track: (kind) => bench.track(kind),
      breakPath: () => bench.webRtc.cut(),
      mendPath: () => bench.webRtc.mend(),
      reloadB: () => bench.reload('b'),
      until: (condition, what) => bench.clock.until(condition, what),
      dispose: () => bench.dispose(),
    };
  },
  {
    name: 'p2p',
    attachesTracks: true,
    videoQuality: true,
    activeSpeakers: false,
    screenShare: true,
    meets: 'peers',
    protection: 'end_to_end',
  },
);
