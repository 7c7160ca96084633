import { expect, it } from 'vitest';
import { squareOf } from './square';

it('cuts the square out of the middle', () => {
  expect(squareOf(400, 300)).toEqual({ x: 50, y: 0, side: 300 });
  expect(squareOf(300, 401)).toEqual({ x: 0, y: 50, side: 300 });
  expect(squareOf(64, 64)).toEqual({ x: 0, y: 0, side: 64 });
});
