import { lookAt, openGallery, outOfReach, smallTargets, violations } from '../support/look.ts';
import { expect, test } from '../support/test.ts';

const STATES = ['group-large', 'group-large-loading', 'group-large-failed', 'group-large-nobody'];

test.describe('a call of a thousand', () => {
  test('mounts the tiles and rows that are in sight, and the keyboard reaches the others', async ({ parley, page }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await openGallery(page, parley.url);
    await lookAt(page, { screen: 'group-large', theme: 'dark', language: 'en' });
    const rows = page.getByRole('listitem');
    const options = page.getByRole('button', { name: /^Options for/ });
    await expect(page.getByRole('heading', { name: '1000 people' })).toBeVisible();
    // A desktop's page has sixteen tiles.
    const mounted = async () => ({ rows: await rows.count(), options: await options.count() });
    expect((await mounted()).rows).toBeLessThan(30);
    expect((await mounted()).options).toBeLessThan(30 + 17);

    const last = rows.last();
    await expect(last).toHaveAttribute('aria-setsize', /^1\d\d\d$/);
    const first = Number(await last.getAttribute('aria-posinset'));
    await options.last().focus();
    // Each press goes to the next row's button, which is there by then.
    for (let press = 0; press < 12; press += 1) await page.keyboard.press('Tab');
    await rows.last().getByRole('button').focus();
    await expect.poll(async () => Number(await rows.last().getAttribute('aria-posinset'))).toBeGreaterThan(first);
    expect((await mounted()).rows).toBeLessThan(30);

    // From end to end.
    const list = page.getByRole('list', { name: '1000 people' });
    await page.locator('[tabindex="0"]').filter({ has: list }).last().focus();
    await page.keyboard.press('End');
    await expect.poll(async () => Number(await rows.last().getAttribute('aria-posinset'))).toBeGreaterThan(990);
    expect((await mounted()).rows).toBeLessThan(30);
  });

  for (const [shape, size] of [
    ['phone', { width: 390, height: 844 }],
    ['narrow window', { width: 320, height: 568 }],
    ['desktop', { width: 1280, height: 800 }],
  ] as const) {
    test(`has nothing for axe to find in its list on a ${shape}, and everything is in reach`, async ({
      parley,
      page,
    }) => {
      await page.setViewportSize(size);
      await openGallery(page, parley.url);
      for (const screen of STATES) {
        for (const language of ['en', 'de']) {
          await lookAt(page, { screen, theme: 'dark', language });
          expect([screen, await violations(page), await outOfReach(page), await smallTargets(page)]).toEqual([
            screen,
            [],
            [],
            [],
          ]);
        }
      }
    });
  }
});
