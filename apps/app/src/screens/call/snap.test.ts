import { describe, expect, it } from 'vitest';
import { CORNERS, cornerByKey, cornerFor, placesIn, type Rect, type Room } from './snap';

const keepOff = { top: 92, right: 16, bottom: 16, left: 16 };
const phone = (width: number, height: number, controls: number): Room => ({
  area: { width, height },
  keepOff,
  obstacles: [{ x: (width - controls) / 2, y: height - 56 - 106, width: controls, height: 106 }],
});
const overlaps = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the places of the inset', () => {
  it.each([
    ['a phone', 390, 844],
    ['the narrowest page', 320, 568],
    ['a phone on its side', 667, 375],
    ['a small phone on its side', 568, 320],
    ['a tablet', 768, 1024],
    ['a page at 200 %', 640, 400],
  ])('cover no control and stay inside on %s', (_, width, height) => {
    const room = phone(width, height, Math.min(300, width - 20));
    const places = placesIn(room, { width: 108, height: 148 });
    expect(places).not.toBeNull();
    for (const corner of CORNERS) {
      const rect = { ...(places?.at[corner] ?? { x: 0, y: 0 }), ...(places?.size ?? { width: 0, height: 0 }) };
      for (const obstacle of room.obstacles) expect(overlaps(rect, obstacle)).toBe(false);
      expect(rect.x).toBeGreaterThanOrEqual(16);
      expect(rect.y).toBeGreaterThanOrEqual(92);
      expect(rect.x + rect.width).toBeLessThanOrEqual(width - 16);
      expect(rect.y + rect.height).toBeLessThanOrEqual(height - 16);
    }
  });

  it('lie beside the controls where there is room, and above them where there is not', () => {
    const beside = placesIn(phone(900, 500, 240), { width: 148, height: 108 });
    expect(beside?.at.bottomRight).toEqual({ x: 900 - 16 - 148, y: 500 - 16 - 108 });
    const above = placesIn(phone(390, 844, 300), { width: 108, height: 148 });
    expect(above?.at.bottomRight.y).toBe(844 - 56 - 106 - 8 - 148);
  });

  it('keep the size that was wanted where it fits, and the proportions where it does not', () => {
    expect(placesIn(phone(390, 844, 240), { width: 108, height: 148 })?.size).toEqual({ width: 108, height: 148 });
    const small = placesIn(phone(320, 390, 300), { width: 108, height: 148 })?.size;
    expect(small?.height).toBeLessThan(148);
    expect((small?.width ?? 0) / (small?.height ?? 1)).toBeCloseTo(108 / 148, 1);
  });

  it('are none where there is no room at all', () => {
    expect(placesIn(phone(320, 200, 300), { width: 108, height: 148 })).toBeNull();
  });

  it('make way for several things one after the other', () => {
    const tag = { x: 0, y: 700, width: 100, height: 40 };
    const room = { area: { width: 400, height: 800 }, keepOff: { ...keepOff, top: 16 }, obstacles: [] as Rect[] };
    const places = placesIn({ ...room, obstacles: [tag, { ...tag, y: 560 }] }, { width: 100, height: 140 });
    expect(places?.at.bottomLeft).toEqual({ x: 16, y: 560 - 8 - 140 });
  });
});

describe('the corner', () => {
  const room = phone(400, 800, 240);
  const size = { width: 100, height: 100 };
  it.each([
    ['the nearest', { x: 20, y: 100 }, { x: 0, y: 0 }, 'topLeft'],
    ['the one it is thrown at', { x: 20, y: 100 }, { x: 2, y: 3 }, 'bottomRight'],
    ['the nearest below', { x: 200, y: 420 }, { x: 0, y: 0 }, 'bottomRight'],
  ] as const)('is %s', (_, at, speed, corner) => {
    expect(cornerFor(room, size, at, speed)).toBe(corner);
  });

  it('follows the arrow keys, and no other', () => {
    expect(cornerByKey('topRight', 'ArrowLeft')).toBe('topLeft');
    expect(cornerByKey('topLeft', 'ArrowDown')).toBe('bottomLeft');
    expect(cornerByKey('bottomLeft', 'ArrowRight')).toBe('bottomRight');
    expect(cornerByKey('bottomRight', 'ArrowUp')).toBe('topRight');
    expect(cornerByKey('topRight', 'ArrowRight')).toBe('topRight');
    expect(cornerByKey('topRight', 'Enter')).toBeNull();
  });
});
