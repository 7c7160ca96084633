import { describe, expect, it } from 'vitest';
import { rowsInSight } from './rowsInSight';

describe('rowsInSight', () => {
  it.each([
    ['before it was laid out', { top: 0, height: 0 }, 1000, { first: 0, last: 16 }],
    ['at the top', { top: 0, height: 560 }, 1000, { first: 0, last: 17 }],
    ['in the middle', { top: 5600, height: 560 }, 1000, { first: 94, last: 117 }],
    ['at the end', { top: 55_440, height: 560 }, 1000, { first: 984, last: 1000 }],
    ['of a few', { top: 0, height: 560 }, 3, { first: 0, last: 3 }],
    ['that has become shorter', { top: 5600, height: 560 }, 20, { first: 4, last: 20 }],
    ['of nobody', { top: 0, height: 560 }, 0, { first: 0, last: 0 }],
  ])('mounts what is seen, and a little more: %s', (_, seen, count, rows) => {
    expect(rowsInSight(seen, 56, count)).toEqual(rows);
  });

  it('mounts no more of a thousand than of a hundred', () => {
    for (let top = 0; top < 56_000; top += 333) {
      const { first, last } = rowsInSight({ top, height: 700 }, 56, 1000);
      expect(last - first).toBeLessThanOrEqual(27);
    }
  });
});
