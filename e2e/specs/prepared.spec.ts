import type { Page } from '@playwright/test';
import { expectTone, liveCaptures, peersMade } from '../support/media.ts';
import { expect, test } from '../support/test.ts';

const states = (page: Page): Promise<string[]> =>
  page.evaluate(() => window.parleyProbe.peers.map(({ connectionState }) => connectionState));

test('somebody’s profile has the connection of a call ready: nothing is captured or sent, and the call is made with it', async ({
  ada,
  grace,
}) => {
  const asked: string[] = [];
  ada.page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/\/(token|ice-servers)$/.test(pathname)) asked.push(pathname.split('/').at(-1) ?? '');
  });
  await ada.openProfile('Grace');
  await expect.poll(() => states(ada.page)).toEqual(['new']);
  expect(await liveCaptures(ada.page)).toEqual([]);
  // Nobody is offered anything, and the places for media are not even there.
  const shown = await ada.page.evaluate(() =>
    window.parleyProbe.peers.map((peer) => [peer.localDescription, peer.getTransceivers().length]),
  );
  expect(shown).toEqual([[null, 0]]);

  await ada.button('Audio call').click();
  await expect(grace.incoming('audio')).toBeVisible();
  await expect.poll(() => states(ada.page)).toEqual(['connected']);
  expect(asked).toEqual(['ice-servers']);
  await grace.accept('audio');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
  expect(await peersMade(ada.page)).toBe(1);
  await ada.leave();
});

test('what was made for a call that nobody places is closed with the profile', async ({ ada }) => {
  await ada.openProfile('Grace');
  await expect.poll(() => states(ada.page)).toEqual(['new']);
  await ada.linkTo('general').click();
  await expect.poll(() => states(ada.page)).toEqual(['closed']);
});
