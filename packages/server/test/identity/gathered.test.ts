import { expect, it } from 'vitest';
import { gathered } from '../../src/identity/gathered.ts';

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
