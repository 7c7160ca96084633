import { liveCaptures } from '../support/media.ts';
import { expect, test } from '../support/test.ts';

test('microphone and camera are asked for, with a reason, before the first call', async ({ ada, grace }) => {
  await ada.openProfile('Grace');
  await ada.button('Video call').click();
  await expect(ada.heading('Let Parley use your camera and microphone')).toBeVisible();
  await ada.button('Continue').click();
  await expect(grace.incoming('video')).toBeVisible();
  expect(await liveCaptures(ada.page)).toEqual(['audio', 'video']);
});
