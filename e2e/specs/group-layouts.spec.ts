import type { Locator, Page } from '@playwright/test';
import { companyOf, gather } from '../support/company.ts';
import { mediaServerReady } from '../support/media-server.ts';
import { expectReceived, received } from '../support/received.ts';
import { expect, test } from '../support/test.ts';

test.use({ serverEnv: { PARLEY_LIVEKIT: 'auto' }, quiet: true });

const PHONE = { width: 390, height: 844 };
const NARROWEST = { width: 320, height: 568 };
const TURNED = { width: 844, height: 390 };
const TABLET = { width: 820, height: 1180 };
const DESKTOP = { width: 1280, height: 800 };

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The tiles of people that are mounted, from the top left. */
const tilesOf = (page: Page): Promise<Box[]> =>
  page.evaluate(() => {
    const groups = [...document.querySelectorAll('[role="region"][aria-label="Call"] [role="group"]')];
    return groups
      .filter((group) => group.querySelector('[role="group"]') === null && group.getAttribute('aria-label') !== 'Pages')
      .map((group) => {
        const { x, y, width, height } = group.getBoundingClientRect();
        return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
      })
      .sort((a, b) => a.y - b.y || a.x - b.x);
  });

/** Columns and rows of the tiles that are mounted, once they all have one size and lie within the width of the window. */
async function expectGrid(page: Page, columns: number, rows: number): Promise<void> {
  const grid = async () => {
    const tiles = await tilesOf(page);
    const near = (values: readonly number[]) => Math.max(...values) - Math.min(...values) <= 1;
    return {
      columns: Math.max(...rowsOf(tiles).map((row) => row.length)),
      rows: rowsOf(tiles).length,
      equal: near(tiles.map(({ width }) => width)) && near(tiles.map(({ height }) => height)),
      within: tiles.every(({ x, width }) => x >= 0 && x + width <= (page.viewportSize()?.width ?? 0)),
    };
  };
  await expect.poll(grid).toEqual({ columns, rows, equal: true, within: true });
}

const rowsOf = (tiles: readonly Box[]): Box[][] => {
  const rows = new Map<number, Box[]>();
  for (const tile of tiles) {
    const row = [...rows.keys()].find((y) => Math.abs(y - tile.y) <= 1) ?? tile.y;
    rows.set(row, [...(rows.get(row) ?? []), tile]);
  }
  return [...rows.values()];
};

const expectNoOverflow = (page: Page): Promise<void> =>
  expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth))
    .toBeLessThanOrEqual(0);

/** Kept beside the results for whoever wants to look. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.PARLEY_LOOKS;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}

test('four and six people: an equal grid, then three across, on phone, tablet and desktop', async ({ parley, ada }) => {
  await mediaServerReady(parley);
  const { page } = ada;
  const company = await companyOf(parley, 5);
  const ids = company.map(({ userId }) => userId);
  const callId = await gather([company[0], ...company.slice(1, 3)], 'general');
  await ada.joinGroup('general');
  await expectReceived(page, ids.slice(0, 3));
  for (const size of [DESKTOP, TABLET, PHONE, NARROWEST, TURNED]) {
    await page.setViewportSize(size);
    await expectGrid(page, 2, 2);
    await expectNoOverflow(page);
    await look(page, `four-${size.width}`);
  }

  await page.setViewportSize(DESKTOP);
  for (const person of company.slice(3)) await person.join(callId);
  await expectReceived(page, ids);
  for (const size of [DESKTOP, TABLET, TURNED]) {
    await page.setViewportSize(size);
    await expectGrid(page, 3, 2);
    await expectNoOverflow(page);
    await look(page, `six-${size.width}`);
  }
  // Narrower tiles would be stamps: two across.
  for (const size of [PHONE, NARROWEST]) {
    await page.setViewportSize(size);
    await expectGrid(page, 2, 3);
    await expectNoOverflow(page);
    await look(page, `six-${size.width}`);
  }
  await expectReceived(page, ids);
  for (const person of company) await person.leave();
});

test('eight people on the narrowest phone: who is out of sight is not mounted, sends nothing, and is scrolled to', async ({
  parley,
  ada,
}) => {
  await mediaServerReady(parley);
  const { page } = ada;
  const company = await companyOf(parley, 7);
  await page.setViewportSize(NARROWEST);
  await gather(company, 'general', { tone: false });
  await ada.joinGroup('general');
  await expect(page.getByRole('button', { name: '8 people' })).toBeVisible();
  const mounted = async () => (await tilesOf(page)).length;
  await expect.poll(mounted).toBeGreaterThan(3);
  const [first, last] = [company[0].userId, company.at(-1)?.userId ?? ''];
  const seen = async () => (await received(page)).shown;
  await expect.poll(seen, { timeout: 40_000 }).toContain(first);
  await look(page, 'eight-320');
  const scroller = page
    .locator('[tabindex="0"]')
    .filter({ has: page.getByRole('group') })
    .last();
  await scroller.focus();
  await page.keyboard.press('End');
  await expect.poll(seen, { timeout: 40_000 }).toContain(last);
  await look(page, 'eight-320-end');
  await page.setViewportSize(DESKTOP);
  await expectGrid(page, 3, 3);
  await expectReceived(
    page,
    company.map(({ userId }) => userId),
  );
  await look(page, 'eight-1280');
  for (const person of company) await person.leave();
});

test('ten people: faces on a phone, pages on a tablet, one page on a desktop', async ({ parley, ada }) => {
  await mediaServerReady(parley);
  const { page } = ada;
  const company = await companyOf(parley, 9);
  const ids = company.map(({ userId }) => userId);
  await page.setViewportSize(TABLET);
  await gather(company, 'general', { tone: false });
  await ada.joinGroup('general');
  await expect(page.getByRole('button', { name: '10 people' })).toBeVisible();

  await expectGrid(page, 3, 3);
  await expect(page.getByText('1 of 2', { exact: true })).toBeVisible();
  await expectReceived(page, ids.slice(0, 8));
  await look(page, 'ten-820');
  const next: Locator = ada.button('Next page');
  await next.click();
  await expect(page.getByText('2 of 2', { exact: true })).toBeVisible();
  await expect(next).toBeDisabled();
  await expectReceived(page, ids.slice(8));
  await look(page, 'ten-820-2');
  await ada.button('Previous page').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 of 2', { exact: true })).toBeVisible();
  await expectReceived(page, ids.slice(0, 8));

  await page.setViewportSize(DESKTOP);
  await expectGrid(page, 4, 3);
  await expect(next).toHaveCount(0);
  await expectReceived(page, ids);
  await look(page, 'ten-1280');

  for (const size of [PHONE, TURNED, NARROWEST]) {
    await page.setViewportSize(size);
    await expect(page.getByText('Audio only: more than 8 people')).toBeVisible();
    await expect(page.locator('video[data-participant]')).toHaveCount(0);
    await expectNoOverflow(page);
    await look(page, `ten-${size.width}`);
  }
  await expectReceived(page, []);
  for (const person of company.slice(7)) await person.leave();
  await expect(page.getByText('Audio only: more than 8 people')).toHaveCount(0);
  await expect.poll(async () => (await received(page)).shown.length).toBeGreaterThan(0);
  for (const person of company.slice(0, 7)) await person.leave();
});
