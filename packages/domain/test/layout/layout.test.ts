import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formOf, gridOf, inSight, layoutStage, type StageWish } from '../../src/index.ts';

const people = (count: number) => Array.from({ length: count }, (_, index) => `person-${index}`);
const PHONE = { width: 390, height: 844 };
const TURNED = { width: 844, height: 390 };
const NARROW = { width: 320, height: 640 };
const TABLET = { width: 820, height: 1180 };
const DESKTOP = { width: 1280, height: 800 };
const wish = (count: number, change: Partial<StageWish> = {}): StageWish => ({
  form: formOf(change.room ?? DESKTOP),
  room: DESKTOP,
  self: 'me',
  others: people(count - 1),
  screens: [],
  pinned: null,
  view: 'grid',
  focus: null,
  page: 0,
  ...change,
});

test.each([
  [PHONE, 'phone'],
  [TURNED, 'phone'],
  [NARROW, 'phone'],
  [{ width: 599, height: 2000 }, 'phone'],
  [{ width: 1280, height: 500 }, 'desktop'],
  [TABLET, 'tablet'],
  [{ width: 1023, height: 700 }, 'tablet'],
  [{ width: 1024, height: 768 }, 'desktop'],
  [DESKTOP, 'desktop'],
])('L1 a room of %j is a %s', (room, form) => {
  expect(formOf(room)).toBe(form);
});

test.each([
  [1, DESKTOP, [1, 1]],
  [1, PHONE, [1, 1]],
  [2, DESKTOP, [2, 1]],
  [2, PHONE, [1, 2]],
  [3, DESKTOP, [2, 2]],
  [3, PHONE, [2, 2]],
  [4, TURNED, [2, 2]],
])('L2 %d people in %j have equal tiles, %j of them', (count, room, [columns, rows]) => {
  expect(gridOf(count, room)).toEqual({ columns, rows, scrolls: false });
});

test.each([
  [5, DESKTOP, [3, 2], false],
  [7, DESKTOP, [3, 3], false],
  [8, TABLET, [3, 3], false],
  [8, TURNED, [3, 3], false],
  [5, PHONE, [2, 3], false],
  [6, NARROW, [2, 3], false],
  [7, PHONE, [2, 3], true],
  [8, NARROW, [2, 3], true],
])('L3 %d people in %j have a grid of %j, scrolling: %s', (count, room, [columns, rows], scrolls) => {
  expect(gridOf(count, room)).toEqual({ columns, rows, scrolls });
});

describe('nine and more', () => {
  test.each([PHONE, TURNED, NARROW])('L4 have faces in %j', (room) => {
    expect(layoutStage(wish(9, { room }))).toEqual({ kind: 'faces', people: [...people(8), 'me'] });
  });

  test.each([
    [9, TABLET, 0, 9, 1],
    [10, TABLET, 1, 1, 2],
    [16, DESKTOP, 0, 16, 1],
    [1000, DESKTOP, 62, 8, 63],
  ])('L4 %d in %j have on page %d %d tiles of %d pages', (count, room, page, tiles, pages) => {
    const layout = layoutStage(wish(count, { room, page }));
    expect(layout).toMatchObject({ kind: 'pages', page, pages });
    expect(layout.kind === 'pages' && layout.tiles).toHaveLength(tiles);
  });

  test.each([
    [99, 1],
    [-3, 0],
  ])('L4 page %d is page %d', (asked, shown) => {
    expect(layoutStage(wish(20, { page: asked }))).toMatchObject({ kind: 'pages', page: shown });
  });

  test('L6 oneself is on the first page', () => {
    const layout = layoutStage(wish(40));
    expect(layout.kind === 'pages' && layout.tiles.at(-1)).toEqual({ source: 'camera', userId: 'me' });
  });
});

describe('the stage', () => {
  const shared = { source: 'screen', userId: 'person-1' } as const;
  const face = { source: 'camera', userId: 'person-2' } as const;

  test.each([
    ['what is pinned before a screen', { screens: ['person-1'], pinned: face }, face],
    ['a pinned screen', { screens: ['person-0', 'person-1'], pinned: shared }, shared],
    ['the newest screen', { screens: ['person-1', 'person-0'] }, shared],
    [
      'the screen where a pinned one has ended',
      { screens: ['person-1'], pinned: { ...shared, userId: 'person-0' } },
      shared,
    ],
    ['a screen before the speaker', { screens: ['person-1'], view: 'speaker', focus: 'person-2' }, shared],
    ['the speaker', { view: 'speaker', focus: 'person-2' }, face],
    ['the first where nobody has spoken', { view: 'speaker' }, { ...face, userId: 'person-0' }],
    ['the first where the speaker has gone', { view: 'speaker', focus: 'gone' }, { ...face, userId: 'person-0' }],
    ['a screen on a phone, however many there are', { room: PHONE, screens: ['person-1'] }, shared],
  ] as const)('L5 has %s', (_, change, main) => {
    expect(layoutStage(wish(12, change))).toMatchObject({ kind: 'stage', main });
  });

  test.each([
    ['a pinned person who has gone', { pinned: { source: 'camera', userId: 'gone' } }],
    ['one’s own screen', { screens: ['me'] }],
    ['the screen of somebody who has gone', { screens: ['gone'] }],
  ] as const)('L5 does not have %s', (_, change) => {
    expect(layoutStage(wish(4, change)).kind).toBe('grid');
  });

  test('L5 one can pin one’s own screen, and sees it then', () => {
    const pinned = { source: 'screen', userId: 'me' } as const;
    expect(layoutStage(wish(4, { screens: ['me'], pinned }))).toMatchObject({ kind: 'stage', main: pinned });
  });

  test('L5 everything else is in the strip, other screens first', () => {
    const layout = layoutStage(wish(3, { screens: ['person-1', 'person-0'] }));
    expect(layout).toMatchObject({
      edge: 'right',
      strip: [
        { source: 'screen', userId: 'person-0' },
        { source: 'camera', userId: 'person-0' },
        { source: 'camera', userId: 'person-1' },
        { source: 'camera', userId: 'me' },
      ],
    });
  });

  test.each([
    [PHONE, 'bottom'],
    [TURNED, 'right'],
    [TABLET, 'bottom'],
  ])('L5 the strip of %j lies at the %s', (room, edge) => {
    expect(layoutStage(wish(3, { room, screens: ['person-0'] }))).toMatchObject({ edge });
  });
});

test('nobody is missing and nobody is there twice, whatever is wished', () => {
  const side = fc.integer({ min: 200, max: 3000 });
  const someone = fc.integer({ min: 0, max: 45 }).map((index) => `person-${index}`);
  const tile = fc.record({ source: fc.constantFrom('camera' as const, 'screen' as const), userId: someone });
  fc.assert(
    fc.property(
      fc.record({
        room: fc.record({ width: side, height: side }),
        count: fc.integer({ min: 1, max: 40 }),
        screens: fc.uniqueArray(someone, { maxLength: 3 }),
        pinned: fc.option(tile),
        view: fc.constantFrom('grid' as const, 'speaker' as const),
        focus: fc.option(someone),
      }),
      ({ count, ...change }) => {
        const pages = (page: number) => layoutStage(wish(count, { ...change, page }));
        const first = pages(0);
        const drawn = first.kind === 'pages' ? Array.from({ length: first.pages }, (_, page) => pages(page)) : [first];
        const cameras = drawn.flatMap((layout) => {
          if (layout.kind === 'faces') return layout.people;
          const tiles = layout.kind === 'stage' ? [layout.main, ...layout.strip] : layout.tiles;
          return tiles.filter(({ source }) => source === 'camera').map(({ userId }) => userId);
        });
        expect([...cameras].sort()).toEqual([...people(count - 1), 'me'].sort());
        expect(inSight(first)).toBeGreaterThanOrEqual(first.kind === 'stage' ? 0 : 1);
      },
    ),
  );
});
