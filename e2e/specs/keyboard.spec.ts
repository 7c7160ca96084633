import type { Page } from '@playwright/test';
import { expect, test } from '../support/test.ts';

const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    // Nowhere, as far as a keyboard is concerned.
    if (at === null || at === document.body || at.getClientRects().length === 0) return 'nothing';
    return at.getAttribute('aria-label') ?? at.textContent ?? '';
  });

/** Goes on by Tab, or back by Shift+Tab, as a person does who looks for something. */
async function tabTo(page: Page, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (typeof name === 'string' ? at === name : name.test(at)) return;
    passed.push(at);
  }
  throw new Error(`Tab did not come to ${name}, but to ${passed.join(' | ')}`);
}

test('from signing in to the second call by keyboard alone, and the focus is where it belongs at each step', async ({
  parley,
  grace,
  page,
}) => {
  const keys = page.keyboard;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const expectFocus = (name: string) => expect.poll(() => focused(page)).toBe(name);

  await page.goto(`${parley.url}/sign-in`);
  await expect(button('Continue as Ada')).toBeVisible();
  await tabTo(page, 'Continue as Ada');
  await keys.press('Enter');
  await expectFocus('Choose a channel or a person');
  await tabTo(page, /^Grace Hopper/, 'Shift+Tab');
  await keys.press('Enter');
  await expect(page).toHaveTitle('Grace Hopper · Parley');
  // The list stays beside the page, and the focus in it.
  await expectFocus('Grace Hopper, Online');

  await tabTo(page, 'Video call');
  await keys.press('Enter');
  await expect(page.getByText('Ringing…').first()).toBeVisible();
  await expectFocus('Grace Hopper');
  await expect(grace.incoming('video')).toBeFocused();
  await grace.page.keyboard.press('Control+Enter');
  await grace.expectInCall();
  await expect(page.getByRole('timer')).toBeVisible({ timeout: 30_000 });
  await expectFocus('Grace Hopper');

  const said = page.locator('[aria-live="polite"]');
  await keys.press('m');
  await expect(button('Unmute microphone')).toBeVisible();
  await expect(said.filter({ hasText: 'Microphone off' })).toHaveCount(1);
  await expect(grace.page.locator('[aria-live="polite"]').filter({ hasText: 'Ada is muted' })).toHaveCount(1);
  await keys.press('v');
  await expect(button('Turn camera on')).toBeVisible();
  await expect(said.filter({ hasText: 'Camera off' })).toHaveCount(1);
  await keys.press('v');
  await expect(button('Turn camera off')).toBeVisible();
  await keys.press('m');
  await expect(button('Mute microphone')).toBeVisible();
  await expectFocus('Grace Hopper');

  await tabTo(page, 'Your picture', 'Shift+Tab');
  const inset = page.getByRole('group', { name: 'Your picture' });
  await keys.press('ArrowLeft');
  await expect(inset).toHaveAttribute('data-inset', 'topLeft');
  await keys.press('ArrowDown');
  await expect(inset).toHaveAttribute('data-inset', 'bottomLeft');
  await expect(said.filter({ hasText: 'Bottom left' })).toHaveCount(1);
  await expectFocus('Your picture');

  await tabTo(page, 'Peer to peer, end-to-end encrypted');
  await keys.press('Enter');
  await expectFocus('Close');
  await keys.press('Tab');
  await expectFocus('Close');
  await keys.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expectFocus('Peer to peer, end-to-end encrypted');
  await tabTo(page, 'Keyboard shortcuts');
  await keys.press('Enter');
  await expectFocus('Close');
  await keys.press('Escape');
  await expectFocus('Keyboard shortcuts');

  await keys.press('Shift+Escape');
  await expectFocus('Leave now');
  await keys.press('Tab');
  await expectFocus('Stay');
  await keys.press('Enter');
  await expectFocus('Keyboard shortcuts');
  await keys.press('Shift+Escape');
  await expectFocus('Leave now');
  await keys.press('Enter');
  await expectFocus('Call ended');
  await expect(page.getByText('Duration').first()).toBeVisible();

  await tabTo(page, 'Call again');
  await keys.press('Enter');
  await expectFocus('Grace Hopper');
  // In the summary of the first one, whose focus the ring takes.
  await expect(grace.incoming('video')).toBeFocused();
  await grace.page.keyboard.press('Control+Enter');
  await grace.expectInCall();
  await expect(page.getByRole('timer')).toBeVisible({ timeout: 30_000 });
  await grace.page.keyboard.press('Shift+Escape');
  await expect(grace.button('Leave now')).toBeFocused();
  await grace.page.keyboard.press('Enter');
  await expectFocus('Call ended');
});

test('a ring that goes by itself gives the focus back to where it was', async ({ ada, grace }) => {
  await grace.linkTo('Ken').focus();
  await ada.startCall('audio', 'Grace');
  await expect(grace.incoming('audio')).toBeFocused();
  await ada.button('Cancel').click();
  await expect(grace.incoming('audio')).toHaveCount(0);
  await expect(grace.linkTo('Ken')).toBeFocused();
});
