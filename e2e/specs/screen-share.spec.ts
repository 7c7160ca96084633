import type { Page } from '@playwright/test';
import { Ledger } from '../support/api.ts';
import { expectMoving, expectScreen, expectTone } from '../support/media.ts';
import { connect, expect, test } from '../support/test.ts';

declare global {
  interface Window {
    parleyShares: MediaStream[];
  }
}

/** Notes what the page shares. */
const noteShares = (page: Page) =>
  page.evaluate(() => {
    window.parleyShares = [];
    const ask = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getDisplayMedia = async (options) => {
      const stream = await ask(options);
      window.parleyShares.push(stream);
      return stream;
    };
  });

const noScreen = (page: Page) => expect(page.locator('video[data-source="screen"]')).toHaveCount(0);

test('in a call of two both share a screen at once, each sees the other one, and the call goes on', async ({
  parley,
  ada,
  grace,
}) => {
  const [adaId, graceId] = await Promise.all(
    ['Ada', 'Grace'].map(async (first) => (await Ledger.of(parley.url, first)).userId),
  );
  if (!adaId || !graceId) throw new Error('Nobody is there.');
  await connect(ada, grace, 'video');
  await expectMoving(grace.page, adaId);

  await ada.press('Share screen');
  await expect(ada.button('Stop sharing')).toBeVisible();
  await expect(ada.page.getByText('You are sharing your screen')).toBeVisible();
  await expectScreen(grace.page, adaId);
  // The person is still to be seen beside it, and oneself.
  await expectMoving(grace.page, adaId);
  await expectMoving(grace.page, graceId);

  await grace.press('Share screen');
  await expectScreen(ada.page, graceId);
  await expectScreen(grace.page, adaId);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);

  await ada.press('Stop sharing');
  await noScreen(grace.page);
  await expectScreen(ada.page, graceId);
  await grace.press('Stop sharing');
  await noScreen(ada.page);
  await Promise.all([expectMoving(ada.page, graceId), expectMoving(grace.page, adaId)]);
});

test("a stop from the browser's own bar is noticed on both sides", async ({ parley, ada, grace }) => {
  const { userId } = await Ledger.of(parley.url, 'Ada');
  await connect(ada, grace, 'audio');
  await noteShares(ada.page);
  await ada.press('Share screen');
  await expectScreen(grace.page, userId);
  // What the bar does to a page: the track ends, and says so. A headless browser has no bar to press.
  await ada.page.evaluate(() => {
    for (const track of window.parleyShares.flatMap((stream) => stream.getTracks())) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  });
  await expect(ada.button('Share screen')).toBeVisible();
  await noScreen(grace.page);
  await expectTone(grace.page);
});

test('a question that is refused is said quietly, and changes nothing', async ({ ada, grace }) => {
  await connect(ada, grace, 'audio');
  await ada.page.evaluate(() => {
    navigator.mediaDevices.getDisplayMedia = () =>
      Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
  });
  await ada.press('Share screen');
  await expect(ada.status('Your screen is not shared')).toBeVisible();
  await expect(ada.button('Share screen')).toBeVisible();
  await expect(ada.page.getByRole('alertdialog')).toHaveCount(0);
  await noScreen(grace.page);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
});
