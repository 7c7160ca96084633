import { describe, expect, it } from 'vitest';
import { createMediaWatch } from '../../src/node/sfu/media-watch.ts';
import type { MediaEvent, MediaServerState } from '../../src/ports/media-server.ts';
import { ManualTimers } from '../support/manual-timers.ts';

const event = (id: string): MediaEvent => ({ kind: 'joined', room: 'r', identity: 'a:b', at: new Date(0), id });

function open() {
  const timers = new ManualTimers();
  const told: string[] = [];
  const comparisons: (() => void)[] = [];
  const warned: string[] = [];
  const moved: string[] = [];
  let state: MediaServerState = 'ready';
  let fails = false;
  const watch = createMediaWatch({
    ledger: {
      mediaEvent: async ({ id }) => {
        if (fails) throw new Error('no database');
        told.push(id);
      },
      reconcileMedia: () =>
        new Promise((resolve, reject) => {
          comparisons.push(() => (fails ? reject(new Error('no database')) : resolve(0)));
        }),
    },
    moves: {
      toServer: async () => moved.push('server'),
      toMesh: async () => moved.push('mesh'),
    },
    state: () => state,
    timers,
    random: () => 0.5,
    log: { info: () => {}, warn: (_, message) => warned.push(message), error: () => {} },
  });
  return {
    watch,
    timers,
    told,
    comparisons,
    warned,
    moved,
    become: (next: MediaServerState) => {
      state = next;
    },
    fail: (value: boolean) => {
      fails = value;
    },
  };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('watching the media server', () => {
  it('feeds each event once, however often it is told', async () => {
    const { watch, told } = open();
    for (const id of ['1', '2', '1', '2', '1']) await watch.event(event(id));
    expect(told).toEqual(['1', '2']);
  });

  it('forgets what the ledger could not take, so that it is told again', async () => {
    const { watch, told, fail } = open();
    fail(true);
    await expect(watch.event(event('1'))).rejects.toThrow('no database');
    fail(false);
    await watch.event(event('1'));
    expect(told).toEqual(['1']);
  });

  it('compares now and then, one comparison at a time', async () => {
    const { watch, timers, comparisons } = open();
    watch.start();
    timers.advance(12_499);
    expect(comparisons).toHaveLength(0);
    timers.advance(1);
    expect(comparisons).toHaveLength(1);
    timers.advance(60_000);
    expect(comparisons).toHaveLength(1);
    comparisons[0]?.();
    await settled();
    timers.advance(12_500);
    expect(comparisons).toHaveLength(2);
    comparisons[1]?.();
    await watch.stop();
    timers.advance(60_000);
    expect(comparisons).toHaveLength(2);
  });

  it('does not compare while the media server is away, and goes on after a failure', async () => {
    const { watch, timers, comparisons, warned, become, fail } = open();
    become('starting');
    watch.start();
    timers.advance(12_500);
    await settled();
    expect(comparisons).toHaveLength(0);
    become('ready');
    fail(true);
    timers.advance(12_500);
    comparisons[0]?.();
    await settled();
    expect(warned).toHaveLength(1);
    timers.advance(12_500);
    expect(comparisons).toHaveLength(2);
  });

  it('moves groups to the media server as soon as it has come, and once more with each comparison', async () => {
    const { watch, timers, comparisons, moved, become } = open();
    become('starting');
    watch.start();
    timers.advance(5_000);
    become('ready');
    timers.advance(1_000);
    await settled();
    expect(moved).toEqual(['server']);
    timers.advance(6_500);
    await settled();
    expect(moved).toEqual(['server', 'server']);
    comparisons[0]?.();
    await watch.stop();
  });

  it('makes a mesh of groups once the media server was away for a minute, or none will come', async () => {
    const { watch, timers, moved, become } = open();
    watch.start();
    for (let i = 0; i < 2; i += 1) {
      become('starting');
      timers.advance(59_000);
      become('ready');
      timers.advance(1_000);
      await settled();
    }
    expect(moved).not.toContain('mesh');
    moved.length = 0;
    become('starting');
    timers.advance(60_000);
    await settled();
    expect(moved).toEqual(['mesh']);
    become('absent');
    timers.advance(1_000);
    await settled();
    expect(moved).toEqual(['mesh', 'mesh']);
    await watch.stop();
  });
});
