/**
 * How values come back, the same from both drivers: bigint and numeric as numbers (counters, milliseconds and
 * percentages, all within 2^53), timestamps as `Date`, JSON parsed. By type oid.
 */
export const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  20: Number,
  1700: Number,
  1184: (text) => new Date(text),
};
