// How fast the app is on a slow machine: first paint, a key, sign-in to home, each beside a static page that the same server
// hands out in the same run, turn about. Times are reported and never asserted (bytes are: apps/app/budgets.json).
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import budgets from '../../apps/app/budgets.json' with { type: 'json' };
import { chromium as chromiumOptions } from '../../e2e/support/chromium.ts';
import writeMediaFiles from '../../e2e/support/media-files.ts';
import { seededDataDir } from '../../e2e/support/paths.ts';
import { ParleyServer } from '../../e2e/support/server.ts';
import { webDir } from '../../tools/lib/paths.mjs';
import { mediaServerLack } from '../lib/media-server.ts';
import { interval, ratioAim } from '../lib/report.ts';
import { roundsOf } from '../lib/size.ts';
import { median, medianRatio } from '../lib/stats.ts';
import { longCall, minutesOf, TELLING_MINUTES } from './long-call.ts';
import { tiles } from './tiles.ts';

/** Times slower than the machine is: about a cheap phone beside a desktop. */
const SLOWER = 4;
const ROUNDS = 5;
/** Groups of these sizes are compared: one that fits on a page of the grid, and the one that has a budget. */
const SIZES = [10, budgets.tiles.people];
const FLOOR = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<title>Floor</title><h1>Sign in</h1><form><label>Email <input aria-label="Email"></label><button>Sign in</button></form>`;

/** @typedef {import('playwright-core').Browser} Browser */
/** @typedef {import('playwright-core').BrowserContext} BrowserContext */
/** @typedef {import('../lib/stats.ts').Interval} Interval */
/** @typedef {import('../lib/report.ts').Aim} Aim */
/** @typedef {import('./long-call.ts').LongCall} LongCall */
/** @typedef {import('./tiles.ts').Tiles} Tiles */
/** @typedef {{ floor: Visit, signIn: Visit, toHome: number, home: number }} Round */
/** @typedef {{ firstPaint: number, usable: number, key: number, kilobytes: number, requests: number }} Visit */

/** @param {BrowserContext} context @param {string} address @param {string} field @param {number} slower */
async function visit(context, address, field, slower) {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
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

/** @param {Browser} browser @param {string} url @param {number} slower */
async function round(browser, url, slower) {
  const still = await browser.newContext();
  const floor = await visit(still, `${url}/floor.html`, 'Email', slower);
  await still.close();
  const context = await browser.newContext();
  const cold = await visit(context, `${url}/sign-in`, 'Email', slower);
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
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await again.goto(url);
  await again
    .getByRole('link', { name: /general/ })
    .first()
    .waitFor();
  const home = await again.evaluate(() => performance.now());
  await context.close();
  return { floor: floor.figures, signIn: cold.figures, toHome, home };
}

export const smoke = true;
export const lack = () =>
  existsSync(join(webDir, 'index.html')) ? undefined : 'the app is not built: npm start builds it';

/** @param {{ smoke: boolean, say: (line: string) => void }} options */
export async function run({ smoke: brief, say }) {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const [web, dataDir] = [join(folder, 'web'), join(folder, 'data')];
  await writeMediaFiles();
  await cp(webDir, web, { recursive: true });
  await writeFile(join(web, 'floor.html'), FLOOR);
  // Where the tests have left one: it saves the making of a database.
  await cp(seededDataDir, dataDir, { recursive: true }).catch(() => undefined);
  const groups = mediaServerLack();
  const server = await ParleyServer.start({
    dataDir,
    env: { PARLEY_WEB_DIR: web, ...(groups === undefined ? { PARLEY_LIVEKIT: 'auto' } : {}) },
    readyWithinMs: 150_000,
  });
  const browser = await chromium.launch(chromiumOptions({ devices: 'fake', autoplay: true }));
  try {
    // The first one packs, opens and compiles for the others.
    if (!brief) await round(browser, server.url, SLOWER);
    const rounds = [];
    for (let index = 0; index < roundsOf(ROUNDS, brief); index += 1)
      rounds.push(await round(browser, server.url, brief ? 1 : SLOWER));
    say(`sign-in to home: ${rounds.map(({ toHome }) => toHome).join(', ')} ms`);
    const call = await longCall(browser, server.url, minutesOf(brief));
    say(`a call of ${call.minutes} minutes: ${interval(kilobytes(call.growth), 0)} kB a minute`);
    /** @type {Tiles[]} */
    const grids = groups === undefined ? await crowded(browser, server.url, brief) : [];
    for (const grid of grids) say(JSON.stringify(grid));
    return {
      figures: { slower: SLOWER, rounds, call, grids, groupsLack: groups ?? null },
      table: tableOf(rounds, call, grids, groups),
      aims: aimsOf(rounds, call, grids),
    };
  } finally {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {Browser} browser @param {string} url @param {boolean} brief */
async function crowded(browser, url, brief) {
  const end = Date.now() + 90_000;
  const ready = async () => (await (await fetch(`${url}/health/ready`)).json()).sfu === 'ready';
  while (!(await ready())) {
    if (Date.now() > end) throw new Error('The media server was not ready in time.');
    await wait(200);
  }
  return tiles(browser, url, brief ? [6] : SIZES, brief ? 4 : 40);
}

/** @param {Interval} bytes @returns {Interval} */
const kilobytes = ({ value, low, high }) => ({ value: value / 1000, low: low / 1000, high: high / 1000 });

/** @param {Round[]} rounds @param {LongCall} call @param {Tiles[]} grids @returns {Aim[]} */
function aimsOf(rounds, call, grids) {
  const floor = rounds.map((one) => one.floor.firstPaint);
  /** @param {string} what @param {(one: Round) => number} pick @param {number} most */
  const times = (what, pick, most) =>
    ratioAim(
      `app: ${what} at most ${most} times a static page’s first paint`,
      medianRatio(rounds.map(pick), floor),
      most,
    );
  const { heapGrowthBytesPerMinute: most } = budgets.longCall;
  const growth = `${interval(kilobytes(call.growth), 0)} kB a minute in ${call.minutes} minutes`;
  const [few, many] = [
    grids.find(({ people }) => people === SIZES[0]),
    grids.find(({ people }) => people === SIZES[1]),
  ];
  const { people, heapBytes, changeTimesThatOfTen } = budgets.tiles;
  const change = few && many ? many.changeMs / few.changeMs : Number.NaN;
  return [
    times('sign-in, first paint', (one) => one.signIn.firstPaint, budgets.timesFloor.firstPaint),
    times('sign-in to home', (one) => one.toHome, budgets.timesFloor.signInToHome),
    times('home again', (one) => one.home, budgets.timesFloor.homeAgain),
    {
      aim: `app: memory in a long call grows by at most ${most / 1000} kB a minute`,
      found: call.minutes < TELLING_MINUTES ? `${growth}: too short to say` : growth,
      met: call.minutes < TELLING_MINUTES ? null : call.growth.value <= most,
    },
    {
      aim: `app: a call of ${people} takes at most ${heapBytes / 1e6} MB of heap`,
      found: many ? `${(many.heap / 1e6).toFixed(1)} MB` : 'not measured',
      met: many ? many.heap <= heapBytes : null,
    },
    ratioAim(
      `app: a change in a call of ${people} costs at most ${changeTimesThatOfTen} times one in a call of ${SIZES[0]}`,
      few && many ? { value: change, low: change, high: change } : null,
      changeTimesThatOfTen,
    ),
  ];
}

/** @param {Round[]} rounds @param {LongCall} call @param {Tiles[]} grids @param {string | undefined} lacking */
function tableOf(rounds, call, grids, lacking) {
  const floor = median(rounds.map((one) => one.floor.firstPaint));
  /** @param {string} name @param {(one: Round) => number} pick */
  const time = (name, pick) => {
    const value = median(rounds.map(pick));
    const ratio = median(rounds.map((one) => pick(one) / one.floor.firstPaint));
    return [name, `${Math.round(value)} ms`, ratio.toFixed(1)];
  };
  const last = call.held.at(-1);
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
      [`heap after a call of ${call.minutes} minutes`, `${((last?.heap ?? 0) / 1e6).toFixed(1)} MB`, ''],
      ['what a call adds to it in a minute', `${interval(kilobytes(call.growth), 0)} kB`, ''],
      ...grids.flatMap(({ people, joinMs, tiles: drawn, heap, changeMs }) => [
        [`call of ${people}: from *Join call* to its tiles (${drawn} on the page)`, `${Math.round(joinMs)} ms`, ''],
        [`call of ${people}: heap`, `${(heap / 1e6).toFixed(1)} MB`, ''],
        [`call of ${people}: the page’s work for somebody’s mute`, `${changeMs.toFixed(1)} ms`, ''],
      ]),
    ],
    notes: [
      `Processor throttled to a ${SLOWER}th for first paint, keys and home; network of one machine, ${rounds.length} rounds turn about.`,
      ...(lacking === undefined ? [] : [`Calls of many were not measured: ${lacking}.`]),
    ],
  };
}
