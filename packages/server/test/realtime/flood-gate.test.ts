import { describe, expect, it } from 'vitest';
import { FloodGate } from '../../src/realtime/flood-gate.ts';

const take = (gate: FloodGate, count: number, now: number) => Array.from({ length: count }, () => gate.take(now));

describe('FloodGate', () => {
  it('P81 lets a burst of 200 pass, and then 30 a second', () => {
    const gate = new FloodGate(0);
    expect(take(gate, 200, 0).every((v) => v === 'pass')).toBe(true);
    expect(gate.take(0)).toBe('over');
    expect(take(gate, 31, 1000)).toEqual([...Array(30).fill('pass'), 'over']);
  });

  it('P81 says when the next message passes', () => {
    const gate = new FloodGate(0);
    take(gate, 201, 0);
    expect(gate.retryAfterMs).toBe(34);
    expect(gate.take(34)).toBe('pass');
  });

  it('P81 calls it a flood when it goes on for 3 s', () => {
    const gate = new FloodGate(0);
    take(gate, 200, 0);
    const verdicts = Array.from({ length: 301 }, (_, i) => gate.take(i * 10));
    expect(verdicts.slice(0, 300)).not.toContain('flood');
    expect(verdicts.at(-1)).toBe('flood');
  });

  it('P81 forgives whoever has slowed down', () => {
    const gate = new FloodGate(0);
    take(gate, 201, 0);
    expect(take(gate, 2, 2000)).toEqual(['pass', 'pass']);
    take(gate, 100, 2000);
    expect(gate.take(4000)).not.toBe('flood');
  });
});
