import { ManualClock } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { Part } from './part';

function stage(failures: number) {
  const clock = new ManualClock();
  const online = new Set<() => void>();
  let asked = 0;
  const part = new Part(
    async () => {
      asked += 1;
      if (asked <= failures) throw new Error('no such chunk');
      return 'the screen';
    },
    {
      setTimeout: (run, ms) => clock.setTimeout(run, ms),
      clearTimeout: (handle) => clock.clearTimeout(handle),
      onOnline: (listener) => {
        online.add(listener);
        return () => online.delete(listener);
      },
    },
  );
  const states: string[] = [];
  part.onChange(() => states.push(part.state()));
  return { part, clock, online, states, asked: () => asked };
}

describe('a part of the app', () => {
  it('is fetched once, however many want it, and not before', async () => {
    const { part, asked } = stage(0);
    expect([part.state(), asked()]).toEqual(['asleep', 0]);
    part.fetch();
    part.fetch();
    await expect.poll(part.state).toBe('here');
    part.fetch();
    expect([part.content(), asked()]).toEqual(['the screen', 1]);
  });

  it('that does not come is asked for again until it is here, and says so meanwhile', async () => {
    const { part, clock, states, asked, online } = stage(3);
    part.fetch();
    for (const [attempt, wait] of [500, 1_000, 2_000].entries()) {
      await expect.poll(asked).toBe(attempt + 1);
      await expect.poll(() => online.size).toBe(1);
      expect(part.state()).toBe('failed');
      await clock.advance(wait);
    }
    await expect.poll(part.state).toBe('here');
    expect(states).toEqual(['coming', 'failed', 'here']);
    expect(online.size).toBe(0);
  });

  it('comes as soon as the network is back, or somebody asks for it', async () => {
    const { part, asked, online } = stage(2);
    part.fetch();
    await expect.poll(() => online.size).toBe(1);
    for (const listener of online) listener();
    await expect.poll(asked).toBe(2);
    await expect.poll(() => online.size).toBe(1);
    part.again();
    await expect.poll(part.state).toBe('here');
    expect(asked()).toBe(3);
  });
});
