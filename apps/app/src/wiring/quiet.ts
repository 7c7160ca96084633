import { FOR_GOOD } from '@parley/protocol';
import type { QuietChoice } from '../screens/settings/CallsSection';

const HOUR_MS = 3_600_000;

/** The next morning at eight, by the clock of this machine; before that hour, of the same day after the night. */
export function tomorrowAtEight(now: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + 1);
  return day.setHours(8, 0, 0, 0);
}

/** RFC 3339, or null for not at all. */
export function quietUntil(choice: QuietChoice, now: number): string | null {
  switch (choice) {
    case 'off':
      return null;
    case 'hour':
      return new Date(now + HOUR_MS).toISOString();
    case 'eight':
      return new Date(now + 8 * HOUR_MS).toISOString();
    case 'tomorrow':
      return new Date(tomorrowAtEight(now)).toISOString();
    case 'always':
      return FOR_GOOD;
  }
}

/** Which choice a time belongs to: it may have been made some time ago, or on another device. */
export function quietChoiceOf(until: string | null, now: number): QuietChoice {
  if (until === null) return 'off';
  if (until === FOR_GOOD) return 'always';
  const left = Date.parse(until) - now;
  if (left <= 0) return 'off';
  if (Date.parse(until) === tomorrowAtEight(now)) return 'tomorrow';
  if (left <= HOUR_MS) return 'hour';
  return left <= 8 * HOUR_MS ? 'eight' : 'tomorrow';
}

/** Whether somebody is not to be disturbed now. */
export const isQuiet = (until: string | null | undefined, now: number): boolean =>
  typeof until === 'string' && Date.parse(until) > now;
