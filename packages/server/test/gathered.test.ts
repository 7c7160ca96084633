import { expect, it } from 'vitest';
import { gathered } from '../src/gathered.ts';

it('asks together what comes while it is asking, and gives each their own answer', async () => {
  const asked: (readonly number[])[] = [];
  const double = gathered(async (questions: readonly number[]) => {
    asked.push(questions);
    return questions.map((question) => question * 2);
  });
  expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6]);
  expect(asked).toEqual([[1], [2, 3]]);
  expect(await double(4)).toBe(8);
});

it('fails for those alone who asked together', async () => {
  const ask = gathered(async (questions: readonly string[]) => {
    if (questions.includes('bad')) throw new Error('away');
    return questions;
  });
  const answers = await Promise.allSettled(['good', 'bad', 'too'].map(ask));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(await ask('later')).toBe('later');
});

it('asks several times at once where that is wanted, and no more together than that', async () => {
  let running = 0;
  let most = 0;
  const sizes: number[] = [];
  const ask = gathered(
    async (questions: readonly number[]) => {
      running += 1;
      most = Math.max(most, running);
      sizes.push(questions.length);
      await Promise.resolve();
      running -= 1;
      return questions;
    },
    { most: 3, atOnce: 2 },
  );
  expect(await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(ask))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(most).toBe(2);
  expect(sizes).toEqual([1, 1, 3, 3]);
});
