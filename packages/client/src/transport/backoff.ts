/** Exponential backoff with full jitter: a crowd that lost its server does not come back in step. */
export interface Backoff {
  /** Milliseconds to wait before the next attempt. */
  next(): number;
  reset(): void;
}

export function fullJitter(random: () => number, firstMs = 500, mostMs = 15_000): Backoff {
  let attempt = 0;
  return {
    next() {
      const cap = Math.min(mostMs, firstMs * 2 ** attempt);
      attempt = Math.min(attempt + 1, 30);
      return Math.round(random() * cap);
    },
    reset() {
      attempt = 0;
    },
  };
}
