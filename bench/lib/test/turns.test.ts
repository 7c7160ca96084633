import { describe, expect, it } from 'vitest';
import { halves, sweep, turnsOf } from '../turns.ts';

describe('turns', () => {
  it('go there and back', () => {
    expect([...turnsOf(['a', 'b'], 3)]).toEqual(['a', 'b', 'b', 'a', 'a', 'b']);
  });

  it('measure each contestant as often at each round trip', async () => {
    let r = -1;
    const contestant = (name: string, slope: number) => ({ name, once: async () => ({ heard: slope * r + 5 }) });
    const measured = await sweep([contestant('ours', 1), contestant('theirs', 2)], {
      roundTrips: [0, 100],
      rounds: 2,
      setRoundTrip: async (ms) => {
        r = ms;
      },
    });
    expect(measured.ours?.heard).toEqual([
      { r: 0, ms: 5 },
      { r: 0, ms: 5 },
      { r: 100, ms: 105 },
      { r: 100, ms: 105 },
    ]);
    expect(measured.theirs?.heard?.at(-1)).toEqual({ r: 100, ms: 205 });
  });

  it('leave out one attempt that failed, and end after two in a row', async () => {
    let calls = 0;
    const options = { roundTrips: [0], rounds: 4, setRoundTrip: async () => {} };
    const failing = (fails: (call: number) => boolean) => ({
      name: 'ours',
      once: async () => {
        calls += 1;
        if (fails(calls)) throw new Error('no sound');
        return { heard: 1 };
      },
    });
    const measured = await sweep([failing((call) => call === 2)], options);
    expect(measured.ours?.heard).toHaveLength(3);
    await expect(sweep([failing(() => true)], options)).rejects.toThrow('no sound');
  });

  it('make two halves of one contestant, as many of each round trip', () => {
    const points = [0, 0, 100, 100].map((r, index) => ({ r, ms: index }));
    expect(halves(points).map((side) => side.map(({ ms }) => ms))).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });
});
