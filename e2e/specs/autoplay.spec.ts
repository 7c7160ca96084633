import { blockedPlay, expectTone } from '../support/media.ts';
import { connect, expect, test } from '../support/test.ts';

// A press is a gesture, after which pages may play sound.
test.use({ signsIn: 'by button' });

test('a ring tone that the browser blocks does not keep the call from ringing and being answered', async ({
  ada,
  grace,
}) => {
  const faults: string[] = [];
  grace.page.on('pageerror', (error) => faults.push(error.message));
  // A page that was loaded and never touched: no gesture, no sound. Nothing may look at it before it has rung.
  const socket = grace.page.waitForEvent('websocket');
  await grace.page.reload();
  const rung = (await socket).waitForEvent('framereceived', ({ payload }) => payload.includes('"t":"ring"'));
  await ada.startCall('audio', 'Grace');
  await rung;
  await expect(grace.incoming('audio')).toBeVisible();
  await grace.accept('audio');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  // The press on Accept was a gesture.
  await expectTone(grace.page);
  expect(faults).toEqual([]);
});

test('after a reload the call is back with its sound: a page that captures needs no gesture', async ({
  ada,
  grace,
}) => {
  await connect(ada, grace, 'audio');
  await ada.page.reload();
  await ada.expectInCall();
  await expectTone(ada.page);
  await expect(ada.button('Tap to hear')).toHaveCount(0);
});

test.describe('without a microphone of one\u2019s own', () => {
  // To grant a list denies what it does not name.
  test.use({ permissions: [] });

  test('after a reload the call is back, and its sound comes with a tap', async ({ ada, signIn }) => {
    const grace = await signIn('Grace');
    await grace.context.grantPermissions(['microphone', 'camera']);
    await grace.startCall('audio', 'Ada');
    await ada.accept('audio');
    await ada.button('Join and only listen').click();
    await Promise.all([ada.expectInCall(), grace.expectInCall()]);
    await expectTone(ada.page);

    const blocked = blockedPlay(ada.page);
    await ada.page.reload();
    await blocked;
    await ada.button('Tap to hear').click();
    await expectTone(ada.page);
    await expect(ada.button('Tap to hear')).toHaveCount(0);
  });
});
