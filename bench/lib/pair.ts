import type { Page } from 'playwright-core';
import { between, reset, seen } from './probe.ts';
import type { World } from './world.ts';

export type Kind = 'audio' | 'video';
const GIVE_UP_MS = 30_000;
/** From the ring to the tap nobody is faster: what is prepared meanwhile is there by then, on a network of 200 ms too. */
const REACTION_MS = 2_500;

/** Two people who call each other again and again: in Parley, or on the plain page. */
export interface Pair {
  readonly caller: Page;
  readonly callee: Page;
  /** Taps *Call*, and waits until the dialog is painted at the other. @returns milliseconds between the two */
  ring(): Promise<number>;
  /** What was prepared while it rang is there, if anything is. */
  settled(): Promise<void>;
  accept(): Promise<void>;
  hangUp(): Promise<void>;
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Controls that hid from whoever waited for a picture come back first. */
export async function pressOnStage(page: Page, name: string): Promise<void> {
  await page.mouse.move(400, 300);
  await page.mouse.move(410, 310);
  await button(page, name).first().click({ force: true });
}

/** What idle pages do would be measured with the others. */
export async function rest(...pages: readonly Page[]): Promise<void> {
  for (const page of pages) await page.goto('about:blank');
}

export async function parleyPair(world: World, kind: Kind): Promise<Pair> {
  const [caller, callee] = await Promise.all([world.signIn('caller', 'Ada'), world.signIn('callee', 'Grace')]);
  const name = kind === 'audio' ? 'Audio call' : 'Video call';
  await caller
    .getByRole('link', { name: /^Grace/ })
    .first()
    .click();
  await button(caller, name).waitFor();
  const call = () => button(caller, name).or(button(caller, 'Call again')).first();
  return {
    caller,
    callee,
    ring: async () => {
      await call().waitFor();
      await reset(caller, callee);
      await call().click();
      const at = await seen(callee, ['dialog'], GIVE_UP_MS);
      return between((await seen(caller, ['tap'])).tap, at.dialog);
    },
    settled: async () => {
      const connected = (page: Page) =>
        page
          .waitForFunction(
            () => [...window.benchProbe.peers].some((peer) => peer.connectionState === 'connected'),
            null,
            {
              timeout: 8_000,
            },
          )
          .catch(() => undefined);
      await Promise.all([connected(caller), connected(callee), caller.waitForTimeout(REACTION_MS)]);
    },
    accept: () => button(callee, 'Accept').click(),
    hangUp: async () => {
      for (const label of ['Leave call', 'Cancel']) {
        if ((await button(caller, label).count()) > 0) {
          await pressOnStage(caller, label);
          break;
        }
      }
      await button(caller, 'Call again').waitFor({ timeout: GIVE_UP_MS });
      await callee.waitForFunction(() => document.querySelector('[role=alertdialog]') === null);
      await callee.waitForFunction(() =>
        [...window.benchProbe.peers].every((peer) => peer.connectionState === 'closed'),
      );
    },
  };
}

export async function barePair(world: World, kind: Kind, ice?: RTCConfiguration): Promise<Pair> {
  const query = `${kind === 'video' ? '&video=1' : ''}${ice ? `&ice=${encodeURIComponent(JSON.stringify(ice))}` : ''}`;
  const [caller, callee] = await Promise.all([
    world.bare('caller', 'ada', query),
    world.bare('callee', 'grace', query),
  ]);
  const idle = (page: Page) => page.waitForFunction(() => document.getElementById('state')?.textContent === 'idle');
  return {
    caller,
    callee,
    ring: async () => {
      await reset(caller, callee);
      await caller.click('#call');
      const at = await seen(callee, ['dialog'], GIVE_UP_MS);
      return between((await seen(caller, ['tap'])).tap, at.dialog);
    },
    settled: () => caller.waitForTimeout(REACTION_MS),
    accept: () => callee.getByRole('button', { name: 'Accept' }).click(),
    hangUp: async () => {
      await caller.click('#hang');
      await Promise.all([idle(caller), idle(callee)]);
    },
  };
}
