import { expect, it } from 'vitest';
import { systemClock } from '../../src/ports/clock.ts';
import { createLocalFanout } from '../../src/realtime/fanout.ts';
import { createSweeper } from '../../src/usecases/sweep.ts';
import { FakeCalls } from '../support/fake-calls.ts';

it('clears old rows away every ten minutes, and not with the first sweep', async () => {
  const calls = new FakeCalls();
  const sweeper = createSweeper({
    calls,
    door: { lapse: async () => {} },
    fanout: createLocalFanout(),
    clock: systemClock,
    timers: { setTimeout: () => null, clearTimeout: () => undefined },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  await sweeper.start();
  expect(calls.tidied).toBe(0);
  for (let i = 1; i < 600; i += 1) await sweeper.sweep();
  expect(calls.tidied).toBe(2);
  await sweeper.stop();
});
