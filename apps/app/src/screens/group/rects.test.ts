import { describe, expect, it } from 'vitest';
import { gridRects, inWindow, stripRects } from './rects';

const room = { width: 620, height: 410 };

describe('tiles of a grid', () => {
  it('have one size, and fill the room', () => {
    const { rects, content } = gridRects(4, { columns: 2, rows: 2, scrolls: false }, room, 20);
    expect(content).toEqual(room);
    expect(rects).toEqual([
      { x: 0, y: 0, width: 300, height: 195 },
      { x: 320, y: 0, width: 300, height: 195 },
      { x: 0, y: 215, width: 300, height: 195 },
      { x: 320, y: 215, width: 300, height: 195 },
    ]);
  });

  it('stand in the middle of a last row that is not full', () => {
    const { rects } = gridRects(5, { columns: 3, rows: 2, scrolls: false }, room, 10);
    expect(rects[3]?.x).toBe(105);
    expect(rects[4]?.x).toBe(315);
  });

  it('go on below the room where they do not fit', () => {
    const { rects, content } = gridRects(8, { columns: 2, rows: 3, scrolls: true }, room, 10);
    expect(rects[7]?.y).toBe(3 * 140);
    expect(content.height).toBe(3 * 140 + 130);
  });
});

describe('tiles of a strip', () => {
  it.each([
    ['row', { x: 330, y: 0 }, { width: 430, height: 60 }],
    ['column', { x: 0, y: 210 }, { width: 100, height: 270 }],
  ] as const)('follow each other in a %s', (direction, last, content) => {
    const placed = stripRects(4, { width: 100, height: 60 }, direction, 10);
    expect(placed.rects[3]).toMatchObject(last);
    expect(placed.content).toEqual(content);
  });

  it('need no room where there are none', () => {
    expect(stripRects(0, { width: 100, height: 60 }, 'row', 10).content.width).toBe(0);
  });
});

it('only what a window shows is there, with a margin around it', () => {
  const { rects } = stripRects(10, { width: 100, height: 60 }, 'column', 10);
  expect(inWindow(rects, { x: 0, y: 140, width: 100, height: 130 }, 0)).toEqual([2, 3]);
  expect(inWindow(rects, { x: 0, y: 140, width: 100, height: 130 }, 20)).toEqual([1, 2, 3, 4]);
});
