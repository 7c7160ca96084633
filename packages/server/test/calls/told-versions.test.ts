import { describe, expect, it } from 'vitest';
import { ToldVersions } from '../../src/usecases/told-versions.ts';

describe('up to where a call has been told', () => {
  it('goes on with what follows, and stands still at a gap until that is filled', () => {
    const told = new ToldVersions(() => 0);
    expect([told.of('a'), told.has('a', 1)]).toEqual([0, false]);
    told.note('a', 0, 1);
    told.note('a', 2, 3);
    told.note('a', 3, 5);
    expect([told.of('a'), told.has('a', 5), told.has('a', 6)]).toEqual([1, true, false]);
    told.note('a', 1, 2);
    expect(told.of('a')).toBe(5);
    // Told once more, or of another call: nothing goes back.
    told.note('a', 0, 2);
    told.note('b', 4, 5);
    expect([told.of('a'), told.of('b'), told.has('b', 5)]).toEqual([5, 0, true]);
  });

  it('forgets calls of which nothing was heard for ten minutes', () => {
    let now = 0;
    const told = new ToldVersions(() => now);
    told.note('a', 0, 1);
    now = 599_000;
    told.note('b', 0, 1);
    expect(told.of('a')).toBe(1);
    now = 601_000;
    told.note('b', 1, 2);
    expect([told.of('a'), told.of('b')]).toEqual([0, 2]);
  });
});
