import { liveCaptures } from '../support/media.ts';
import { expect, test } from '../support/test.ts';

test('microphone and camera are asked for, with a reason, before the first call', async ({ ada, grace }) => {
  // Chromium's flag that answers for the user also makes it say *granted*, now and then before anything was asked.
  await ada.page.addInitScript(() => {
    navigator.permissions.query = async () => Object.assign(new EventTarget(), { state: 'prompt' }) as PermissionStatus;
  });
  await ada.page.reload();
  await ada.openProfile('Grace');
  await ada.button('Video call').click();
  await expect(ada.heading('Let Parley use your camera and microphone')).toBeVisible();
  await ada.button('Continue').click();
  await expect(grace.incoming('video')).toBeVisible();
  expect(await liveCaptures(ada.page)).toEqual(['audio', 'video']);
});
