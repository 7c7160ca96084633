import { locale, t } from './words';

const formats = new Map<string, Intl.DateTimeFormat>();
/** Making a format is slow (a millisecond and more); a list of messages needs the same few over and over. */
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale(), options);
  formats.set(key, made);
  return made;
}

const collators = new Map<string, Intl.Collator>();
/** The order of names in a list, as the language has it: *Visitor 9* before *Visitor 10*. */
export function byName(a: string, b: string): number {
  const known = collators.get(locale());
  const collator = known ?? new Intl.Collator(locale(), { numeric: true });
  if (known === undefined) collators.set(locale(), collator);
  return collator.compare(a, b);
}

const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
/** Days between two times by the calendar of this machine; a day with a clock change still counts as one. */
const daysApart = (earlier: number, later: number): number =>
  Math.round((startOfDay(later) - startOfDay(earlier)) / 86_400_000);

/** 9:12 AM, as the language writes it. Times are epoch milliseconds here and below. */
export const timeOfDay = (at: number): string => format({ hour: 'numeric', minute: '2-digit' }).format(at);

/** Today, Yesterday, Monday, 3 March, 3 March 2025: as much as is needed. */
export function dayName(at: number, now: number): string {
  const days = daysApart(at, now);
  if (days === 0) return t('time.today');
  if (days === 1) return t('time.yesterday');
  if (days > 1 && days < 7) return format({ weekday: 'long' }).format(at);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format({ day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(at);
}

export const dayAndTime = (at: number, now: number): string =>
  t('time.dayAndTime', { day: dayName(at, now), time: timeOfDay(at) });

export const sameDay = (a: number, b: number): boolean => startOfDay(a) === startOfDay(b);

/** 04:37, 1:02:09: the figure of a running or finished call. Negative counts as nothing. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** 26 min, 40 s, 1 h 5 min: for lists. */
export function briefDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return t('time.seconds', { count: whole });
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return t('time.minutes', { count: minutes });
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0
    ? t('time.wholeHours', { count: hours })
    : t('time.hours', { hours, minutes: minutes % 60 });
}

const numbers = new Map<string, Intl.NumberFormat>();
function inDigits(value: number, most: number): string {
  const key = `${locale()} ${most}`;
  const known = numbers.get(key) ?? new Intl.NumberFormat(locale(), { maximumFractionDigits: most });
  numbers.set(key, known);
  return known.format(value);
}
/** 1,240 as the language writes it. */
export const whole = (value: number): string => inDigits(value, 0);
/** 1.2: no more digits than somebody reads. */
export const decimal = (value: number): string => inDigits(value, 1);

/** Ada, Grace and Ken. Hermes has no Intl.ListFormat on every platform. */
export function listOf(names: readonly string[]): string {
  if (typeof Intl.ListFormat === 'function')
    return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(names);
  return names.join(', ');
}

/** What stands for a person where there is little room. */
export const firstName = (displayName: string): string => displayName.trim().split(/\s+/u)[0] ?? displayName;

/**
 * The same for each of several, so that no two are alike: *Ada L.* and *Ada B.*, and in full where that is not enough.
 * @returns by id; only those whose first name is not theirs alone
 */
export function namesakes(
  people: readonly { readonly id: string; readonly displayName: string }[],
): ReadonlyMap<string, string> {
  const forms: ((displayName: string) => string)[] = [firstName, withInitial, (displayName) => displayName];
  const names = new Map<string, string>();
  let alike = people;
  for (const [depth, form] of forms.entries()) {
    const byForm = groupBy(alike, ({ displayName }) => form(displayName));
    if (depth > 0) for (const { id, displayName } of alike) names.set(id, form(displayName));
    alike = [...byForm.values()].filter(({ length }) => length > 1).flat();
  }
  return names;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** Ada L.; a second word that is a number stays whole: Visitor 12. */
function withInitial(displayName: string): string {
  const [first = displayName, ...rest] = displayName.trim().split(/\s+/u);
  const last = rest.at(-1);
  if (last === undefined) return first;
  return /^\p{N}+$/u.test(last) ? `${first} ${last}` : `${first} ${[...last][0]}.`;
}
