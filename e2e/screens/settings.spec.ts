import { connect, expect, test } from '../support/test.ts';

test('a name, a picture and do-not-disturb reach the others, and a call then comes without a sound', async ({
  ada,
  grace,
}) => {
  await grace.page.goto('/settings');
  const name = grace.page.getByRole('textbox', { name: 'Display name' });
  await name.fill('Grace Brewster');
  await grace.button('Save name').click();
  await expect(ada.linkTo('Grace Brewster')).toBeVisible();

  // A picture that the browser itself makes.
  const png = await grace.page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 600, height: 400 });
    const context = canvas.getContext('2d');
    if (context) {
      context.fillStyle = '#336699';
      context.fillRect(0, 0, 600, 400);
    }
    return canvas.toDataURL('image/png').split(',')[1] ?? '';
  });
  const chooser = grace.page.waitForEvent('filechooser');
  await grace.button('Add a picture').click();
  await (await chooser).setFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') });
  await expect(grace.button('Remove picture')).toBeVisible();
  const seen = ada.linkTo('Grace').locator('img');
  await expect(seen).toHaveAttribute('src', /^data:image\/(webp|jpeg);base64,/);

  await grace.page.getByRole('radio', { name: 'For 1 hour' }).click();
  await expect(grace.page.getByRole('radio', { name: 'For 1 hour' })).toBeChecked();
  await expect(ada.linkTo('Grace')).toHaveAccessibleName(/Do not disturb/);
  await ada.startCall('audio', 'Grace');
  await expect(ada.status('Grace does not want to be disturbed')).toBeVisible();
  await expect(grace.incoming('audio').getByText('no sound')).toBeVisible();
  await grace.decline('audio');
  await expect(ada.heading('Call declined')).toBeVisible();

  await grace.button('Remove picture').click();
  await grace.page.getByRole('radio', { name: 'Off', exact: true }).click();
  await ada.page.goto('/');
  await expect(ada.linkTo('Grace')).not.toHaveAccessibleName(/Do not disturb/);
  await expect(seen).toHaveCount(0);
  await connect(ada, grace, 'audio');
});

test('a device on which one wants no ring shows the call without a sound', async ({ ada, grace }) => {
  await grace.page.goto('/settings');
  await grace.page.getByRole('radio', { name: 'Without a sound' }).click();
  await grace.page.reload();
  await expect(grace.page.getByRole('radio', { name: 'Without a sound' })).toBeChecked();
  await ada.startCall('audio', 'Grace');
  await expect(ada.status('Ringing…')).toBeVisible();
  await expect(grace.incoming('audio').getByText('This device does not ring')).toBeVisible();
  await grace.decline('audio');
  await expect(ada.heading('Call declined')).toBeVisible();
});

test('a device is signed out from another one, by hand and by a new password', async ({ signIn, ada }) => {
  const there = await signIn('Ada');
  await ada.page.goto('/settings');
  await expect(ada.page.getByText('This device', { exact: true })).toBeVisible();
  await ada.page.getByRole('button', { name: /^Sign out Chrome/ }).click();
  await expect(there.button('Continue as Ada')).toBeVisible();
  await expect(ada.page.getByRole('button', { name: /^Sign out Chrome/ })).toHaveCount(0);

  await there.button('Continue as Ada').click();
  await expect(there.linkTo('general')).toBeVisible();
  await ada.button('Change password').click();
  await ada.page.getByRole('textbox', { name: 'Current password' }).fill('not her password');
  await ada.page.getByRole('textbox', { name: 'New password' }).fill('analytical engine 1843');
  await ada.button('Save password').click();
  await expect(ada.page.getByText('Email or password is not right.')).toBeVisible();
  await ada.page.getByRole('textbox', { name: 'Current password' }).fill('parley-demo');
  await ada.button('Save password').click();
  await expect(ada.page.getByText('Your password is changed.')).toBeVisible();
  await expect(there.button('Continue as Ada')).toBeVisible();
});
