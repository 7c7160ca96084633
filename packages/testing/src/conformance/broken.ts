import { isDeepStrictEqual } from 'node:util';

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
  throw new Broken(`${what}: expected ${shown(expected)}, got ${shown(actual)}`);
}

/** Short enough for a line of the list. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
