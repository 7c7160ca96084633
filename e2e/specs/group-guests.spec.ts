import { Ledger } from '../support/api.ts';
import { expectMoving } from '../support/media.ts';
import { mediaServerReady } from '../support/media-server.ts';
import { expect, test } from '../support/test.ts';

test.use({ serverEnv: { PARLEY_LIVEKIT: 'auto' }, quiet: true });

const PHONE = { width: 390, height: 844 };

test('a guest on a phone is turned away, asks again, and is let in', async ({ parley, ada, visit }) => {
  await mediaServerReady(parley);
  await ada.startGroup('video', 'general');
  const ledger = await Ledger.of(parley.url, 'Ada');
  const path = await ledger.callLink();

  const guest = await visit(PHONE);
  await guest.goto(path);
  await expect(guest.getByRole('heading', { name: /^Ada.* invites you to a call of Acme$/ })).toBeVisible();
  await expect(guest.getByText('1 person is in the call')).toBeVisible();
  const ask = guest.getByRole('button', { name: 'Ask to join' });
  await expect(ask).toBeDisabled();
  await guest.getByRole('textbox', { name: 'Your name' }).fill('Alan');
  await ask.click();
  await expect(guest.getByText('Asking to be let in…')).toBeVisible();
  await ada.button('Turn Alan away').click();
  await expect(guest.getByRole('alert')).toHaveText('You were not let in this time.');
  await expect(ada.button('Let Alan in')).toHaveCount(0);

  await ask.click();
  await ada.button('Let Alan in').click();
  await expect(guest.getByRole('region', { name: 'Call', exact: true })).toBeVisible();
  await expectMoving(guest, ledger.userId);
  await expect(ada.tile('Alan')).toBeVisible();
  await expect.poll(() => guest.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);

  // What a guest may not do is not offered.
  await expect(guest.getByRole('button', { name: 'Add people' })).toHaveCount(0);
  await guest.getByRole('button', { name: '2 people' }).click();
  await expect(guest.getByRole('button', { name: 'Lock the call' })).toHaveCount(0);
  await expect(guest.getByRole('button', { name: 'Copy the link to this call' })).toHaveCount(0);
  await guest.getByRole('button', { name: 'Close' }).click();

  await ada.press('End call for everyone');
  await expect(guest.getByRole('heading', { name: 'Call ended', exact: true })).toBeVisible();
});
