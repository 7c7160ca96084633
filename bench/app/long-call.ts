import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { fitted, type Interval } from '../lib/stats.ts';
import { type Held, held, inspect, signIn } from './pages.ts';

/**
 * What a call takes up at first is no growth: caches that fill, pictures that are decoded, code that is compiled when it first runs. The last of
 * it comes with the first renewal of the tokens, after sixteen minutes.
 */
const SETTLES = 0.6;
/** A shorter call says nothing of growth. */
export const TELLING_MINUTES = 10;

export interface LongCall {
  readonly minutes: number;
  readonly held: readonly ({ readonly minute: number } & Held)[];
  /** Bytes a minute, once it has settled. */
  readonly growth: Interval;
}

/** `PARLEY_BENCH_CALL_MINUTES=30` is the long one. @throws Error where the variable makes no sense */
export function minutesOf(smoke: boolean, given = process.env.PARLEY_BENCH_CALL_MINUTES): number {
  if (smoke) return 0.05;
  if (given === undefined || given === '') return 1;
  const minutes = Number(given);
  if (!(minutes >= 0.1 && minutes <= 240))
    throw new Error('PARLEY_BENCH_CALL_MINUTES must be a number from 0.1 to 240.');
  return minutes;
}

/** Two people in a video call: what the page of the one who was called holds as it goes on. */
export async function longCall(browser: Browser, url: string, minutes: number): Promise<LongCall> {
  const options = { permissions: ['microphone', 'camera'], viewport: { width: 1280, height: 800 } };
  const contexts = [await browser.newContext(options), await browser.newContext(options)] as const;
  try {
    const [ada, grace] = [await contexts[0].newPage(), await contexts[1].newPage()];
    await Promise.all([signIn(ada, url, 'Ada'), signIn(grace, url, 'Grace')]);
    await ada
      .getByRole('link', { name: /^Grace/ })
      .first()
      .click();
    await ada.getByRole('button', { name: 'Video call', exact: true }).click();
    await grace.getByRole('button', { name: 'Accept', exact: true }).click();
    await grace.getByRole('timer').waitFor();
    const session = await inspect(grace);
    const seen: ({ minute: number } & Held)[] = [];
    const begun = Date.now();
    const minuteNow = () => (Date.now() - begun) / 60_000;
    // Some forty looks, however long it is: each of them holds the page up for a moment.
    const every = Math.max(1_000, (minutes * 60_000) / 40);
    do {
      await pause(every);
      seen.push({ minute: minuteNow(), ...(await held(session)) });
    } while (minuteNow() < minutes);
    if (!(await grace.getByRole('timer').isVisible())) throw new Error('The call ended before its time.');
    const settled = seen.filter(({ minute }) => minute >= minutes * SETTLES);
    const growth = fitted(settled.map(({ minute, heap }) => ({ r: Math.round(minute * 60) / 60, ms: heap }))).slope;
    return { minutes, held: seen, growth };
  } finally {
    for (const context of contexts) await context.close();
  }
}
