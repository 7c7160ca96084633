import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { root } from '../support/paths.ts';
import { expect, test } from '../support/test.ts';

const app = join(root, 'apps', 'app');
const dist = join(app, 'dist');
const budgets = JSON.parse(readFileSync(join(app, 'budgets.json'), 'utf8'));

const gzipBytes = (file: string): number => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Notes what a page asks the server for, from now on. */
function requestsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(decodeURIComponent(new URL(request.url()).pathname)));
  return asked;
}
const scriptsOf = (asked: readonly string[]): string[] => [...new Set(asked.filter((path) => path.endsWith('.js')))];
const chunksOf = (asked: readonly string[]): string[] =>
  scriptsOf(asked).map((path) => path.slice(path.lastIndexOf('/') + 1).replace(/-[0-9a-f]{16,}\.js$/, ''));

test('sign-in and home keep their budgets, and sign-in loads nothing of calls', async ({ page, parley }) => {
  const asked = requestsOf(page);
  await page.goto(`${parley.url}/sign-in`);
  await expect(page.getByRole('button', { name: 'Continue as Ada' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(chunksOf(asked).sort()).toEqual(['__expo-metro-runtime', 'entry']);
  expect(sum(scriptsOf(asked).map(gzipBytes))).toBeLessThan(budgets.signIn.scriptGzipBytes);
  const fonts = [...new Set(asked.filter((path) => /\.(?:woff2|ttf)$/.test(path)))];
  expect(sum(fonts.map((file) => statSync(join(dist, file)).size))).toBeLessThan(budgets.signIn.fontBytes);
  expect(asked.length).toBeLessThanOrEqual(budgets.signIn.requests);

  await page.getByRole('button', { name: 'Continue as Ada' }).click();
  await expect(page.getByRole('link', { name: /general/ }).first()).toBeVisible();
  // What a ring or a press could want is here before it is wanted.
  for (const ahead of ['home', 'stage', 'engine', 'settings'])
    await expect.poll(() => chunksOf(asked)).toContain(ahead);
  expect(sum(scriptsOf(asked).map(gzipBytes))).toBeLessThan(budgets.home.scriptGzipBytes);
  expect(asked.length).toBeLessThanOrEqual(budgets.home.requests);
  expect(chunksOf(asked)).not.toContain('gallery');
  expect(chunksOf(asked)).not.toContain('de');

  const folder = '_expo/static/js/web';
  const all = readdirSync(join(dist, folder)).filter((file) => file.endsWith('.js'));
  expect(sum(all.map((file) => gzipBytes(join(folder, file))))).toBeLessThan(budgets.everything.scriptGzipBytes);
});

test('a part that does not load says so, and comes when it can', async ({ ada }) => {
  let broken = true;
  await ada.page.context().route(/\/settings-[0-9a-f]+\.js$/, (route) => (broken ? route.abort() : route.continue()));
  await ada.page.goto('/settings');
  const notice = ada.page.getByRole('alert').filter({ hasText: 'This part of Parley did not load' });
  await expect(notice).toBeVisible();
  await expect(ada.linkTo('general')).toBeVisible();
  await notice.getByRole('button', { name: 'Try again' }).click();
  await expect(notice).toBeVisible();
  // It tries by itself too, so that a press would come too late for the button.
  broken = false;
  await expect(ada.heading('Settings')).toBeVisible({ timeout: 40_000 });
});

test('a call rings at once while the screens of calls are still on their way', async ({ ada, grace }) => {
  const held: (() => void)[] = [];
  let holds = true;
  await grace.page.context().route(/\/(?:stage|engine)-[0-9a-f]+\.js$/, async (route) => {
    if (holds) await new Promise<void>((resolve) => held.push(resolve));
    await route.continue();
  });
  await grace.page.reload();
  await expect(grace.linkTo('general')).toBeVisible();
  await expect.poll(() => held.length).toBeGreaterThan(0);
  await ada.startCall('audio', 'Grace');
  await expect(grace.incoming('audio')).toBeVisible();
  await grace.accept('audio');
  holds = false;
  for (const go of held) go();
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
});
