import { Ledger } from '../support/api.ts';
import { HeadlessPerson } from '../support/headless.ts';
import { mediaServerReady } from '../support/media-server.ts';
import { expect, test } from '../support/test.ts';

test.use({ serverEnv: { PARLEY_LIVEKIT: 'auto' }, quiet: true });

const CROWD = 40;
/** So many of them send pictures: what two cores bear beside a browser. */
const SEEN = 9;

test('forty people join within one second: the ledger has all of them, and the screen shows so', async ({
  parley,
  ada,
}) => {
  await mediaServerReady(parley);
  const { page } = ada;
  const linus = await HeadlessPerson.signIn(parley.url, 'Linus');
  const crowd: HeadlessPerson[] = [];
  for (let number = 1; number <= CROWD; number += 1) crowd.push(await linus.colleague(`Visitor ${number}`));
  await ada.startGroup('video', 'general');
  const ledger = await Ledger.of(parley.url, 'Ada');
  const { id } = await ledger.onlyCall();

  const begun = Date.now();
  const joins = crowd.map((person, index) =>
    index < SEEN ? person.join(id, { tone: false }).then(() => undefined) : person.sit(id),
  );
  expect(Date.now() - begun).toBeLessThan(1_000);
  await Promise.all(joins);
  const joined = async () => (await ledger.call(id)).participants.filter(({ state }) => state === 'joined').length;
  await expect.poll(joined).toBe(CROWD + 1);
  const users = (await ledger.call(id)).participants.map(({ userId }) => userId);
  expect(new Set(users).size).toBe(users.length);
  const accepted = (await ledger.events(id)).filter(({ type }) => type === 'accepted');
  expect(accepted).toHaveLength(CROWD);

  await page.getByRole('button', { name: `${CROWD + 1} people` }).click();
  const panel = page.getByRole('complementary');
  await expect(panel.getByRole('button', { name: /^Options for Visitor \d+$/ })).not.toHaveCount(0);
  // They stand in the order in which they came, which nobody knows beforehand, and rows that are out of sight are not there.
  const last = panel.getByText(`Visitor ${CROWD}`, { exact: true }).last();
  await panel
    .getByText(/^Visitor \d+$/)
    .first()
    .hover();
  await expect(async () => {
    try {
      await expect(last).toBeInViewport({ timeout: 500 });
    } catch (error) {
      await page.mouse.wheel(0, 300);
      throw error;
    }
  }).toPass();
  await ada.button('Close').click();
  await expect(page.getByText('1 of 3', { exact: true })).toBeVisible();
  await expect(page.locator('video[data-participant]')).not.toHaveCount(0);
  await expect(ada.timer).toBeVisible();

  await Promise.all(crowd.map((person) => person.leave()));
  await expect(page.getByRole('button', { name: '1 person' })).toBeVisible();
  await expect.poll(joined).toBe(1);
  await linus.leave();
});
