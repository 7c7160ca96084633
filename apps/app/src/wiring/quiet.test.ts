import { FOR_GOOD } from '@parley/protocol';
import { expect, it } from 'vitest';
import { isQuiet, quietChoiceOf, quietUntil, tomorrowAtEight } from './quiet';

const NOW = new Date(2026, 10, 22, 14, 30).getTime();

it('each choice is found again in its own time', () => {
  for (const choice of ['off', 'hour', 'eight', 'tomorrow', 'always'] as const) {
    expect(quietChoiceOf(quietUntil(choice, NOW), NOW)).toBe(choice);
  }
  expect(quietUntil('always', NOW)).toBe(FOR_GOOD);
});

it('goes with the time, and ends', () => {
  const until = quietUntil('hour', NOW);
  expect(isQuiet(until, NOW + 3_599_999)).toBe(true);
  expect(quietChoiceOf(until, NOW + 1_800_000)).toBe('hour');
  expect(isQuiet(until, NOW + 3_600_000)).toBe(false);
  expect(quietChoiceOf(until, NOW + 3_600_000)).toBe('off');
  expect([isQuiet(null, NOW), isQuiet(undefined, NOW), isQuiet(FOR_GOOD, NOW)]).toEqual([false, false, true]);
});

it('tomorrow is the next day, at eight by the clock of the machine', () => {
  const at = new Date(tomorrowAtEight(NOW));
  expect([at.getDate(), at.getHours(), at.getMinutes()]).toEqual([23, 8, 0]);
  const lateNight = new Date(tomorrowAtEight(new Date(2026, 10, 22, 23, 59).getTime()));
  expect([lateNight.getDate(), lateNight.getHours()]).toEqual([23, 8]);
});
