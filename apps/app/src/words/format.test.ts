import { describe, expect, it } from 'vitest';
import { briefDuration, byName, clock, dayName, listOf, namesakes, sameDay } from './format';
import { t } from './words';

const now = new Date(2026, 10, 22, 14, 0).getTime();
const ago = (days: number) => new Date(2026, 10, 22 - days, 9, 30).getTime();

describe('times in words', () => {
  it.each([
    [0, '00:00'],
    [277, '04:37'],
    [1572, '26:12'],
    [3729, '1:02:09'],
    [-3, '00:00'],
  ])('clock(%d) is %s', (seconds, text) => {
    expect(clock(seconds)).toBe(text);
  });

  it.each([
    [40, '40 s'],
    [240, '4 min'],
    [1572, '26 min'],
    [3590, '1 h'],
    [7200, '2 h'],
    [3900, '1 h 5 min'],
  ])('a list says %d s as %s', (seconds, text) => {
    expect(briefDuration(seconds)).toBe(text);
  });

  it.each([
    [0, /^Today$/],
    [1, /^Yesterday$/],
    [6, /^Monday$/],
    [7, /^(November 15|15 November)$/],
    [400, /October.*2025/],
  ])('the day %d days ago is %s', (days, text) => {
    expect(dayName(ago(days), now)).toMatch(text);
  });

  it('a day ends at midnight', () => {
    expect(sameDay(new Date(2026, 10, 22, 23, 59).getTime(), new Date(2026, 10, 23, 0, 0).getTime())).toBe(false);
  });

  it('names are joined as the language does it', () => {
    expect(listOf(['Ada', 'Grace', 'Ken'])).toMatch(/^Ada, Grace,? and Ken$/);
  });
});

describe('the catalogue', () => {
  it('counts', () => {
    expect(t('home.callsMissed', { count: 1 })).toBe('Calls, 1 missed call');
    expect(t('home.callsMissed', { count: 2 })).toBe('Calls, 2 missed calls');
  });
});

describe('names', () => {
  it('stand in the order in which people count', () => {
    const names = ['Visitor 10', 'Zoe', 'visitor 9', 'Ämil', 'Ada'];
    expect(names.sort(byName)).toEqual(['Ada', 'Ämil', 'visitor 9', 'Visitor 10', 'Zoe']);
  });

  it('are as short as tells people apart', () => {
    const people = [
      'Ada Lovelace',
      'Ada Byron',
      'Grace Hopper',
      'Visitor 9',
      'Visitor 12',
      'Ken Thompson',
      'Ken Tucker',
      'Ada',
    ];
    const names = namesakes(people.map((displayName) => ({ id: displayName, displayName })));
    expect(Object.fromEntries(names)).toEqual({
      'Ada Lovelace': 'Ada L.',
      'Ada Byron': 'Ada B.',
      Ada: 'Ada',
      'Visitor 9': 'Visitor 9',
      'Visitor 12': 'Visitor 12',
      'Ken Thompson': 'Ken Thompson',
      'Ken Tucker': 'Ken Tucker',
    });
  });
});
