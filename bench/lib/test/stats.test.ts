import { describe, expect, it } from 'vitest';
import { fitted, lineOf, median, medianRatio, type Point, quantile, random, ratio } from '../stats.ts';

const RS = [0, 50, 100, 200];
/** Points on a line, with noise of at most `noise` to either side. */
function points(slope: number, intercept: number, noise: number, seed = 7): Point[] {
  const next = random(seed);
  return RS.flatMap((r) =>
    Array.from({ length: 12 }, () => ({ r, ms: intercept + slope * r + (next() * 2 - 1) * noise })),
  );
}

describe('quantiles', () => {
  it('are those between two values where none is there', () => {
    expect([median([4, 1, 3, 2]), median([5]), quantile([1, 2, 3, 4, 5], 0.25)]).toEqual([2.5, 5, 2]);
  });

  it('of nothing are no number', () => {
    expect(median([])).toBeNaN();
  });
});

describe('a line', () => {
  it('is found again exactly where there is no noise', () => {
    const { slope, intercept } = lineOf(points(1.5, 60, 0));
    expect(slope).toBeCloseTo(1.5, 9);
    expect(intercept).toBeCloseTo(60, 7);
  });

  it('is not bent by a tenth of calls that took a second longer', () => {
    const late = points(0.5, 60, 5).map((point, index) =>
      index % 10 === 3 ? { ...point, ms: point.ms + 1000 } : point,
    );
    const { slope, intercept } = lineOf(late);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(Math.abs(intercept - 60)).toBeLessThan(6);
  });

  it('has no slope where all was measured at one round trip', () => {
    expect(lineOf([1, 2, 3].map((ms) => ({ r: 100, ms })))).toEqual({ slope: 0, intercept: 2 });
  });
});

describe('intervals', () => {
  it('hold the true figures, and are narrow with little noise', () => {
    const { slope, intercept } = fitted(points(1, 40, 4));
    expect(slope.low).toBeLessThan(1);
    expect(slope.high).toBeGreaterThan(1);
    expect(slope.high - slope.low).toBeLessThan(0.1);
    expect(intercept.low).toBeLessThan(42);
    expect(intercept.high).toBeGreaterThan(38);
  });

  it('are the same for the same data', () => {
    expect(fitted(points(1, 40, 4))).toEqual(fitted(points(1, 40, 4)));
  });

  it('of a ratio of two that are alike hold one, and of others do not', () => {
    const slope = (of: readonly Point[]) => lineOf(of).slope;
    const alike = ratio(points(2, 50, 5, 1), points(2, 50, 5, 2), slope);
    expect(alike.low).toBeLessThan(1);
    expect(alike.high).toBeGreaterThan(1);
    const half = ratio(points(1, 50, 5, 1), points(2, 50, 5, 2), slope);
    expect(half.high).toBeLessThan(0.7);
    expect(medianRatio([10, 11, 12], [20, 22, 24]).value).toBe(0.5);
  });
});
