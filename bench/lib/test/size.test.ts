import { describe, expect, it } from 'vitest';
import { roundsOf, roundTripsOf } from '../size.ts';

describe('the rounds of a bench', () => {
  it('are as many as the variable says, and one in a smoke', () => {
    expect(roundsOf(8, false, undefined)).toBe(8);
    expect(roundsOf(8, false, '3')).toBe(3);
    expect(roundsOf(8, true, '3')).toBe(1);
  });

  it('cannot be nonsense', () => {
    for (const bad of ['0', '-1', '1.5', 'many', '1000'])
      expect(() => roundsOf(8, false, bad)).toThrow('PARLEY_BENCH_ROUNDS');
  });

  it('have the round trips that the variable says, and one in a smoke', () => {
    expect(roundTripsOf(false, 0, undefined)).toEqual([0, 50, 100, 200]);
    expect(roundTripsOf(false, 0, '0,100')).toEqual([0, 100]);
    expect(roundTripsOf(true, 100, '0,200')).toEqual([100]);
    for (const bad of ['-5', 'far', '0,,x', '1.5'])
      expect(() => roundTripsOf(false, 0, bad)).toThrow('PARLEY_BENCH_ROUND_TRIPS');
  });
});
