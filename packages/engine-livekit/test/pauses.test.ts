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

it('is never long without a network, whose attempts are not counted', () => {
  let offline = true;
  const pauses = new Pauses(() => offline);
  const tries = Array.from({ length: 30 }, (_, retryCount) =>
    pauses.nextRetryDelayInMs({ retryCount, elapsedMs: retryCount * 500 }),
  );
  expect(new Set(tries)).toEqual(new Set([500]));
  offline = false;
  // As after a first one: 0.3 s, give or take a half.
  expect(pauses.nextRetryDelayInMs({ retryCount: 31, elapsedMs: 15_000 })).toBeLessThanOrEqual(450);
  expect(pauses.nextRetryDelayInMs({ retryCount: 40, elapsedMs: 90_000 })).toBeNull();
});
