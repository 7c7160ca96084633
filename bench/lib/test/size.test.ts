import { describe, expect, it } from 'vitest';
import { roundsOf } from '../size.ts';

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
});
