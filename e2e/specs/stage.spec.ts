import type { Locator, Page } from '@playwright/test';
import { Ledger } from '../support/api.ts';
import { expectMoving, expectSilence, expectTone } from '../support/media.ts';
import { connect, expect, test } from '../support/test.ts';

const boxOf = async (locator: Locator) => {
  const box = await locator.boundingBox();
  if (!box) throw new Error('It is not to be seen.');
  return box;
};

/** Waits until one's own picture lies still, and over none of the controls. */
async function expectClear(page: Page): Promise<void> {
  const inset = page.getByRole('group', { name: 'Your picture' });
  const controls = ['Mute microphone', 'Turn camera off', 'Leave call', 'Back to the chat'];
  const covered = async () => {
    // Between two sizes of the window it may be out of sight for a moment.
    const own = await inset.boundingBox({ timeout: 5_000 });
    if (!own) return ['not to be seen'];
    const boxes = await Promise.all(controls.map((name) => boxOf(page.getByRole('button', { name, exact: true }))));
    return controls.filter((_, index) => {
      const other = boxes[index] ?? own;
      const beside = own.x + own.width <= other.x || other.x + other.width <= own.x;
      return !beside && own.y < other.y + other.height && other.y < own.y + own.height;
    });
  };
  await expect.poll(covered).toEqual([]);
}

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');

test('one’s own picture moves by pointer and keys, covers nothing at any size, and stays where it was put', async ({
  ada,
  grace,
}) => {
  await connect(ada, grace, 'video');
  const { page } = ada;
  const inset = page.getByRole('group', { name: 'Your picture' });
  await expect(inset).toHaveAttribute('data-inset', 'topRight');
  const from = await boxOf(inset);
  await page.mouse.move(from.x + 30, from.y + 30);
  await page.mouse.down();
  await page.mouse.move(500, 400, { steps: 4 });
  await page.mouse.move(120, 640, { steps: 4 });
  await page.mouse.up();
  await expect(inset).toHaveAttribute('data-inset', 'bottomLeft');
  await expectClear(page);

  await inset.focus();
  await page.keyboard.press('ArrowRight');
  await expect(inset).toHaveAttribute('data-inset', 'bottomRight');
  for (const [width, height] of [
    [320, 568],
    [667, 375],
    [568, 320],
    [1280, 800],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expectClear(page);
    const { x, y, width: w, height: h } = await boxOf(inset);
    expect([x >= 0, y >= 0, x + w <= width, y + h <= height]).toEqual([true, true, true, true]);
  }
  await page.reload();
  await ada.expectInCall();
  await expect(inset).toHaveAttribute('data-inset', 'bottomRight');
});

test('from the bar over the chat one mutes, comes back, and hangs up; a ring can wait there too', async ({
  ada,
  grace,
}) => {
  await ada.startCall('audio', 'Grace');
  await ada.page.keyboard.press('Escape');
  const bar = ada.page.getByRole('region', { name: 'Call in progress' });
  await expect(bar).toContainText('Ringing…');
  // Back where one was, not home.
  await expect(ada.page).toHaveURL(/\/people\//);
  await grace.accept('audio');
  await expect(bar.getByRole('timer')).toBeVisible({ timeout: 30_000 });
  await grace.expectInCall();
  await expectTone(grace.page);

  await ada.linkTo('general').click();
  const draft = ada.page.getByRole('textbox', { name: 'Message' });
  await draft.fill('m is only a letter here:');
  await draft.press('m');
  await expect(bar.getByRole('button', { name: 'Mute microphone' })).toBeVisible();
  await draft.press('Enter');
  await expect(ada.page.getByText('m is only a letter here:m')).toBeVisible();
  await bar.getByRole('button', { name: 'Mute microphone' }).click();
  await expectSilence(grace.page);
  await bar.getByRole('button', { name: 'Unmute microphone' }).click();

  await bar.getByRole('button', { name: 'Back to the call' }).click();
  await ada.expectInCall();
  await ada.page.keyboard.press('Escape');
  await bar.getByRole('button', { name: 'Leave call' }).click();
  await expect(bar).toHaveCount(0);
  await expect(grace.heading('Call ended')).toBeVisible();
});

test('whoever looks elsewhere is told by the tab and by a notification, which go with the ring', async ({
  ada,
  grace,
}) => {
  const { page } = grace;
  const icon = page.locator('link[rel="icon"]');
  await expect(page).toHaveTitle('Parley');
  await page.evaluate(() => {
    const shown: { title: string; open: boolean }[] = [];
    class Notice {
      static readonly permission = 'granted';
      readonly #entry: { title: string; open: boolean };
      constructor(title: string) {
        this.#entry = { title, open: true };
        shown.push(this.#entry);
      }
      close() {
        this.#entry.open = false;
      }
    }
    Object.defineProperty(window, 'Notification', { value: Notice });
    Object.defineProperty(window, 'shownNotices', { value: shown });
    Object.defineProperty(document, 'hidden', { get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const notices = () => page.evaluate(() => (window as unknown as { shownNotices: unknown }).shownNotices);

  await ada.startCall('audio', 'Grace');
  await expect(ada.page).toHaveTitle('Calling Grace…');
  await expect(page).toHaveTitle('Ada is calling…');
  await expect(icon).toHaveAttribute('href', '/favicon-ringing.svg');
  await expect.poll(notices).toEqual([{ title: 'Ada Lovelace is calling…', open: true }]);
  await ada.button('Cancel').click();
  await expect(page).toHaveTitle('Parley');
  await expect(icon).toHaveAttribute('href', '/favicon.svg');
  await expect.poll(notices).toEqual([{ title: 'Ada Lovelace is calling…', open: false }]);

  await ada.startCall('audio', 'Grace');
  await grace.accept('audio');
  await grace.expectInCall();
  await expect(page).toHaveTitle('In a call with Ada');
  await expect(icon).toHaveAttribute('href', '/favicon-call.svg');
  await expect.poll(notices).toEqual([
    { title: 'Ada Lovelace is calling…', open: false },
    { title: 'Ada Lovelace is calling…', open: false },
  ]);
});

test('a whole call by keyboard: the focus is never lost, and never taken from who writes', async ({ ada, grace }) => {
  await grace.linkTo('general').click();
  const draft = grace.page.getByRole('textbox', { name: 'Message' });
  await draft.fill('half a ');
  await ada.openProfile('Grace');
  await ada.button('Audio call').focus();
  await ada.page.keyboard.press('Enter');
  await expect.poll(() => focused(ada.page)).toBe('Grace Hopper');

  await expect(grace.incoming('audio')).toBeVisible();
  await grace.page.keyboard.type('sentence');
  await expect(draft).toHaveValue('half a sentence');
  await draft.blur();
  await ada.page.keyboard.press('Tab');
  await ada.button('Cancel').focus();
  await ada.page.keyboard.press('Enter');
  await expect.poll(() => focused(ada.page)).toBe('Call ended');

  await ada.button('Call again').focus();
  await ada.page.keyboard.press('Enter');
  await expect(grace.incoming('audio')).toBeFocused();
  await grace.page.keyboard.press('Tab');
  expect(await focused(grace.page)).toBe('Decline');
  await grace.page.keyboard.press('Tab');
  expect(await focused(grace.page)).toBe('Accept');
  await grace.page.keyboard.press('Enter');
  await grace.expectInCall();
  await expect.poll(() => focused(grace.page)).toBe('Ada Lovelace');

  await grace.page.keyboard.press('?');
  const sheet = grace.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet).toContainText('Microphone on or off');
  await grace.page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(grace.callRegion).toBeVisible();
  await grace.page.keyboard.press('Shift+Escape');
  await expect(grace.button('Leave now')).toBeFocused();
  await grace.page.keyboard.press('Enter');
  await expect.poll(() => focused(grace.page)).toBe('Call ended');
  await grace.button('Done').focus();
  await grace.page.keyboard.press('Enter');
  await expect.poll(() => focused(grace.page)).toContain('general');
});

test('the call fills the screen and lies in a small window, and both end with it', async ({ parley, ada, grace }) => {
  const graceId = (await Ledger.of(parley.url, 'Grace')).userId;
  await connect(ada, grace, 'video');
  await expectMoving(ada.page, graceId);
  const full = () => ada.page.evaluate(() => document.fullscreenElement !== null);
  await ada.page.keyboard.press('f');
  await expect.poll(full).toBe(true);
  await expect(ada.button('Leave full screen')).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect.poll(full).toBe(false);
  await expect(ada.callRegion).toBeVisible();

  await ada.press('Peer to peer, end-to-end encrypted');
  await expect(ada.page.getByRole('dialog')).toContainText('the server never does');
  await ada.page.keyboard.press('Escape');

  const small = () => ada.page.evaluate(() => document.pictureInPictureElement !== null);
  await ada.press('Picture in picture');
  await expect.poll(small).toBe(true);
  // It stays when one turns to the chat: there it is wanted.
  await ada.press('Back to the chat');
  await expect(ada.button('Back to the call')).toBeVisible();
  expect(await small()).toBe(true);
  await grace.leave();
  await expect.poll(small).toBe(false);
});
