import { expect, it } from 'vitest';
import { Pauses } from '../src/pauses.ts';

const first = { retryCount: 0, elapsedMs: 0 };

it('goes without the first pause once, where this device alone comes back', () => {
  const pauses = new Pauses();
  pauses.skipOne();
  expect(pauses.nextRetryDelayInMs(first)).toBe(0);
  const usual = Array.from({ length: 20 }, () => pauses.nextRetryDelayInMs(first) ?? -1);
  expect(Math.max(...usual)).toBeGreaterThan(0);
  expect(Math.max(...usual)).toBeLessThanOrEqual(500);
});

it('has the pauses of the SDK after an attempt that failed', () => {
  const pauses = new Pauses();
  pauses.skipOne();
  expect(pauses.nextRetryDelayInMs({ retryCount: 2, elapsedMs: 2_000 })).toBeGreaterThanOrEqual(600);
  expect(pauses.nextRetryDelayInMs({ retryCount: 10, elapsedMs: 60_000 })).toBeNull();
});
