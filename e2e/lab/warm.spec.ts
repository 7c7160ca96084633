import type { Locator, Page } from '@playwright/test';
import { chromium } from '../support/chromium.ts';
import { expectTone, liveCaptures } from '../support/media.ts';
import { Person } from '../support/person.ts';
import { expect, test, withoutCounts } from './test.ts';

const statesOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => window.parleyProbe.peers.map(({ connectionState }) => connectionState));
const connected = (page: Page) => expect.poll(() => statesOf(page)).toContain('connected');
/** Whose connections are still open. */
const openAt = async (page: Page): Promise<number> =>
  (await statesOf(page)).filter((state) => state !== 'closed').length;
/** Connections of now are known again later: other tests have used the same page. */
const mark = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const peer of window.parleyProbe.peers) Object.assign(peer, { wasThere: true });
  });
/** Not those that are had ready for somebody whom one looks at, which are used by nobody yet. */
const openOnes = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    window.parleyProbe.peers
      .filter(({ connectionState }) => connectionState !== 'closed' && connectionState !== 'new')
      .map((peer) => ('wasThere' in peer ? 'was there' : 'is new')),
  );

const acceptOf = (person: Person): Locator =>
  person.incoming('audio').getByRole('button', { name: 'Accept', exact: true });
/** In the pages themselves: a click that waits for its button to stand still comes late, and where it was answered elsewhere finds none. */
async function tapAtOnce(buttons: readonly Locator[]): Promise<void> {
  const found = await Promise.all(buttons.map((button) => button.elementHandle()));
  await Promise.all(found.map((button) => button?.evaluate((element) => (element as HTMLElement).click())));
}

withoutCounts();

test('while it rings the two are connected, the callee captures nothing, and no packet of media goes either way', async ({
  lab,
  ada,
  grace,
}) => {
  const counts = async () => [await lab.linkStats('caller', 'callee'), await lab.linkStats('callee', 'caller')];
  const before = await counts();
  const media = async () => (await counts()).map(({ media }, index) => media - (before[index]?.media ?? 0));
  await ada.startCall('video', 'Grace');
  await expect(grace.incoming('video')).toBeVisible();
  await Promise.all([connected(ada.page), connected(grace.page)]);
  // ICE goes on checking the path: by then sound and pictures would have come long ago.
  const sent = async () => (await lab.linkStats('caller', 'callee')).delivered;
  const delivered = await sent();
  await expect.poll(sent, { timeout: 20_000 }).toBeGreaterThan(delivered + 3);
  expect(await media()).toEqual([0, 0]);
  await Promise.all([mark(ada.page), mark(grace.page)]);
  expect(await liveCaptures(grace.page)).toEqual([]);
  expect(await liveCaptures(ada.page)).toEqual(['audio', 'video']);

  await grace.accept('video');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
  for (const count of await media()) expect(count).toBeGreaterThan(10);
  // It is the connection that was made while it rang.
  for (const { page } of [ada, grace]) expect(await openOnes(page)).toEqual(['was there']);
  await ada.leave();
});

test('of two devices that accept at once one is heard, and the other hears nothing and captures nothing', async ({
  playwright,
  lab,
  parley,
  ada,
  grace,
}) => {
  const url = `http://${lab.address('server')}:${new URL(parley.url).port}`;
  const { executablePath, args = [] } = chromium({ devices: 'fake', autoplay: true });
  const browser = await playwright.chromium.launch({
    executablePath: await lab.executable('callee', executablePath ?? 'chromium'),
    args: [...args, `--unsafely-treat-insecure-origin-as-secure=${url}`],
  });
  try {
    const permissions = { permissions: ['microphone', 'camera'] };
    const tablet = await Person.signIn(browser, url, 'Grace', { ...permissions, reducedMotion: 'reduce' });
    await ada.startCall('audio', 'Grace');
    const devices = [grace, tablet];
    await Promise.all(devices.map((device) => expect(device.incoming('audio')).toBeVisible()));
    await Promise.all(devices.map(({ page }) => connected(page)));
    await tapAtOnce(devices.map(acceptOf));
    await ada.expectInCall();
    const seated = async () => {
      const inCall = await Promise.all(devices.map(({ timer }) => timer.isVisible()));
      return inCall.filter(Boolean).length;
    };
    await expect.poll(seated).toBe(1);
    const winner = (await grace.timer.isVisible()) ? grace : tablet;
    const loser = winner === grace ? tablet : grace;
    await Promise.all([expectTone(ada.page), expectTone(winner.page)]);
    await expect.poll(() => openAt(loser.page)).toBe(0);
    await expect.poll(() => liveCaptures(loser.page)).toEqual([]);
    await expect.poll(() => openAt(ada.page)).toBe(1);
    await ada.leave();
  } finally {
    await browser.close();
  }
});

test('of an accept and a cancel at once one counts, for both', async ({ ada, grace }) => {
  await ada.startCall('audio', 'Grace');
  await expect(grace.incoming('audio')).toBeVisible();
  await Promise.all([connected(ada.page), connected(grace.page)]);
  await tapAtOnce([ada.button('Cancel'), acceptOf(grace)]);
  // The cancel ends it, whether it came as a cancel or, after the accept, as a hang-up.
  for (const { page } of [ada, grace]) {
    await expect.poll(() => openAt(page)).toBe(0);
    await expect.poll(() => liveCaptures(page)).toEqual([]);
  }
  await expect(grace.timer).toBeHidden();
});
