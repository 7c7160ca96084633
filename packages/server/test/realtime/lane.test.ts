import { describe, expect, it } from 'vitest';
import { Lane } from '../../src/realtime/lane.ts';

describe('Lane', () => {
  it('P42 runs tasks one after the other, and at once while nothing waits', async () => {
    const lane = new Lane(10);
    const done: number[] = [];
    lane.push(() => {
      done.push(1);
    });
    expect(done).toEqual([1]);
    const gate = Promise.withResolvers<void>();
    lane.push(() => gate.promise.then(() => void done.push(2)));
    const last = Promise.withResolvers<void>();
    lane.push(() => {
      done.push(3);
      last.resolve();
    });
    expect(done).toEqual([1]);
    gate.resolve();
    await last.promise;
    expect(done).toEqual([1, 2, 3]);
  });

  it('P83 takes no more than its bound', () => {
    const lane = new Lane(2);
    const never = () => new Promise<void>(() => {});
    expect([lane.push(never), lane.push(never), lane.push(never), lane.push(never)]).toEqual([true, true, true, false]);
  });
});
