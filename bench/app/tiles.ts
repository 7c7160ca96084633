import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, CDPSession } from 'playwright-core';
import { HeadlessPerson } from '../../e2e/support/headless.ts';
import { held, inspect, signIn, workedMs } from './pages.ts';

/** Changes of one window, and how long it is: the last one is drawn by its end. */
const EACH = 10;
const WINDOW_MS = 2_000;
/** As many as join at the same moment. */
const AT_ONCE = 6;

export interface Tiles {
  readonly people: number;
  /** From the tap on *Join call* to the last tile of the page of the grid that is in sight. */
  readonly joinMs: number;
  readonly tiles: number;
  readonly heap: number;
  /** Of the page's main thread for somebody's mute, beside what it does anyway. */
  readonly changeMs: number;
}

/** A call with so many people beside the one at the screen; they have a seat and no media. One after the other, each larger. */
export async function tiles(
  browser: Browser,
  url: string,
  sizes: readonly number[],
  changes: number,
): Promise<Tiles[]> {
  const host = await HeadlessPerson.signIn(url, 'Linus');
  const callId = await host.startIn('general', 'group_video', { tone: false, film: false });
  const crowd: HeadlessPerson[] = [host];
  const found: Tiles[] = [];
  try {
    for (const people of sizes) {
      while (crowd.length < people - 1) {
        const names = Array.from(
          { length: Math.min(AT_ONCE, people - 1 - crowd.length) },
          (_, index) => `Visitor ${crowd.length + index}`,
        );
        const more = await Promise.all(names.map((name) => host.colleague(name)));
        await Promise.all(more.map((person) => person.sit(callId)));
        crowd.push(...more);
      }
      found.push(await look(browser, url, crowd, people, changes));
    }
  } finally {
    for (const person of crowd) await person.leave();
  }
  return found;
}

async function look(
  browser: Browser,
  url: string,
  crowd: readonly HeadlessPerson[],
  people: number,
  changes: number,
): Promise<Tiles> {
  const context = await browser.newContext({
    permissions: ['microphone', 'camera'],
    viewport: { width: 1280, height: 800 },
  });
  try {
    const page = await context.newPage();
    await signIn(page, url, 'Ada');
    await page
      .getByRole('link', { name: /^#?\s*general/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Join call', exact: true }).click();
    await page.waitForURL(/\/lobby\//);
    const join = page.getByRole('button', { name: 'Join call', exact: true });
    await join.waitFor();
    const tile = page.getByRole('group', { name: /^(Visitor|Linus|Ada)/ });
    const begun = Date.now();
    await join.click();
    const wanted = Math.min(people, 9);
    await tile.nth(wanted - 1).waitFor({ timeout: 60_000 });
    const joinMs = Date.now() - begun;
    await page.getByRole('timer').waitFor({ timeout: 60_000 });
    const session = await inspect(page);
    const { heap } = await held(session);
    const changeMs = await workOfAChange(session, changes, (n) => crowd[1 + (n % 4)]?.showMuted(n % 8 < 4));
    const result = { people, joinMs, tiles: await tile.count(), heap, changeMs };
    await page.mouse.move(400, 300);
    await page.getByRole('button', { name: 'Leave call', exact: true }).first().click({ force: true });
    await page.getByRole('timer').waitFor({ state: 'hidden' });
    return result;
  } finally {
    await context.close();
  }
}

/** Of the main thread: in windows turn about in which some happen, and in which none does. */
async function workOfAChange(
  session: CDPSession,
  changes: number,
  change: (n: number) => Promise<unknown> | undefined,
): Promise<number> {
  const spent = async (during: () => Promise<void>) => {
    const before = await workedMs(session);
    await Promise.all([during(), pause(WINDOW_MS)]);
    return (await workedMs(session)) - before;
  };
  // What came with the call itself has come to rest.
  await pause(WINDOW_MS);
  let more = 0;
  let done = 0;
  while (done < changes) {
    const idle = await spent(async () => undefined);
    const busy = await spent(async () => {
      for (const end = Math.min(changes, done + EACH); done < end; done += 1) await change(done);
    });
    more += busy - idle;
  }
  return Math.max(0, more) / changes;
}
