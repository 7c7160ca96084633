import { describe, expect, it } from 'vitest';
import { family, processOf, timesOf, watchLoad } from '../load.ts';

describe('the load', () => {
  it('counts as busy what is neither idle nor waiting for disks', () => {
    expect(timesOf('cpu  10 1 5 80 4 0 0 0 0 0\ncpu0 1 1 1 1\n')).toEqual({ busy: 16, all: 100 });
  });

  it('reads a process whose name has brackets and spaces', () => {
    const stat = '42 (a (strange) name) S 7 42 42 0 -1 4194304 100 0 0 0 30 12 0 0 20 0 1 0 500 1000 10';
    expect(processOf(stat)).toEqual({ pid: 42, parent: 7, command: 'a (strange) name', ticks: 42 });
    expect(processOf('')).toBeNull();
  });

  it('takes grandchildren for ours, and strangers not', () => {
    const one = (pid: number, parent: number) => ({ pid, parent, command: 'x', ticks: 1 });
    const all = [one(1, 0), one(10, 1), one(11, 10), one(12, 11), one(20, 1)];
    expect(family(all, new Set([10])).map(({ pid }) => pid)).toEqual([10, 11, 12]);
  });

  it.skipIf(process.platform !== 'linux')('takes what this process does for its own', async () => {
    const watch = watchLoad();
    const end = performance.now() + 700;
    while (performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
    const { own, foreign } = await watch.stop();
    expect(own).toBeGreaterThan(0);
    expect(foreign).toBeGreaterThanOrEqual(0);
  });
});
