import { describe, it } from 'vitest';

type Need = {
  /** What it needs, with its article: `a Redis`. */
  readonly what: string;
  /** Why it is not to be had here; null where it is. */
  readonly lack: string | null;
  /** How to come by it. */
  readonly hint?: string;
  /** Of each test, in milliseconds. */
  readonly timeout?: number;
};

/** A suite that needs more than npm installs. Without it fails under CI, and is skipped elsewhere with the reason printed. */
export function describeNeeding({ what, lack, hint, timeout }: Need, title: string, suite: () => void): void {
  if (lack === null) {
    describe(title, timeout === undefined ? {} : { timeout }, suite);
  } else if (process.env.CI === 'true') {
    it(`${title}: ${what} is there`, () => {
      throw new Error(`The tests want ${what}: ${lack}`);
    });
  } else {
    console.warn(`Skipped ${title}: ${lack}.${hint === undefined ? '' : ` ${hint}`}`);
    describe.skip(title, suite);
  }
}
