import { Ledger } from '../support/api.ts';
import { test } from '../support/on-postgres.ts';
import { expect } from '../support/test.ts';

const leadsNowhere = 'This link has expired or does not exist. Ask for a new one.';

test('a link that has expired says so, to whoever has the page open and to whoever comes later', async ({
  parley,
  database,
  visit,
}) => {
  const path = await (await Ledger.of(parley.url, 'Ada')).channelLink('general');
  const guest = await visit();
  await guest.goto(path);
  await guest.getByRole('textbox', { name: 'Your name' }).fill('Alan');
  await database.rows("update public.call_links set expires_at = now() - interval '1 second'");
  await guest.getByRole('button', { name: 'Ask to join' }).click();
  await expect(guest.getByRole('alert')).toHaveText(leadsNowhere);
  await guest.reload();
  await expect(guest.getByRole('alert')).toHaveText(leadsNowhere);
});
