import { describe, expect, it } from 'vitest';
import { aimsAfter, aimTable, curve, lineAim, ratioAim, sweepTable } from '../report.ts';

const points = [0, 0, 100, 100].map((r) => ({ r, ms: 50 + r / 2 }));

describe('the report', () => {
  it('has intercept, slope, medians and the noise of each figure', () => {
    const { columns, rows } = sweepTable({ ours: { heard: points } }, []);
    expect(columns).toEqual(['', 'intercept', 'slope', 'R = 0 ms', 'R = 100 ms', 'A / A']);
    expect(rows).toEqual([['ours: heard', '50 (50 … 50) ms', '0.50 (0.50 … 0.50) R', 50, 100, '1.00 (1.00 … 1.00)']]);
  });

  it('says what is met, what is missed, and what was not measured', () => {
    expect(lineAim('it is heard', points, { slope: 0.6, ms: 100 })).toMatchObject({
      met: true,
      found: '50 ms + 0.50 R',
    });
    expect(lineAim('it is heard', points, { slope: 0.4 }).met).toBe(false);
    expect(lineAim('it is heard', undefined, { slope: 0.4 }).met).toBeNull();
    expect(ratioAim('half', { value: 0.6, low: 0.5, high: 0.7 }, 0.5).met).toBe(false);
  });

  it('ends with what is met, what is missed, and what a busy machine has found, which is neither', () => {
    const one = { aim: 'it is heard', found: '1 R', met: true, valid: true };
    const { rows } = aimTable([one, { ...one, met: false }, { ...one, valid: false }, { ...one, met: null }]);
    expect(rows.map((row) => row[2])).toEqual(['met', '**missed**', 'invalid', '–']);
  });

  it('keeps on the page what was found of benches that did not run', () => {
    const before = [
      '',
      '| aim | found |  |',
      '| --- | ---: | ---: |',
      '| ring: painted | 1 R | met |',
      '| sfu, 4 × 8: ours | 1× | met |',
      '',
    ];
    const one = { found: '2 R', met: false, valid: true };
    const found = [
      { ...one, aim: 'ring: painted' },
      { ...one, aim: 'join, cold: hears' },
      { ...one, aim: 'sfu: all of it' },
    ];
    expect(aimsAfter(before.join('\n'), ['join', 'ring', 'sfu'], ['ring', 'join'], found).rows).toEqual([
      ['join, cold: hears', '2 R', '**missed**'],
      ['ring: painted', '2 R', '**missed**'],
      ['sfu, 4 × 8: ours', '1×', 'met'],
    ]);
  });

  it('draws a curve whose names cannot break it', () => {
    const svg = curve('a < b', 'x', 'y', [{ name: 'one & two', points: [{ x: 1, y: 2 }] }]);
    expect(svg).toContain('a &lt; b');
    expect(svg).toContain('one &amp; two');
    expect(svg.match(/<circle/g)).toHaveLength(1);
  });
});
