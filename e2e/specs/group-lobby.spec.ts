import { Ledger } from '../support/api.ts';
import { HeadlessPerson } from '../support/headless.ts';
import { expectMoving, expectNoPicture, expectTone } from '../support/media.ts';
import { mediaServerReady } from '../support/media-server.ts';
import { bytesReceived, expectReceived } from '../support/received.ts';
import { expect, test } from '../support/test.ts';

test.use({ serverEnv: { PARLEY_LIVEKIT: 'auto' }, quiet: true });

test('what is chosen in the lobby holds inside: whom to ring, the microphone off, the camera off', async ({
  parley,
  ada,
  grace,
}) => {
  await mediaServerReady(parley);
  const linus = await HeadlessPerson.signIn(parley.url, 'Linus');
  await ada.openChannel('general');
  await ada.button('Start video call').click();
  await expect(ada.page.getByText('Nobody is rung; members of the channel can join')).toBeVisible();
  await ada.button('Mute microphone').click();
  await ada.button('Turn camera off').click();
  await ada.button('Ring people').click();
  const dialog = ada.page.getByRole('dialog', { name: 'Ring people' });
  await dialog.getByRole('checkbox', { name: /^Grace/ }).click();
  await dialog.getByRole('button', { name: 'Ring them' }).click();
  await expect(ada.page.getByText('Rings Grace')).toBeVisible();
  // Alone she waits for whom she rings: the call has no duration yet.
  await ada.button('Join call').click();
  await expect(ada.callRegion).toBeVisible();

  await expect(grace.incoming('video')).toContainText('Ada');
  await expect(ada.button('Unmute microphone')).toBeVisible();
  await expect(ada.button('Turn camera on')).toBeVisible();
  await grace.accept('video');
  await grace.expectInCall();
  await expect(grace.page.getByRole('group', { name: /^Ada.*, muted$/ })).toBeVisible();
  const ledger = await Ledger.of(parley.url, 'Ada');
  await expectNoPicture(grace.page, ledger.userId);
  const own = async () => (await ledger.onlyCall()).participants.find(({ userId }) => userId === ledger.userId);
  await expect.poll(own).toMatchObject({ state: 'joined', isMuted: true, videoEnabled: false });
  // Linus is told of the channel's call, and of no ring.
  expect(linus.heard).not.toContain('ring');
  expect((await ledger.onlyCall()).participants.map(({ userId }) => userId)).not.toContain(linus.userId);
  await linus.leave();
});

test('a group call comes back by itself after a reload, with what was off still off', async ({
  parley,
  ada,
  grace,
}) => {
  await mediaServerReady(parley);
  const ledger = await Ledger.of(parley.url, 'Ada');
  const graceId = (await Ledger.of(parley.url, 'Grace')).userId;
  await ada.startGroup('video', 'general');
  await grace.joinGroup('general');
  await expectMoving(ada.page, graceId);
  await ada.press('Mute microphone');
  await expect(grace.page.getByRole('group', { name: /^Ada.*, muted$/ })).toBeVisible();
  const before = await ledger.onlyCall();

  await ada.page.reload();
  await ada.expectInCall();
  await Promise.all([expectMoving(ada.page, graceId), expectMoving(grace.page, ledger.userId)]);
  await expectTone(ada.page);
  await expect(ada.button('Unmute microphone')).toBeVisible();
  expect(await ledger.onlyCall()).toMatchObject({ id: before.id, status: 'connected' });
  const events = (await ledger.events(before.id)).map(({ type }) => type);
  expect(events).not.toContain('left');
  expect(events).not.toContain('dropped');
});

test('who saves data hears and sees nobody, and is seen by nobody, until they want pictures again', async ({
  parley,
  ada,
  grace,
}) => {
  await mediaServerReady(parley);
  const [adaId, graceId] = [(await Ledger.of(parley.url, 'Ada')).userId, (await Ledger.of(parley.url, 'Grace')).userId];
  await ada.startGroup('video', 'general');
  await grace.joinGroup('general');
  await expectReceived(ada.page, [graceId]);

  await ada.press('More');
  await ada.button('Save data: sound only').click();
  await expectNoPicture(ada.page, graceId);
  await expectNoPicture(grace.page, adaId);
  await expectReceived(ada.page, []);
  const before = await bytesReceived(ada.page);
  await expectTone(ada.page);
  const after = await bytesReceived(ada.page);
  expect(after.video).toBe(before.video);
  await expect.poll(async () => (await bytesReceived(ada.page)).audio).toBeGreaterThan(after.audio);

  await ada.press('More');
  await ada.button('Show pictures again').click();
  await expectReceived(ada.page, [graceId]);
  await expectMoving(ada.page, graceId);
});
