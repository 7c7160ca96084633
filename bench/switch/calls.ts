import type { Page } from 'playwright-core';
import { button } from '../lib/pair.ts';
import type { World } from '../lib/world.ts';

const GIVE_UP_MS = 60_000;

/** A call with sound alone between somebody who stays where they are and somebody whose network changes. */
export interface Call {
  readonly name: string;
  readonly stays: Page;
  readonly moves: Page;
  /** They are in it, whether they were before or not. */
  ensure(): Promise<void>;
}

const isInCall = async (...pages: Page[]) =>
  (await Promise.all(pages.map((page) => page.getByRole('timer').isVisible()))).every(Boolean);
const inCall = (...pages: Page[]) =>
  Promise.all(pages.map((page) => page.getByRole('timer').waitFor({ timeout: GIVE_UP_MS })));
/** Home by loading the page: what is left of a call that broke is gone. */
const open = async (page: Page, url: string, link: RegExp) => {
  await page.goto(url);
  await page.getByRole('link', { name: link }).first().click();
};

export async function callOfTwo(world: World): Promise<Call> {
  const [stays, moves] = [await world.signIn('caller', 'Ada'), await world.signIn('callee', 'Grace')];
  return {
    name: 'parley, two',
    stays,
    moves,
    ensure: async () => {
      if (await isInCall(stays, moves)) return;
      await moves.goto(world.url);
      await open(stays, world.url, /^Grace/);
      await button(stays, 'Audio call').click();
      await button(moves, 'Accept').click({ timeout: GIVE_UP_MS });
      await inCall(stays, moves);
    },
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
    ensure: async () => {
      if (await isInCall(stays, moves)) return;
      const goesOn = await isInCall(stays);
      if (!goesOn) await enter(stays, 'Start audio call');
      await enter(moves, 'Join call');
    },
  };
}

export async function callOfLiveKitClient(world: World): Promise<Call> {
  const [stays, moves] = [await world.bareGroup('caller', 'ada'), await world.bareGroup('callee', 'grace')];
  return {
    name: 'livekit-client',
    stays,
    moves,
    ensure: async () => {
      for (const page of [stays, moves]) {
        const state = page.locator('#state');
        if ((await state.textContent()) === 'in call') continue;
        await page.click('#join');
        // It says what failed, if anything did.
        await page.waitForFunction(
          () => !/^(idle|joining)$/.test(document.getElementById('state')?.textContent ?? ''),
          null,
          { timeout: GIVE_UP_MS },
        );
        const now = await state.textContent();
        if (now !== 'in call') throw new Error(`livekit-client: ${now}`);
      }
    },
  };
}
