import type { Ids } from '@parley/client';

/** Mulberry32: the same seed gives the same numbers (0 ≤ n < 1) on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** UUIDs that count: easy to tell apart in a failing test. */
export class CountingIds implements Ids {
  #next: number;

  constructor(first = 1) {
    this.#next = first;
  }

  uuid(): string {
    return uuidOf(this.#next++);
  }
}

export const uuidOf = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
