import { expectTone, liveCaptures } from '../support/media.ts';
import { expect, test } from '../support/test.ts';

test.describe('granted already', () => {
  test.use({ permissions: ['microphone', 'camera'] });

  test('nothing is asked before the call', async ({ ada, grace }) => {
    await ada.startCall('audio', 'Grace');
    await expect(ada.page.getByRole('dialog')).toHaveCount(0);
    await grace.accept('audio');
    await Promise.all([ada.expectInCall(), grace.expectInCall()]);
    await expectTone(grace.page);
  });
});

test.describe('denied', () => {
  // To grant a list denies what it does not name.
  test.use({ permissions: [] });

  test('is told plainly, and one can go on without a microphone', async ({ ada, grace }) => {
    await ada.openProfile('Grace');
    await ada.button('Audio call').click();
    await expect(ada.heading('Parley can’t hear you')).toBeVisible();
    await ada.button('Join and only listen').click();
    await expect(ada.status('Ringing…')).toBeVisible();
    await expect(grace.incoming('audio')).toBeVisible();
    expect(await liveCaptures(ada.page)).toEqual([]);
  });
});
