import { beforeEach, expect, it } from 'vitest';
import { WeakLink } from '../src/media/weak-link.ts';

let link: WeakLink;
beforeEach(() => {
  link = new WeakLink();
});

const weak = { quality: 'weak', holdsVideo: true } as const;
const good = { quality: 'good', holdsVideo: false } as const;

it('holds nothing on a connection that is weak for a moment, or good', () => {
  link.look(weak, 0);
  link.look(weak, 9_000);
  link.look(good, 10_000);
  link.look(weak, 11_000);
  link.look(weak, 20_000);
  expect(link.holds).toBe(false);
});

it('holds the pictures of the others when to hold back the own one has not helped for ten seconds', () => {
  link.look(weak, 0);
  link.look(weak, 10_000);
  expect(link.holds).toBe(true);
});

it('waits with them as long as the own picture is not held back, however weak it is', () => {
  link.look({ quality: 'weak', holdsVideo: false }, 0);
  link.look({ quality: 'weak', holdsVideo: false }, 60_000);
  expect(link.holds).toBe(false);
  link.look(weak, 61_000);
  link.look(weak, 70_000);
  expect(link.holds).toBe(false);
});

it('lets go on a good connection, not on a fair one, and not before half a minute', () => {
  link.look(weak, 0);
  link.look(weak, 10_000);
  link.look(good, 39_999);
  expect(link.holds).toBe(true);
  link.look({ quality: 'fair', holdsVideo: false }, 50_000);
  expect(link.holds).toBe(true);
  link.look(good, 50_001);
  expect(link.holds).toBe(false);
});

it('begins to count anew after that, and with each call', () => {
  link.look(weak, 0);
  link.look(weak, 10_000);
  link.look(good, 60_000);
  link.look(weak, 61_000);
  expect(link.holds).toBe(false);
  link.look(weak, 71_000);
  expect(link.holds).toBe(true);
  link.reset();
  expect(link.holds).toBe(false);
  link.look(weak, 80_000);
  expect(link.holds).toBe(false);
});

it('takes what is not known for no reason', () => {
  link.look({ quality: null, holdsVideo: true }, 0);
  link.look({ quality: null, holdsVideo: true }, 60_000);
  expect(link.holds).toBe(false);
});
