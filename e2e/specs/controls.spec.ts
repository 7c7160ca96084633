import { Ledger } from '../support/api.ts';
import { expectMoving, expectNoPicture, expectSilence, expectTone } from '../support/media.ts';
import { connect, expect, test } from '../support/test.ts';

test('mute silences one for the other, and the ledger knows of it', async ({ parley, ada, grace }) => {
  await connect(ada, grace, 'audio');
  await expectTone(grace.page);
  await ada.press('Mute microphone');
  await expect(ada.button('Unmute microphone')).toBeVisible();
  await expectSilence(grace.page);
  // The other direction is not touched.
  await expectTone(ada.page);
  const ledger = await Ledger.of(parley.url, 'Ada');
  const isMuted = async () =>
    (await ledger.onlyCall()).participants.find(({ userId }) => userId === ledger.userId)?.isMuted;
  await expect.poll(isMuted).toBe(true);

  await ada.press('Unmute microphone');
  await expectTone(grace.page);
  await expect.poll(isMuted).toBe(false);
});

test('the camera goes off and on again during a call', async ({ parley, ada, grace }) => {
  const adaId = (await Ledger.of(parley.url, 'Ada')).userId;
  await connect(ada, grace, 'video');
  await expectMoving(grace.page, adaId);
  await ada.press('Turn camera off');
  await expect(ada.button('Turn camera on')).toBeVisible();
  await expectNoPicture(grace.page, adaId);
  await expectTone(grace.page);
  await ada.press('Turn camera on');
  await expectMoving(grace.page, adaId);
});

test('a camera can be turned on in an audio call', async ({ parley, ada, grace }) => {
  const adaId = (await Ledger.of(parley.url, 'Ada')).userId;
  await connect(ada, grace, 'audio');
  await ada.press('Turn camera on');
  await expectMoving(grace.page, adaId);
});

test('both are muted at once and hear each other again', async ({ ada, grace }) => {
  await connect(ada, grace, 'audio');
  await Promise.all([ada.press('Mute microphone'), grace.press('Mute microphone')]);
  await Promise.all([expectSilence(ada.page), expectSilence(grace.page)]);
  await Promise.all([ada.press('Unmute microphone'), grace.press('Unmute microphone')]);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
});

test('back in the chat the call goes on, is heard, and can be come back to', async ({ ada, grace }) => {
  await connect(ada, grace, 'audio');
  await ada.button('Back to the chat').click();
  await expect(ada.button('Back to the call')).toBeVisible();
  await expectTone(ada.page);
  await ada.button('Back to the call').click();
  await ada.expectInCall();
});

test('Ctrl+Enter accepts while somebody is writing, and posts nothing', async ({ ada, grace }) => {
  await grace.linkTo('general').click();
  const draft = grace.page.getByRole('textbox', { name: 'Message' });
  await draft.fill('half a sentence');
  await ada.startCall('audio', 'Grace');
  await expect(grace.incoming('audio')).toBeVisible();
  await draft.press('Control+Enter');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
});
