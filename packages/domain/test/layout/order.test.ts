import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bringForward, stableOrder, withSelf } from '../../src/index.ts';

test.each([
  [[], ['a', 'b'], ['a', 'b']],
  [
    ['b', 'a'],
    ['a', 'b'],
    ['b', 'a'],
  ],
  [
    ['c', 'a'],
    ['a', 'b', 'c'],
    ['c', 'a', 'b'],
  ],
  [
    ['a', 'b', 'c'],
    ['c', 'a'],
    ['a', 'c'],
  ],
])('L6 drawn %j, present %j: drawn %j', (before, present, after) => {
  expect(stableOrder(before, present)).toEqual(after);
});

test.each([
  [['a', 'b'], 9, ['a', 'b', 'me']],
  [['a', 'b', 'c', 'd'], 3, ['a', 'b', 'me', 'c', 'd']],
  [[], 1, ['me']],
])('L6 of %j with %d in sight oneself stands last in sight', (others, inSight, drawn) => {
  expect(withSelf(others, 'me', inSight)).toEqual(drawn);
});

test.each([
  ['b', ['a', 'b', 'c', 'd']],
  ['d', ['d', 'b', 'c', 'a']],
  ['nobody', ['a', 'b', 'c', 'd']],
])('L7 %s speaks: %j', (speaker, drawn) => {
  const lastSpoke = new Map([
    ['a', 10],
    ['b', 30],
  ]);
  expect(bringForward(['a', 'b', 'c', 'd'], speaker, 2, lastSpoke)).toEqual(drawn);
});

test('L7 of people who never spoke the hindmost in sight gives way', () => {
  expect(bringForward(['a', 'b', 'c', 'd'], 'd', 3, new Map())).toEqual(['a', 'b', 'd', 'c']);
});

test('L7 at most two people move', () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(ids, fc.nat(40), fc.nat(30), (order, inSight, index) => {
      const speaker = order[index % order.length] ?? '';
      const after = bringForward(order, speaker, inSight, new Map());
      expect([...after].sort()).toEqual([...order].sort());
      expect([0, 2]).toContain(after.filter((id, place) => id !== order[place]).length);
    }),
  );
});
