import { describe, expect, it } from 'vitest';
import { besideOf } from './besideOf';

const page = { width: 320, height: 600 };
const card = { width: 120, height: 30 };

describe('a tooltip', () => {
  it.each([
    ['under what lies high', { left: 138, top: 10, width: 44, height: 44 }, { x: 100, y: 60 }],
    ['over what lies low', { left: 138, top: 540, width: 44, height: 44 }, { x: 100, y: 504 }],
    ['inside at the left edge', { left: 0, top: 10, width: 44, height: 44 }, { x: 6, y: 60 }],
    ['inside at the right edge', { left: 276, top: 10, width: 44, height: 44 }, { x: 194, y: 60 }],
  ])('lies %s', (_, target, at) => {
    expect(besideOf(target, card, page)).toEqual(at);
  });
});
