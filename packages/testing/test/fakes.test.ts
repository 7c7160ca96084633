import { ADA, ADA_AT, welcomeFor } from '../src/call-fixtures.ts';
import { contextFor } from '../src/engine-context.ts';
import { FakeTrack } from '../src/fake-capture.ts';
import { FAKE_CAPABILITIES, FakeEngine, FakeRoom } from '../src/fake-engine.ts';
import { FakeTransport } from '../src/fake-transport.ts';
import { ManualClock } from '../src/manual-clock.ts';
import { type EngineSide, registerMediaEngineSuite } from '../src/media-engine-suite.ts';
import { uuidOf } from '../src/random.ts';
import { registerSignallingTransportSuite } from '../src/signalling-transport-suite.ts';

registerMediaEngineSuite(
  'FakeEngine',
  async () => {
    const clock = new ManualClock();
    const room = new FakeRoom();
    const side = (user: number): EngineSide => ({ engine: new FakeEngine(room), context: contextFor(uuidOf(user)) });
    const a = side(1);
    const b = side(2);
    return {
      a,
      b,
      track: (kind) => new FakeTrack(kind),
      breakPath: () => room.cut(),
      mendPath: () => room.mend(),
      reloadB: () => {
        void b.engine.close();
        return side(2);
      },
      until: (condition, what) => clock.until(condition, what),
      dispose: async () => {
        await a.engine.close();
        await b.engine.close();
      },
    };
  },
  FAKE_CAPABILITIES,
);

registerSignallingTransportSuite('FakeTransport', async () => {
  const clock = new ManualClock();
  const transport = new FakeTransport();
  return {
    transport,
    letIn: async () => transport.welcome(welcomeFor(ADA, ADA_AT)),
    cut: async () => {
      transport.become('offline');
      transport.become('connecting');
    },
    say: (message) => transport.deliver(message),
    received: () => transport.sent,
    until: (condition, what) => clock.until(condition, what),
    dispose: async () => undefined,
  };
});
