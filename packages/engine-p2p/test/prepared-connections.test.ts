import { contextFor, FakeSignallingWire, FakeWebRtc, ManualClock, uuidOf } from '@parley/testing';
import { beforeEach, expect, it } from 'vitest';
import { type Ice, P2pEngine, PreparedConnections, webRtcPlatform } from '../src/index.ts';

const ICE: Ice = {
  iceServers: [{ urls: ['turn:turn.parley.test'], username: 'u', credential: 'c' }],
  relayOnly: false,
};
let world: FakeWebRtc;
let asked: ('ahead' | 'now')[];
let connections: PreparedConnections;

beforeEach(() => {
  const clock = new ManualClock();
  world = new FakeWebRtc();
  asked = [];
  const make = (when: 'ahead' | 'now') => () => {
    asked.push(when);
    return world.connect();
  };
  connections = new PreparedConnections({
    connection: make('now'),
    connectionAhead: make('ahead'),
    reconfigure: () => undefined,
    stream: () => world.stream(),
    uuid: () => uuidOf(1),
    now: () => clock.now(),
    setTimeout: (run, ms) => clock.setTimeout(run, ms),
    clearTimeout: (handle) => clock.clearTimeout(handle),
  });
});

const call = async (ice: Ice, others = 1) => {
  const peers = Array.from({ length: others }, (_, n) => ({
    userId: uuidOf(2),
    instanceId: uuidOf(0x20 + n),
    polite: false,
  }));
  const engine = new P2pEngine(new FakeSignallingWire().end(uuidOf(0x11), peers), connections.platform);
  const context = contextFor(uuidOf(1));
  await engine.connect({
    ...context,
    credentials: { ...context.credentials, relayOnly: ice.relayOnly, iceServers: [...ice.iceServers] },
  });
  return engine;
};

it('a connection that was made ahead is the one that a call with the same servers begins with, and it alone', async () => {
  connections.prepare(ICE);
  connections.prepare({ ...ICE });
  expect(asked).toEqual(['ahead']);
  await call(ICE, 2);
  expect(asked).toEqual(['ahead', 'now']);
  expect(world.open).toHaveLength(2);
  // It is the call's now.
  connections.release();
  expect(world.open).toHaveLength(2);
});

it('it offers nothing, has no place for media and no channel before there is a call', () => {
  connections.prepare(ICE);
  const [made] = world.open;
  expect({ offers: made?.offersMade, places: made?.getTransceivers(), channel: made?.channel }).toEqual({
    offers: 0,
    places: [],
    channel: null,
  });
});

it('one with other servers, or that may not be shown as it is, is not used', async () => {
  connections.prepare(ICE);
  await call({ ...ICE, relayOnly: true });
  expect(asked).toEqual(['ahead', 'now']);
});

it('there is one at most, and none once it is let go', () => {
  connections.prepare(ICE);
  connections.prepare({ ...ICE, relayOnly: true });
  expect(world.open).toHaveLength(1);
  connections.release();
  expect(world.open).toEqual([]);
});

it('keeps the size of its pool when its servers are renewed: a browser lets nobody change it', () => {
  const configurations: RTCConfiguration[] = [];
  class Connection {
    constructor(configuration: RTCConfiguration) {
      configurations.push(configuration);
    }
    setConfiguration(configuration: RTCConfiguration): void {
      configurations.push(configuration);
    }
  }
  const platform = webRtcPlatform({ RTCPeerConnection: Connection, MediaStream: class {} }, () => 'id', {
    gathersAhead: true,
  });
  const ahead = platform.connectionAhead?.(ICE);
  if (!ahead) throw new Error('nothing was made');
  platform.reconfigure(ahead, ICE);
  platform.reconfigure(platform.connection(ICE), ICE);
  expect(configurations.map(({ iceCandidatePoolSize }) => iceCandidatePoolSize)).toEqual([1, 1, undefined, undefined]);
});
