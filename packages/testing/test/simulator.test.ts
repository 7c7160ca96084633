import { describe, expect, it } from 'vitest';
import { keptSeeds, planOf, simulate } from '../src/simulator/index.ts';

/** The step *simulator* of `npm test` runs hundreds. */
const FEW = 60;

const kept = await keptSeeds();

describe('the simulator', () => {
  it('takes the same course for the same seed', async () => {
    for (const seed of [3, 11, 28]) {
      const [one, other] = [await simulate(planOf(seed)), await simulate(planOf(seed))];
      expect(other).toEqual(one);
      expect(one.trace).not.toBe('');
    }
  });

  it('finds no rule broken by its first seeds', async () => {
    for (let seed = 1; seed <= FEW; seed += 1) {
      expect({ seed, violation: (await simulate(planOf(seed))).violation }).toEqual({ seed, violation: null });
    }
  });

  it.each(kept)('$name holds since it was mended: $text', async ({ plan }) => {
    expect((await simulate(plan)).violation).toBeNull();
  });
});
