import { expect, test } from '../support/test.ts';

test('a machine without microphone and camera: it is told, and one can listen', async ({ ada, grace }) => {
  await ada.openProfile('Grace');
  await ada.button('Video call').click();
  await expect(ada.page.getByText(/no (microphone|camera)|not found|microphone/i).first()).toBeVisible();
  await ada.page.getByRole('button', { name: /without|continue|anyway/i }).click();
  await expect(ada.status('Ringing…')).toBeVisible();
  await expect(grace.incoming('video')).toBeVisible();
});
