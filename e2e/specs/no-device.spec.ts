import { expect, test } from '../support/test.ts';

test('a machine without microphone and camera: it is told, and one can listen', async ({ ada, grace }) => {
  await ada.openProfile('Grace');
  await ada.button('Video call').click();
  await expect(ada.heading('No microphone found')).toBeVisible();
  await ada.button('Join and only listen').click();
  await expect(ada.status('Ringing…')).toBeVisible();
  await expect(grace.incoming('video')).toBeVisible();
});
