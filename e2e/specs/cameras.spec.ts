import type { Page } from '@playwright/test';
import { Ledger } from '../support/api.ts';
import { expectMoving } from '../support/media.ts';
import { connect, expect, test } from '../support/test.ts';

declare global {
  interface Window {
    /** Takes away the camera of that name as if its cable had been drawn, or puts it back. */
    parleyPlug: (label: string, isIn: boolean) => void;
  }
}

/**
 * No machine of ours can draw the cable of a camera: what a browser does then is done at its edge. The list is without it, whoever
 * asks for it is refused, its track ends, and the page is told.
 */
function plugCameras(): void {
  const media = navigator.mediaDevices;
  const out = new Set<string>();
  const captured: MediaStreamTrack[] = [];
  const list = media.enumerateDevices.bind(media);
  const capture = media.getUserMedia.bind(media);
  media.enumerateDevices = async () => (await list()).filter(({ label }) => !out.has(label));
  media.getUserMedia = async (constraints) => {
    const wish = typeof constraints?.video === 'object' ? constraints.video.deviceId : undefined;
    const left = (await media.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');
    if (typeof wish === 'object' && 'exact' in wish && !left.some(({ deviceId }) => deviceId === wish.exact)) {
      throw new DOMException('Requested device not found', 'OverconstrainedError');
    }
    const stream = await capture(constraints);
    captured.push(...stream.getVideoTracks());
    return stream;
  };
  window.parleyPlug = (label, isIn) => {
    if (isIn) out.delete(label);
    else out.add(label);
    for (const track of captured.filter((one) => !isIn && one.label === label && one.readyState === 'live')) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
    media.dispatchEvent(new Event('devicechange'));
  };
}

/** @returns the names of the cameras that this page captures at the moment */
const openCameras = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    window.parleyProbe.captures
      .flatMap((stream) => stream.getVideoTracks())
      .filter((track) => track.readyState === 'live')
      .map((track) => track.label),
  );

test('one of three cameras is chosen in mid-call, unplugged and plugged in again, and the picture goes on', async ({
  parley,
  ada,
  grace,
}) => {
  await ada.page.addInitScript(plugCameras);
  await ada.page.reload();
  const adaId = (await Ledger.of(parley.url, 'Ada')).userId;
  await connect(ada, grace, 'video');
  await expectMoving(grace.page, adaId);
  await ada.press('Devices');
  const cameras = ada.page.getByRole('radiogroup', { name: 'Camera' });
  await expect(cameras.getByRole('radio')).toHaveCount(4);
  // Chromium's second fake camera gives depth alone (Y16), which no encoder takes: the third.
  const other = cameras.getByRole('radio').nth(3);
  const name = (await other.getAttribute('aria-label')) ?? '';
  await other.click();
  await expect(other).toBeChecked();
  await expect.poll(() => openCameras(ada.page)).toEqual([name]);
  await expectMoving(grace.page, adaId);

  await ada.page.evaluate((label) => window.parleyPlug(label, false), name);
  await expect(ada.status('The others now see you through the default camera.')).toBeVisible();
  await expect(cameras.getByRole('radio', { name: /^System default/ })).toBeChecked();
  await expectMoving(grace.page, adaId);

  await ada.page.evaluate((label) => window.parleyPlug(label, true), name);
  await expect.poll(() => openCameras(ada.page)).toEqual([name]);
  await expect(cameras.getByRole('radio', { name })).toBeChecked();
  await expectMoving(grace.page, adaId);
});

test('in the settings one sees oneself before a call, and the camera is closed again', async ({ ada }) => {
  await ada.page.goto('/settings');
  await ada.button('Show my picture').click();
  await expectMoving(ada.page, 'preview');
  await ada.button('Hide my picture').click();
  await expect.poll(() => openCameras(ada.page)).toEqual([]);
  await ada.button('Show my picture').click();
  await expect.poll(() => openCameras(ada.page)).toHaveLength(1);
  await ada.linkTo('general').click();
  await expect.poll(() => openCameras(ada.page)).toEqual([]);
});
