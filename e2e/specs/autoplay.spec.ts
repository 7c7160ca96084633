import { expectTone } from '../support/media.ts';
import { connect, expect, test } from '../support/test.ts';

test('a ring tone that the browser blocks does not keep the call from ringing and being answered', async ({
  ada,
  grace,
}) => {
  // A page that was loaded and never touched: no gesture, no sound.
  await grace.page.reload();
  await expect(grace.linkTo('general')).toBeVisible();
  const faults: string[] = [];
  grace.page.on('pageerror', (error) => faults.push(error.message));
  await ada.startCall('audio', 'Grace');
  await expect(grace.incoming('audio')).toBeVisible();
  await grace.accept('audio');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  // The press on Accept was a gesture.
  await expectTone(grace.page);
  expect(faults).toEqual([]);
});

test('after a reload the call is back, and sound comes with a tap where the browser wants one', async ({
  ada,
  grace,
}) => {
  await connect(ada, grace, 'audio');
  await ada.page.reload();
  await ada.expectInCall();
  await ada.button('Tap to hear').click();
  await expectTone(ada.page);
  await expect(ada.button('Tap to hear')).toHaveCount(0);
});
