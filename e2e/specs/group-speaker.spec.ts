import type { Page } from '@playwright/test';
import { companyOf, gather } from '../support/company.ts';
import { mediaServerReady } from '../support/media-server.ts';
import { expectReceived } from '../support/received.ts';
import { expect, test } from '../support/test.ts';

test.use({ serverEnv: { PARLEY_LIVEKIT: 'auto' }, quiet: true });

/** First names of those whose tile has the speaker's ring. */
const ringed = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('[role="region"][aria-label="Call"] [role="group"]')]
      .filter((tile) =>
        [...tile.children].some((part) => {
          const { borderTopWidth, borderTopColor } = getComputedStyle(part);
          return borderTopWidth === '3px' && borderTopColor === 'rgb(123, 224, 173)';
        }),
      )
      .map((tile) => (tile.getAttribute('aria-label') ?? '').split(' ')[0] ?? '')
      .sort(),
  );

/** The first name on the largest tile. */
const onStage = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => {
    const size = (tile: Element) => tile.getBoundingClientRect().width * tile.getBoundingClientRect().height;
    const tiles = [...document.querySelectorAll('[role="region"][aria-label="Call"] [role="group"]')];
    const [largest] = tiles.sort((a, b) => size(b) - size(a));
    return largest?.getAttribute('aria-label')?.split(' ')[0];
  });

/** From when this one has a ring until they are on the stage, in milliseconds, as the page draws it. */
const fromRingToStage = (page: Page, first: string): Promise<number> =>
  page.evaluate(async (first) => {
    const tiles = () => [...document.querySelectorAll(`[role="group"][aria-label^="${first}"]`)];
    const isRinged = () =>
      tiles().some((tile) => [...tile.children].some((part) => getComputedStyle(part).borderTopWidth === '3px'));
    const isLarge = () => tiles().some((tile) => tile.getBoundingClientRect().width > window.innerWidth / 2);
    let since: number | null = null;
    while (!isLarge()) {
      if (since === null && isRinged()) since = performance.now();
      await new Promise(requestAnimationFrame);
    }
    return since === null ? 0 : performance.now() - since;
  }, first);

test('who speaks has a ring and, in the view that follows speakers, the stage; talking over takes a while; a pin stays', async ({
  parley,
  ada,
}) => {
  await mediaServerReady(parley);
  const { page } = ada;
  const company = await companyOf(parley, 3);
  const [linus, margaret, ken] = company;
  if (margaret === undefined || ken === undefined) throw new Error('Nobody is there.');
  await gather(company, 'general', { tone: false });
  await ada.joinGroup('general');
  await ada.press('Mute microphone');
  // The media server tells of a change only those whom something of that person reaches already.
  await expectReceived(page, [linus.userId, margaret.userId, ken.userId]);
  expect(await ringed(page)).toEqual([]);

  const words = await ken.media.publishTone({ loudness: 0.1 });
  await expect.poll(() => ringed(page)).toEqual(['Ken']);
  await ada.press('More');
  await ada.button('Show who speaks').click();
  await expect.poll(() => onStage(page)).toBe('Ken');

  // Louder than Ken, who goes on: a remark of less than two seconds would change nothing.
  const change = fromRingToStage(page, 'Linus');
  const interruption = await linus.media.publishTone({ loudness: 0.9 });
  await expect.poll(() => ringed(page)).toEqual(['Ken', 'Linus']);
  expect(await change).toBeGreaterThan(1_500);
  await expect.poll(() => onStage(page)).toBe('Linus');

  // Silence gives up no stage.
  await interruption.stop();
  await words.stop();
  await expect.poll(() => ringed(page)).toEqual([]);
  expect(await onStage(page)).toBe('Linus');

  await ada.choose('Margaret', 'Keep on the stage');
  await expect.poll(() => onStage(page)).toBe('Margaret');
  const more = await ken.media.publishTone();
  await expect.poll(() => ringed(page)).toEqual(['Ken']);
  expect(await onStage(page)).toBe('Margaret');
  await ada.choose('Margaret', 'Take off the stage');
  await expect.poll(() => onStage(page)).toBe('Ken');
  await more.stop();

  await ada.press('More');
  await ada.button('Show everybody').click();
  await expect.poll(() => onStage(page)).not.toBeUndefined();
  await expect(ada.tile('Margaret')).toBeVisible();
  for (const person of company) await person.leave();
});
