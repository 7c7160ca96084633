import { expect, it } from 'vitest';
import { invitePath } from './invitePath';

it.each([
  ['Join the call: https://parley.test/join/aB3_-x', '/join/aB3_-x'],
  ['/join/abc', '/join/abc'],
  ['no link at all', null],
])('%s leads to %s', (content, path) => {
  expect(invitePath(content)).toBe(path);
});
