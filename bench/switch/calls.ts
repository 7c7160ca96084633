import type { Page } from 'playwright-core';
import { button, pressOnStage, rest } from '../lib/pair.ts';
import type { World } from '../lib/world.ts';

const GIVE_UP_MS = 60_000;

/** A call with sound alone between somebody who stays where they are and somebody whose network changes. */
export interface Call {
  readonly name: string;
  readonly stays: Page;
  readonly moves: Page;
  enter(): Promise<void>;
  /** Both are out of it, whatever had become of it. */
  leave(): Promise<void>;
}

const inCall = (...pages: Page[]) =>
  Promise.all(pages.map((page) => page.getByRole('timer').waitFor({ timeout: GIVE_UP_MS })));
/** Home by loading the page: what is left of a call that broke is gone. */
const open = async (page: Page, url: string, link: RegExp) => {
  await page.goto(url);
  await page.getByRole('link', { name: link }).first().click();
};
/** Wherever it goes on still: of two, the other one's end comes with the first. */
const hangUp = async (...pages: readonly Page[]) => {
  for (const [index, page] of pages.entries()) {
    const timer = page.getByRole('timer');
    if (index > 0) await timer.waitFor({ state: 'hidden', timeout: 1_500 }).catch(() => undefined);
    if (!(await timer.isVisible())) continue;
    await pressOnStage(page, 'Leave call');
    await timer.waitFor({ state: 'hidden', timeout: GIVE_UP_MS });
  }
  await rest(...pages);
};

export async function callOfTwo(world: World): Promise<Call> {
  const [stays, moves] = [await world.signIn('caller', 'Ada'), await world.signIn('callee', 'Grace')];
  return {
    name: 'parley, two',
    stays,
    moves,
    enter: async () => {
      await moves.goto(world.url);
      await open(stays, world.url, /^Grace/);
      await button(stays, 'Audio call').click();
      await button(moves, 'Accept').click({ timeout: GIVE_UP_MS });
      await inCall(stays, moves);
    },
    leave: () => hangUp(moves, stays),
  };
}

export async function callOfAGroup(world: World): Promise<Call> {
  const [stays, moves] = [await world.signIn('caller', 'Linus'), await world.signIn('callee', 'Margaret')];
  const enter = async (page: Page, name: string) => {
    await open(page, world.url, /^#?\s*general/);
    await button(page, name).click({ timeout: GIVE_UP_MS });
    await page.waitForURL(/\/lobby\//);
    await button(page, 'Join call').click();
    await inCall(page);
  };
  return {
    name: 'parley, group',
    stays,
    moves,
    enter: async () => {
      await enter(stays, 'Start audio call');
      await enter(moves, 'Join call');
    },
    leave: () => hangUp(moves, stays),
  };
}

export async function callOfLiveKitClient(world: World): Promise<Call> {
  const [stays, moves] = [await world.bareGroup('caller', 'ada'), await world.bareGroup('callee', 'grace')];
  const addresses = [stays.url(), moves.url()] as const;
  const becomes = (page: Page, wanted: RegExp) =>
    page.waitForFunction(
      (text) => new RegExp(text).test(document.getElementById('state')?.textContent ?? ''),
      wanted.source,
      {
        timeout: GIVE_UP_MS,
      },
    );
  return {
    name: 'livekit-client',
    stays,
    moves,
    enter: async () => {
      for (const [index, page] of [stays, moves].entries()) {
        await page.goto(addresses[index] ?? '');
        await becomes(page, /^idle$/);
        await page.click('#join');
        // It says what failed, if anything did.
        await becomes(page, /^(?!idle$|joining$)/);
        const now = await page.locator('#state').textContent();
        if (now !== 'in call') throw new Error(`livekit-client: ${now}`);
      }
    },
    leave: async () => {
      for (const page of [moves, stays]) {
        await page.click('#leave');
        await becomes(page, /^idle$/);
        await rest(page);
      }
    },
  };
}
