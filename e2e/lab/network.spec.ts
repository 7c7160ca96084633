import type { Page } from '@playwright/test';
import { expectTone } from '../support/media.ts';
import { connect } from '../support/test.ts';
import { expectDirect, expectRelayed } from './path.ts';
import { expect, test } from './test.ts';

declare global {
  interface Window {
    /** What became of the newest peer connection, in its order. */
    parleyHistory?: string[];
  }
}

/** From now on it is noted when the connection changes its state, and in which state it is given an offer or an answer. */
const note = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const peer = window.parleyProbe.peers.at(-1);
    if (!peer) throw new Error('There is no connection.');
    const history: string[] = [];
    window.parleyHistory = history;
    peer.addEventListener('connectionstatechange', () => history.push(peer.connectionState));
    const set = peer.setLocalDescription.bind(peer);
    peer.setLocalDescription = (description?: RTCLocalSessionDescriptionInit) => {
      history.push(`described while ${peer.connectionState}`);
      return set(description);
    };
  });
const historyOf = (page: Page): Promise<string[]> => page.evaluate(() => window.parleyHistory ?? []);

test('a way on which nothing comes any more is mended while the browser still calls it connected', async ({
  lab,
  ada,
  grace,
}) => {
  await connect(ada, grace, 'audio');
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
  await expectDirect(ada.page);
  await Promise.all([note(ada.page), note(grace.page)]);
  await lab.link('caller', 'callee', { down: true });
  await expect.poll(async () => (await historyOf(ada.page))[0], { timeout: 40_000 }).toBe('described while connected');
  await Promise.all([expectRelayed(ada.page), expectRelayed(grace.page)]);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
  for (const { page } of [ada, grace]) expect(await historyOf(page)).not.toContain('failed');
  await ada.leave();
  await Promise.all([ada, grace].map((each) => expect(each.heading('Call ended')).toBeVisible()));
});
