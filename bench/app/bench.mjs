// How fast the app is on a slow machine: first paint, a key, sign-in to home, each beside a static page that the same server
// hands out in the same run, turn about. Times are reported and never asserted (bytes are: apps/app/budgets.json).
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ParleyServer } from '../../e2e/support/server.ts';
import { webDir } from '../../tools/lib/paths.mjs';

/** Times slower than the machine is: about a cheap phone beside a desktop. */
const SLOWER = 4;
const ROUNDS = 7;
const FLOOR = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<title>Floor</title><h1>Sign in</h1><form><label>Email <input aria-label="Email"></label><button>Sign in</button></form>`;

/** @typedef {import('playwright-core').Browser} Browser */
/** @typedef {import('playwright-core').BrowserContext} BrowserContext */
/** @typedef {{ firstPaint: number, usable: number, key: number, kilobytes: number, requests: number }} Visit */

/** @param {BrowserContext} context @param {string} address @param {string} field */
async function visit(context, address, field) {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await cdp.send('Network.enable');
  let bytes = 0;
  let requests = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await page.addInitScript(() => {
    const seen = { keys: /** @type {number[]} */ ([]) };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') seen.keys.push(entry.duration);
    }).observe(/** @type {PerformanceObserverInit} */ ({ type: 'event', durationThreshold: 16, buffered: true }));
  });
  await page.goto(address);
  const box = page.getByRole('textbox', { name: field });
  await box.waitFor();
  const usable = await page.evaluate(() => performance.now());
  await box.press('a');
  await box.press('b');
  await box.press('c');
  const firstPaint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  );
  // What took no longer than a frame is not told of, and counts as one.
  const key = await page.evaluate(() =>
    Math.max(16, .../** @type {{ seen: { keys: number[] } }} */ (/** @type {unknown} */ (window)).seen.keys),
  );
  return { page, figures: { firstPaint, usable, key, kilobytes: bytes / 1000, requests } };
}

/** @param {Browser} browser @param {string} url */
async function round(browser, url) {
  const still = await browser.newContext();
  const floor = await visit(still, `${url}/floor.html`, 'Email');
  await still.close();
  const context = await browser.newContext();
  const cold = await visit(context, `${url}/sign-in`, 'Email');
  const pressed = Date.now();
  await cold.page.getByRole('button', { name: 'Continue as Ada' }).click();
  await cold.page
    .getByRole('link', { name: /general/ })
    .first()
    .waitFor();
  const toHome = Date.now() - pressed;
  await cold.page.close();
  const again = await context.newPage();
  const cdp = await context.newCDPSession(again);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await again.goto(url);
  await again
    .getByRole('link', { name: /general/ })
    .first()
    .waitFor();
  const home = await again.evaluate(() => performance.now());
  await context.close();
  return { floor: floor.figures, signIn: cold.figures, toHome, home };
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export const smoke = false;

export async function run() {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const web = join(folder, 'web');
  await cp(webDir, web, { recursive: true });
  await writeFile(join(web, 'floor.html'), FLOOR);
  const server = await ParleyServer.start({ dataDir: join(folder, 'data'), env: { PARLEY_WEB_DIR: web } });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
  try {
    // The first one packs, opens and compiles for the others.
    await round(browser, server.url);
    const rounds = [];
    for (let index = 0; index < ROUNDS; index += 1) rounds.push(await round(browser, server.url));
    return { figures: { slower: SLOWER, rounds }, table: tableOf(rounds) };
  } finally {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {{ floor: Visit, signIn: Visit, toHome: number, home: number }[]} rounds */
function tableOf(rounds) {
  const floor = median(rounds.map((one) => one.floor.firstPaint));
  /** @param {string} name @param {(one: (typeof rounds)[number]) => number} pick */
  const time = (name, pick) => {
    const value = median(rounds.map(pick));
    const ratio = median(rounds.map((one) => pick(one) / one.floor.firstPaint));
    return [name, `${Math.round(value)} ms`, ratio.toFixed(1)];
  };
  return {
    columns: ['', 'median', 'times the floor'],
    rows: [
      ['static page: first paint (the floor)', `${Math.round(floor)} ms`, '1.0'],
      time('sign-in, nothing cached: first paint', (one) => one.signIn.firstPaint),
      time('sign-in, nothing cached: usable', (one) => one.signIn.usable),
      time('sign-in: from a key to the frame that shows it', (one) => one.signIn.key),
      time('from the press on *Continue as Ada* to home', (one) => one.toHome),
      time('home again, everything cached: usable', (one) => one.home),
      ['sign-in, over the network', `${Math.round(median(rounds.map((one) => one.signIn.kilobytes)))} kB`, ''],
      ['sign-in, requests', median(rounds.map((one) => one.signIn.requests)), ''],
    ],
    notes: [`Processor throttled to a ${SLOWER}th, network of one machine, ${rounds.length} rounds turn about.`],
  };
}
