import { describe, expect, it } from 'vitest';
import { placeName } from './placeName';

const known = {
  channels: [
    { id: 'c1', name: 'general', kind: 'channel' as const, memberIds: [] },
    { id: 'c2', name: 'direct', kind: 'direct' as const, memberIds: ['me', 'p1'] },
  ],
  people: [{ id: 'p1', displayName: 'Grace Hopper' }],
};

describe('the title of a page', () => {
  it.each([
    ['/', null],
    ['/sign-in', 'Sign in'],
    ['/sign-up', 'Create an account'],
    ['/calls', 'Calls'],
    ['/settings', 'Settings'],
    ['/channel/c1', '# general'],
    ['/channel/c2', 'Grace Hopper'],
    ['/channel/c3', null],
    ['/people/p1', 'Grace Hopper'],
    ['/people/p2', null],
    ['/call/x', 'Call'],
    ['/invite/x', 'You are invited'],
    ['/nowhere', null],
  ])('%s is called %s', (path, name) => {
    expect(placeName(path, known)).toBe(name);
  });
});
