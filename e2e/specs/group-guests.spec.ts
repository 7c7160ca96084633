import { Ledger } from '../support/api.ts';
import { expectMoving } from '../support/media.ts';
import { mediaServerReady } from '../support/media-server.ts';
import { expect, test } from '../support/test.ts';

test.use({ serverEnv: { PARLEY_LIVEKIT: 'auto' }, quiet: true });

const PHONE = { width: 390, height: 844 };
const LEADS_NOWHERE = 'This link has expired or does not exist. Ask for a new one.';

test('a guest on a phone is turned away, asks again, and is let in; after the call the link leads nowhere', async ({
  parley,
  ada,
  visit,
}) => {
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

  await ada.endForEveryone();
  await expect(guest.getByRole('heading', { name: 'Call ended', exact: true })).toBeVisible();
  const late = await visit(PHONE);
  await late.goto(path);
  await expect(late.getByRole('alert')).toHaveText(LEADS_NOWHERE);
});

test('a link that is guessed or revoked leads nowhere, and says so', async ({ parley, ada, visit }) => {
  await mediaServerReady(parley);
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.startGroup('audio', 'general');
  await ada.page.getByRole('button', { name: '1 person' }).click();
  await ada.button('Copy the link to this call').click();
  await expect(ada.page.getByText('The link is in the clipboard')).toBeVisible();
  const url = await ada.page.evaluate(() => navigator.clipboard.readText());

  const guest = await visit();
  await guest.goto(`${url.slice(0, -8)}AAAAAAAA`);
  await expect(guest.getByRole('alert')).toHaveText(LEADS_NOWHERE);
  await expect(guest.getByRole('textbox')).toHaveCount(0);

  await guest.goto(url);
  await guest.getByRole('textbox', { name: 'Your name' }).fill('Alan');
  await ada.button('Revoke the link').click();
  await expect(ada.page.getByText('The link leads nowhere now')).toBeVisible();
  // The page was open when the link was still good.
  await guest.getByRole('button', { name: 'Ask to join' }).click();
  await expect(guest.getByRole('alert')).toHaveText(LEADS_NOWHERE);
  await expect(guest.getByRole('button', { name: 'Ask to join' })).toHaveCount(0);
  await guest.reload();
  await expect(guest.getByRole('alert')).toHaveText(LEADS_NOWHERE);
  await expect(ada.button('Let Alan in')).toHaveCount(0);
});

test('an invitation in the chat: a member goes in directly', async ({ parley, ada, grace }) => {
  await mediaServerReady(parley);
  await ada.startGroup('audio', 'general');
  await ada.press('Back to the chat');
  await ada.button('Post a link to the call').click();
  await grace.openChannel('general');
  await expect(grace.page.getByText('Ada invites to a call')).toBeVisible();
  await grace.button('Join').click();
  await grace.enter();
  await ada.page
    .getByRole('button', { name: /^Back to the call/ })
    .first()
    .click();
  await expect(ada.tile('Grace')).toBeVisible();
  await expect(ada.button('Let Grace in')).toHaveCount(0);
});
