import { Ledger } from '../support/api.ts';
import { expectTone } from '../support/media.ts';
import { connect, expect, test } from '../support/test.ts';

test.describe('a call that nobody takes part in', () => {
  test('declined: both are told, and the ledger says rejected', async ({ parley, ada, grace }) => {
    await ada.startCall('audio', 'Grace');
    await grace.decline('audio');
    await expect(ada.heading('Call declined')).toBeVisible();
    await expect(grace.incoming('audio')).toHaveCount(0);
    const call = await (await Ledger.of(parley.url, 'Ada')).onlyCall();
    expect(call).toMatchObject({ status: 'rejected', endReason: 'declined' });
  });

  test('cancelled: the ring goes, and the ledger says missed', async ({ parley, ada, grace }) => {
    await ada.startCall('video', 'Grace');
    await expect(grace.incoming('video')).toBeVisible();
    await ada.button('Cancel').click();
    await expect(ada.heading('Call ended')).toBeVisible();
    await expect(ada.page.getByText('You cancelled the call.')).toBeVisible();
    await expect(ada.page.getByText('Nobody', { exact: true })).toBeVisible();
    await expect(grace.incoming('video')).toHaveCount(0);
    const call = await (await Ledger.of(parley.url, 'Ada')).onlyCall();
    expect(call).toMatchObject({ status: 'missed', endReason: 'cancelled' });
    await grace.page.goto(`/call/${call.id}`);
    await expect(grace.heading('Call missed')).toBeVisible();
    await expect(grace.page.getByText('You cancelled the call.')).toHaveCount(0);
  });

  test.describe('with a short ring', () => {
    test.use({ serverEnv: { PARLEY_RING_TIMEOUT_MS: '4000' } });

    test('not answered: it times out on both sides', async ({ parley, ada, grace }) => {
      await ada.startCall('audio', 'Grace');
      await expect(grace.incoming('audio')).toBeVisible();
      await expect(ada.heading('No answer')).toBeVisible();
      await expect(grace.incoming('audio')).toHaveCount(0);
      const call = await (await Ledger.of(parley.url, 'Ada')).onlyCall();
      expect(call).toMatchObject({ status: 'missed', endReason: 'no_answer' });
      await grace.page.goto(`/call/${call.id}`);
      await expect(grace.heading('Call missed')).toBeVisible();
    });
  });

  test('busy: one call waits, whoever comes after it is told, and the call that runs is not disturbed', async ({
    ada,
    grace,
    signIn,
  }) => {
    await connect(ada, grace, 'audio');
    const [ken, linus] = [await signIn('Ken'), await signIn('Linus')];
    await ken.openProfile('Grace');
    await ken.button('Audio call').click();
    await expect(ken.status('On another call')).toBeVisible();
    await linus.openProfile('Grace');
    await linus.button('Audio call').click();
    await expect(linus.heading('On another call')).toBeVisible();
    await expect(grace.incoming('audio')).toHaveCount(0);
    await expect(grace.timer).toBeVisible();
    await expect(ada.timer).toBeVisible();
  });
});

test('called again at once after hanging up: it is a new call, and it rings', async ({ parley, ada, grace }) => {
  await connect(ada, grace, 'audio');
  await ada.leave();
  await ada.button('Call again').click();
  await grace.accept('audio');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);

  // From a page that is loaded anew while the hang-up is on its way.
  await grace.leave();
  await grace.startCall('audio', 'Ada');
  await ada.accept('audio');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);

  const calls = await (await Ledger.of(parley.url, 'Ada')).calls();
  expect(calls.map(({ status }) => status)).toEqual(['connected', 'ended', 'ended']);
});

test('glare: two who call each other at once end in one call', async ({ parley, ada, grace }) => {
  await Promise.all([ada.openProfile('Grace'), grace.openProfile('Ada')]);
  await Promise.all([ada.button('Audio call').click(), grace.button('Audio call').click()]);
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  const call = await (await Ledger.of(parley.url, 'Ada')).onlyCall();
  expect(call).toMatchObject({ status: 'connected' });
  await expect(ada.incoming('audio')).toHaveCount(0);
  await expect(grace.incoming('audio')).toHaveCount(0);
});

test.describe('on two devices', () => {
  test('answered on one: the other stops ringing and says so', async ({ ada, grace, signIn }) => {
    const tablet = await signIn('Grace');
    await ada.startCall('audio', 'Grace');
    await Promise.all([grace, tablet].map((device) => expect(device.incoming('audio')).toBeVisible()));
    await tablet.accept('audio');
    await Promise.all([ada.expectInCall(), tablet.expectInCall()]);
    await expect(grace.incoming('audio')).toHaveCount(0);
    await expect(grace.page.getByRole('status').filter({ hasText: 'Answered on another device' })).toBeVisible();
    await expect(grace.callRegion).toHaveCount(0);
  });

  test('declined on one: both stop ringing, and the other says so', async ({ ada, grace, signIn }) => {
    const tablet = await signIn('Grace');
    await ada.startCall('audio', 'Grace');
    await expect(tablet.incoming('audio')).toBeVisible();
    await grace.decline('audio');
    await expect(ada.heading('Call declined')).toBeVisible();
    await expect(tablet.incoming('audio')).toHaveCount(0);
    await expect(tablet.page.getByRole('status').filter({ hasText: 'Declined on another device' })).toBeVisible();
  });

  test('accepted on both at once: one wins, one call', async ({ parley, ada, grace, signIn }) => {
    const tablet = await signIn('Grace');
    await ada.startCall('audio', 'Grace');
    await Promise.all([grace, tablet].map((device) => expect(device.incoming('audio')).toBeVisible()));
    // Where the other device was faster, the button goes from under the finger.
    const tap = (device: typeof grace) =>
      device
        .incoming('audio')
        .getByRole('button', { name: 'Accept', exact: true })
        .click({ timeout: 10_000 })
        .catch(() => undefined);
    await Promise.all([tap(grace), tap(tablet)]);
    const lost = (device: typeof grace) =>
      device.page.getByRole('status').filter({ hasText: 'Answered on another device' });
    // Both at once: what is said of it does not stand for ever.
    await Promise.all([
      ada.expectInCall(),
      expect.poll(async () => (await lost(grace).count()) + (await lost(tablet).count())).toBe(1),
    ]);
    const ledger = await Ledger.of(parley.url, 'Ada');
    const events = await ledger.events((await ledger.onlyCall()).id);
    expect(events.filter(({ type }) => type === 'accepted')).toHaveLength(1);
  });
});

test('the caller closes the page while it rings: it rings no more', async ({ parley, ada, grace }) => {
  await ada.startCall('audio', 'Grace');
  await expect(grace.incoming('audio')).toBeVisible();
  await ada.page.close({ runBeforeUnload: true });
  // Long before the caller's lease runs out.
  await expect(grace.incoming('audio')).toHaveCount(0, { timeout: 10_000 });
  const call = await (await Ledger.of(parley.url, 'Ada')).onlyCall();
  expect(call).toMatchObject({ status: 'missed', endReason: 'cancelled' });
});
