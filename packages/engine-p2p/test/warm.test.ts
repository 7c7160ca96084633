import type { RemoteMedia } from '@parley/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { P2pBench } from './p2p-bench.ts';

let bench: P2pBench;
let heardAtA: readonly RemoteMedia[];
let flowed: string[];

const placed = () =>
  bench.webRtc.open.map((connection) => connection.getTransceivers().map(({ sender }) => sender.track?.kind ?? null));
const warm = (side: 'a' | 'b', isWarm: boolean) => {
  const end = bench.ends[side];
  end.setPeers(end.peers().map(({ warm: _, ...peer }) => (isWarm ? { ...peer, warm: true } : peer)));
};
const connections = () => bench.webRtc.open.map(({ connectionState }) => connectionState);
const settle = () => bench.clock.advance(500);

/** Connected while it rings, with a microphone on each side that is open already. */
beforeEach(async () => {
  bench = new P2pBench();
  heardAtA = [];
  flowed = [];
  bench.a.engine.on('remote', (remote) => {
    heardAtA = remote;
  });
  bench.a.engine.on('flowing', (userId) => flowed.push(userId));
  warm('a', true);
  warm('b', true);
  await bench.a.engine.attach('microphone', bench.track('audio'));
  await bench.b.engine.attach('microphone', bench.track('audio'));
  await bench.connect();
  await settle();
});
afterEach(() => bench.dispose());

describe('while it rings', () => {
  it('is connected, with nothing in it, and nothing is played', () => {
    expect(connections()).toEqual(['connected', 'connected']);
    expect(placed()).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(heardAtA).toEqual([]);
    expect(flowed).toEqual([]);
  });

  it('puts in nothing that is opened meanwhile', async () => {
    await bench.a.engine.attach('camera', bench.track('video'));
    await settle();
    expect(placed()[0]).toEqual([null, null]);
  });
});

describe('answered', () => {
  it('sends from there at once, and tells the other side over the connection, not over the server', async () => {
    const before = bench.wire.log.length;
    bench.wire.lose = () => true;
    warm('b', false);
    await settle();
    expect(placed()).toEqual([
      [null, null],
      ['audio', null],
    ]);
    expect(bench.ends.a.answers).toHaveLength(1);
    // Only that there is a microphone is said over the server, too.
    expect(bench.wire.log.slice(before).map(({ message }) => JSON.parse(message.payload).kind)).toEqual(['media']);
  });

  it('is heard, and sent to, from when the caller believes it', async () => {
    warm('b', false);
    warm('a', false);
    await settle();
    expect(placed()).toEqual([
      ['audio', null],
      ['audio', null],
    ]);
    expect(heardAtA).toMatchObject([{ stream: expect.anything() }]);
    expect(flowed).toHaveLength(1);
    expect(bench.webRtc.open.map(({ offersMade }) => offersMade)).toEqual([1, 0]);
  });

  it('is taken back when the server’s word does not come', async () => {
    warm('b', false);
    warm('a', false);
    await settle();
    warm('a', true);
    await settle();
    expect(placed()[0]).toEqual([null, null]);
    expect(heardAtA).toEqual([]);
  });
});
