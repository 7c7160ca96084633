import { isDeepStrictEqual } from 'node:util';

/** Characters. */
const SHORT = 120;

/** The server has not kept the contract; the message is the sentence that the list prints. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** @throws Broken */
export function hold(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Broken(sentence);
}

/** @throws Broken with both values, unless they are the same in depth */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  const { at, one, other } = firstDifference(expected, actual);
  throw new Broken(`${what}${at}: expected ${shown(one)}, got ${shown(other)}`);
}

/** Of long lists the place in which they differ is what counts; short values are shown whole. */
function firstDifference(one: unknown, other: unknown): { at: string; one: unknown; other: unknown } {
  if (Array.isArray(one) && Array.isArray(other) && shown(one).length > SHORT) {
    const place = one.findIndex((item, i) => !isDeepStrictEqual(item, other[i]));
    if (place >= 0) return { at: `, at ${place} of ${one.length}`, one: one[place], other: other[place] };
  }
  return { at: '', one, other };
}

/** Short enough for a line of the list. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
