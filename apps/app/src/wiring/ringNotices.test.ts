import { describe, expect, it } from 'vitest';
import { isTimeToAsk, NOT_NOW_MS, ringNotices } from './ringNotices';

const ada = { id: 'ada', displayName: 'Ada Lovelace' };
const ring = (change = {}) => ({
  id: 'c1',
  kind: 'video' as const,
  caller: ada,
  team: 'Acme',
  answering: false,
  audible: true,
  ...change,
});

describe('a system notice', () => {
  it('tells of a ring to somebody who looks elsewhere', () => {
    expect(ringNotices({ rings: [ring()], away: true, permission: 'granted' })).toEqual([
      { tag: 'ring-c1', title: 'Ada Lovelace is calling…', body: 'Incoming video call · Acme' },
    ]);
  });

  it.each([
    ['while the page is looked at', { rings: [ring()], away: false, permission: 'granted' as const }],
    ['after a denial', { rings: [ring()], away: true, permission: 'denied' as const }],
    ['before anybody was asked', { rings: [ring()], away: true, permission: 'prompt' as const }],
    ['once it was answered', { rings: [ring({ answering: true })], away: true, permission: 'granted' as const }],
    [
      'to who is not to be disturbed',
      { rings: [ring({ silent: 'quiet' })], away: true, permission: 'granted' as const },
    ],
    [
      'on a device that does not ring',
      { rings: [ring({ silent: 'device' })], away: true, permission: 'granted' as const },
    ],
    ['where another tab speaks', { rings: [ring({ audible: false })], away: true, permission: 'granted' as const }],
    ['when nothing rings', { rings: [], away: true, permission: 'granted' as const }],
  ])('does not come %s', (_, moment) => {
    expect(ringNotices(moment)).toEqual([]);
  });
});

describe('the question for notices', () => {
  const asking = { permission: 'prompt' as const, hadCall: true, busy: false, declinedAt: null, now: NOT_NOW_MS * 3 };
  it.each([
    ['comes after a call', {}, true],
    ['does not come before one', { hadCall: false }, false],
    ['does not come in one', { busy: true }, false],
    ['does not come where it was denied', { permission: 'denied' as const }, false],
    ['does not come where there are none', { permission: 'none' as const }, false],
    ['does not come soon after "not now"', { declinedAt: NOT_NOW_MS * 2.5 }, false],
    ['comes a month after "not now"', { declinedAt: NOT_NOW_MS }, true],
  ])('%s', (_, change, asks) => {
    expect(isTimeToAsk({ ...asking, ...change })).toBe(asks);
  });
});
