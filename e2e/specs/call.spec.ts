import { Ledger } from '../support/api.ts';
import { expectMoving, expectNoPicture, expectTone, liveCaptures } from '../support/media.ts';
import { connect, expect, test } from '../support/test.ts';

// As `npm start` runs it.
test.use({ keeps: 'embedded' });

test('an audio call: it rings, both hear each other, and it ends for both with a summary', async ({
  parley,
  ada,
  grace,
}) => {
  await ada.startCall('audio', 'Grace');
  const ring = grace.incoming('audio');
  await expect(ring).toContainText('Ada');
  await expect(ring.getByRole('button', { name: 'Accept with audio only' })).toHaveCount(0);
  await grace.accept('audio');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
  expect(await liveCaptures(ada.page)).toEqual(['audio']);

  await ada.leave();
  for (const person of [ada, grace]) {
    await expect(person.heading('Call ended')).toBeVisible();
    await expect(person.page.getByText('Duration')).toBeVisible();
    await expect(person.page.getByText('Participants')).toBeVisible();
    await expect(person.button('Call again')).toBeVisible();
    await expect.poll(() => liveCaptures(person.page)).toEqual([]);
  }

  const ledger = await Ledger.of(parley.url, 'Ada');
  const call = await ledger.onlyCall();
  expect(call).toMatchObject({ status: 'ended', endReason: 'hangup', callType: 'audio', initiatorId: ledger.userId });
  expect(call.participants.map(({ state }) => state)).toEqual(['left', 'left']);
  const types = (await ledger.events(call.id)).map(({ type }) => type);
  expect(types.filter((type) => type !== 'media_state')).toEqual([
    'created',
    'accepted',
    'media_connected',
    'media_connected',
    'left',
  ]);
});

test('a video call: both see the other move and hear the tone of the other', async ({ parley, ada, grace }) => {
  const [adaId, graceId] = await Promise.all(
    ['Ada', 'Grace'].map(async (first) => (await Ledger.of(parley.url, first)).userId),
  );
  if (!adaId || !graceId) throw new Error('Nobody is there.');
  await connect(ada, grace, 'video');
  await Promise.all([expectMoving(ada.page, graceId), expectMoving(grace.page, adaId)]);
  // One's own picture, as an inset.
  await Promise.all([expectMoving(ada.page, adaId), expectMoving(grace.page, graceId)]);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
  await expect(ada.tile('Grace')).toBeVisible();

  await grace.leave();
  await Promise.all([ada, grace].map((person) => expect(person.heading('Call ended')).toBeVisible()));
});

test('a video call that is accepted with audio only: one picture, two voices', async ({ parley, ada, grace }) => {
  const [adaId, graceId] = await Promise.all(
    ['Ada', 'Grace'].map(async (first) => (await Ledger.of(parley.url, first)).userId),
  );
  if (!adaId || !graceId) throw new Error('Nobody is there.');
  await ada.startCall('video', 'Grace');
  await grace.incoming('video').getByRole('button', { name: 'Accept with audio only' }).click();
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  await expectMoving(grace.page, adaId);
  await expectTone(ada.page);
  await expectNoPicture(ada.page, graceId);
  expect(await liveCaptures(grace.page)).toEqual(['audio']);
});

test('the call is in the history of both', async ({ ada, grace }) => {
  await connect(ada, grace, 'audio');
  await ada.leave();
  await expect(grace.heading('Call ended')).toBeVisible();
  for (const [person, other] of [
    [ada, 'Grace'],
    [grace, 'Ada'],
  ] as const) {
    await person.page.goto('/calls');
    await expect(person.page.getByText(new RegExp(other)).last()).toBeVisible();
  }
});

test('call again from the summary rings the same person', async ({ ada, grace }) => {
  await connect(ada, grace, 'audio');
  await grace.leave();
  await ada.button('Call again').click();
  await expect(grace.incoming('audio')).toBeVisible();
  await grace.accept('audio');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
});
