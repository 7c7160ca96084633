import type { MediaConnectionState, RemoteMedia } from '@parley/client';
import { uuidOf } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { P2pBench } from './p2p-bench.ts';

const TABLET = uuidOf(0x21);
let bench: P2pBench;
beforeEach(() => {
  bench = new P2pBench();
});
afterEach(() => bench.dispose());

/** `a` began the call, and offers; each of them may take it to another device. */
describe.each([
  ['a', 'b'],
  ['b', 'a'],
] as const)('a call that %s takes to another device', (mover, stays) => {
  /** What the side that stays sees. */
  async function talking() {
    const side = bench[stays];
    const seen = { states: [] as MediaConnectionState[], flowed: [] as string[], remote: [] as readonly RemoteMedia[] };
    side.engine.on('state', (state) => seen.states.push(state));
    side.engine.on('flowing', (userId) => seen.flowed.push(userId));
    side.engine.on('remote', (remote) => {
      seen.remote = remote;
    });
    for (const one of [bench.a, bench.b]) await one.engine.attach('microphone', bench.track('audio'));
    await bench.connect();
    await bench.clock.until(() => seen.flowed.length === 1, 'sound');
    return seen;
  }
  /** The person's new device begins, with a microphone of its own. */
  async function begin(instanceId: string) {
    const device = bench.device(mover, instanceId);
    await device.engine.attach('microphone', bench.track('audio'));
    await device.engine.connect(device.context);
    return device;
  }

  it('is heard from there, over a connection of its own, and the old one is let go', async () => {
    const seen = await talking();
    const before = seen.remote[0]?.stream;
    const tablet = await begin(TABLET);
    bench.seat(mover, TABLET);
    await bench[mover].engine.close();
    await bench.clock.until(() => seen.flowed.length === 2, 'sound from the other device');
    expect(seen.states.at(-1)).toBe('connected');
    expect(seen.remote.map(({ userId }) => userId)).toEqual([tablet.context.selfId]);
    expect(seen.remote[0]?.stream).not.toBe(before);
    expect(bench.webRtc.open).toHaveLength(2);
    await tablet.engine.close();
  });

  it('connects where the new device is faster than the news of it', async () => {
    const seen = await talking();
    const tablet = await begin(TABLET);
    // What it says before the other side knows of its seat is not listened to.
    await bench.clock.advance(1_500);
    expect(seen.flowed).toHaveLength(1);
    bench.seat(mover, TABLET);
    await bench.clock.until(() => seen.flowed.length === 2, 'sound from the other device');
    expect(seen.states.at(-1)).toBe('connected');
    await tablet.engine.close();
  });

  it('connects where the news is faster than the new device', async () => {
    const seen = await talking();
    bench.seat(mover, TABLET);
    await bench[mover].engine.close();
    await bench.clock.advance(3_000);
    expect(seen.states.at(-1)).toBe('connecting');
    const tablet = await begin(TABLET);
    await bench.clock.until(() => seen.flowed.length === 2, 'sound from the other device');
    await tablet.engine.close();
  });

  it('is not disturbed by the device that was left, and comes back to it', async () => {
    const seen = await talking();
    const tablet = await begin(TABLET);
    bench.seat(mover, TABLET);
    await bench.clock.until(() => seen.flowed.length === 2, 'sound from the other device');
    // It has not heard yet that it sits there no more: a network change makes it begin again.
    bench[mover].engine.networkChanged();
    await bench.clock.advance(5_000);
    expect(seen.states.at(-1)).toBe('connected');
    await bench[mover].engine.close();

    const again = await begin(uuidOf(mover === 'a' ? 0x11 : 0x12));
    bench.seat(mover);
    await tablet.engine.close();
    await bench.clock.until(() => seen.flowed.length === 3, 'sound from the first device again');
    expect(seen.states.at(-1)).toBe('connected');
    expect(bench.webRtc.open).toHaveLength(2);
    await again.engine.close();
  });
});
