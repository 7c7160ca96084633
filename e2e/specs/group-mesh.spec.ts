import { Ledger } from '../support/api.ts';
import { HeadlessPerson } from '../support/headless.ts';
import { expectMoving, expectTone } from '../support/media.ts';
import { expect, test } from '../support/test.ts';

test.use({ serverEnv: { PARLEY_LIVEKIT: 'off' }, quiet: true });

test('without a media server three people see and hear each other, and a fifth is told that the call is full', async ({
  parley,
  ada,
  grace,
  signIn,
}) => {
  const linus = await signIn('Linus');
  const ledger = await Ledger.of(parley.url, 'Ada');
  const [adaId, graceId, linusId] = [
    ledger.userId,
    (await Ledger.of(parley.url, 'Grace')).userId,
    (await Ledger.of(parley.url, 'Linus')).userId,
  ];
  await ada.startGroup('video', 'general');
  await grace.joinGroup('general');
  await linus.joinGroup('general');
  await Promise.all([
    expectMoving(ada.page, graceId),
    expectMoving(ada.page, linusId),
    expectMoving(grace.page, adaId),
    expectMoving(grace.page, linusId),
    expectMoving(linus.page, adaId),
    expectMoving(linus.page, graceId),
  ]);
  for (const person of [ada, grace, linus]) {
    await expectTone(person.page);
    await expect(person.page.getByText('Peer to peer, end-to-end encrypted').first()).toBeVisible();
  }

  const { id } = await ledger.onlyCall();
  const margaret = await HeadlessPerson.signIn(parley.url, 'Margaret');
  await margaret.sit(id);
  await expect(ada.page.getByRole('button', { name: '4 people' })).toBeVisible();
  const ken = await signIn('Ken');
  await ken.openChannel('general');
  await ken.button('Join call').click();
  await ken.button('Join call').click();
  await expect(ken.status('There is no more room in this call.')).toBeVisible();
  await expect(ken.callRegion).toHaveCount(0);
  await expect(ken.page).not.toHaveURL(/\/call\//);
  await expectMoving(ada.page, linusId);

  await margaret.leave();
  await expect(ada.page.getByRole('button', { name: '3 people' })).toBeVisible();
  await linus.leave();
  await expectMoving(ada.page, graceId);
});
