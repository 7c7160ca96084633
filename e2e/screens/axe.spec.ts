import type { Page } from '@playwright/test';
import { crowding, lookAt, moving, openGallery, outOfReach, smallTargets, violations } from '../support/look.ts';
import { connect, expect, test } from '../support/test.ts';

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };
/** A window of 1280 points at 400 % is 320 wide (WCAG 1.4.10), and one of 1280 × 800 at 200 % is this (1.4.4). */
const NARROWEST = { width: 320, height: 568 };
const ZOOMED = { width: 640, height: 400 };

/** Everything that is wrong, with where it was seen first and how often. */
class Findings {
  readonly #seen = new Map<string, { where: string; times: number }>();

  add(where: string, problems: readonly string[]): void {
    for (const problem of problems) {
      const known = this.#seen.get(problem);
      if (known) known.times += 1;
      else this.#seen.set(problem, { where, times: 1 });
    }
  }

  get lines(): string[] {
    return [...this.#seen].map(([problem, { where, times }]) => `${problem} (${where}, ${times} times)`);
  }
}

async function everyLook(
  page: Page,
  url: string,
  languages: readonly string[],
  themes: readonly ('light' | 'dark')[],
  check: (where: string) => Promise<void>,
): Promise<void> {
  const screens = await openGallery(page, url);
  expect(screens.length).toBeGreaterThan(80);
  for (const language of languages) {
    for (const theme of themes) {
      for (const screen of screens) {
        await lookAt(page, { screen, theme, language });
        await check(`${screen}, ${theme}, ${language}`);
      }
    }
  }
}

test.describe('every screen in every state', () => {
  test.setTimeout(600_000);

  // Each shape, theme and language once: together they would be eight times as long.
  for (const [shape, size, theme, language] of [
    ['phone', PHONE, 'light', 'en'],
    ['desktop', DESKTOP, 'dark', 'de'],
  ] as const) {
    test(`has nothing for axe to find on a ${shape}, ${theme}, in ${language}`, async ({ parley, page }) => {
      await page.setViewportSize(size);
      const found = new Findings();
      await everyLook(page, parley.url, [language], [theme], async (where) => {
        found.add(where, await violations(page));
      });
      expect(found.lines).toEqual([]);
    });
  }

  test('has targets for a finger, and fits a window of 320 points and one at 200 %', async ({ parley, page }) => {
    const found = new Findings();
    for (const size of [NARROWEST, ZOOMED]) {
      await page.setViewportSize(size);
      await everyLook(page, parley.url, [size === NARROWEST ? 'de' : 'en'], ['light'], async (where) => {
        found.add(where, [...(await smallTargets(page)), ...(await outOfReach(page))]);
      });
    }
    expect(found.lines).toEqual([]);
  });

  for (const [language, shape, size] of [
    ['en-XA', 'desktop', DESKTOP],
    ['ar-XB', 'phone', PHONE],
  ] as const) {
    test(`has room for longer words, also from right to left (${language}, ${shape})`, async ({ parley, page }) => {
      await page.setViewportSize(size);
      const found = new Findings();
      await everyLook(page, parley.url, [language], ['light'], async (where) => {
        found.add(where, [...(await crowding(page)), ...(await outOfReach(page))]);
      });
      expect(found.lines).toEqual([]);
    });
  }

  test('has the whole question of a summary in sight, without scrolling', async ({ parley, page }) => {
    await openGallery(page, parley.url);
    for (const size of [{ width: 1280, height: 720 }, PHONE]) {
      await page.setViewportSize(size);
      for (const [screen, theme, language] of [
        ['summary', 'light', 'en'],
        ['summary-dropped', 'dark', 'de'],
      ] as const) {
        await lookAt(page, { screen, theme, language });
        const where = `${screen}, ${size.width} × ${size.height}`;
        await expect(page.getByRole('button', { name: /^(Skip|Überspringen)$/ }), where).toBeInViewport({ ratio: 1 });
        for (const choice of await page.getByRole('radio').all())
          await expect(choice, where).toBeInViewport({ ratio: 1 });
      }
    }
  });

  test('stands still for whoever asked for less movement', async ({ parley, page }) => {
    await page.setViewportSize(PHONE);
    const found = new Findings();
    await everyLook(page, parley.url, ['en'], ['dark'], async (where) => found.add(where, await moving(page)));
    expect(found.lines).toEqual([]);
  });

  test('bears the spacing of text that a reader may set (WCAG 1.4.12)', async ({ parley, page }) => {
    await page.setViewportSize(PHONE);
    const screens = await openGallery(page, parley.url);
    await page.addStyleTag({
      content: `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }`,
    });
    const found = new Findings();
    for (const screen of screens) {
      await lookAt(page, { screen, theme: 'light', language: 'en' });
      found.add(screen, await outOfReach(page));
    }
    expect(found.lines).toEqual([]);
  });
});

test('the screens of the product have nothing for axe to find', async ({ ada, grace }) => {
  const { page } = ada;
  const found = new Findings();
  const look = async (where: string) => found.add(where, await violations(page));
  await look('home');
  for (const path of ['/calls', '/settings']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await look(path);
  }
  await ada.openProfile('Grace');
  await look('profile');
  await ada.linkTo('general').click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await look('channel');
  await ada.startCall('video', 'Grace');
  await look('ringing');
  found.add('incoming', await violations(grace.page));
  await grace.accept('video');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  await page.mouse.move(300, 300);
  await look('call');
  await ada.leave();
  await expect(ada.heading('Call ended')).toBeVisible();
  await look('summary');
  await connect(grace, ada, 'audio');
  await look('audio call');
  expect(found.lines).toEqual([]);
});
