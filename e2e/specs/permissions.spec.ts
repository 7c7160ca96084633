import { expectTone, liveCaptures } from '../support/media.ts';
import { mediaServerReady } from '../support/media-server.ts';
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

  test('a tap on Accept waits for no look at the devices: that was done while it rang', async ({ ada, grace }) => {
    await grace.page.evaluate(() => {
      const ask = navigator.permissions.query.bind(navigator.permissions);
      navigator.permissions.query = async (what) => {
        const status = await ask(what);
        document.documentElement.dataset[what.name] = status.state;
        return status;
      };
    });
    await ada.startCall('audio', 'Grace');
    await expect(grace.incoming('audio')).toBeVisible();
    await expect(grace.page.locator('html')).toHaveAttribute('data-microphone', 'granted');
    // From here on a look takes for ever.
    await grace.page.evaluate(() => {
      navigator.mediaDevices.enumerateDevices = () => new Promise(() => undefined);
    });
    await grace.accept('audio');
    await Promise.all([ada.expectInCall(), grace.expectInCall()]);
    await expectTone(ada.page);
  });

  for (const { why, title, refusal } of [
    {
      why: 'the system keeps the microphone from the browser',
      title: 'Your system blocks the microphone',
      refusal: ['Permission denied by system', 'NotAllowedError'],
    },
    {
      why: 'another program has the microphone',
      title: 'The microphone is busy',
      refusal: ['Could not start audio source', 'NotReadableError'],
    },
  ] as const) {
    test(`${why}: it is said while it rings, and the next try brings the sound`, async ({ ada, grace }) => {
      // In Chromium's own words, for want of such a system and such a program.
      await ada.page.addInitScript((words) => {
        const { mediaDevices } = navigator;
        const open = mediaDevices.getUserMedia.bind(mediaDevices);
        mediaDevices.getUserMedia = async (wanted) => {
          if (!document.documentElement.hasAttribute('data-freed')) throw new DOMException(...words);
          return open(wanted);
        };
      }, refusal);
      await ada.page.reload();
      await ada.openProfile('Grace');
      await ada.button('Audio call').click();
      await expect(ada.page.getByRole('alert')).toContainText('Others can’t hear you');
      await ada.button('How to fix it').click();
      await expect(ada.heading(title)).toBeVisible();
      await ada.page.evaluate(() => document.documentElement.setAttribute('data-freed', ''));
      await ada.button('Try again').click();
      await grace.accept('audio');
      await Promise.all([ada.expectInCall(), grace.expectInCall()]);
      await expectTone(grace.page);
    });
  }
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

test.describe('the camera is blocked', () => {
  test.use({ permissions: ['microphone'], serverEnv: { PARLEY_LIVEKIT: 'auto' } });

  test('the lobby of a group says so, and one goes in with sound alone', async ({ parley, ada, grace }) => {
    await mediaServerReady(parley);
    await ada.openChannel('general');
    await ada.button('Start video call').click();
    await expect(ada.heading('Parley can’t see you')).toBeVisible();
    await ada.button('Go on without camera').click();
    await ada.button('Turn camera on').click();
    await expect(ada.heading('Parley can’t see you')).toBeVisible();
    await ada.button('Go on without camera').click();
    await ada.enter();
    await grace.openChannel('general');
    await grace.button('Join call').click();
    await grace.button('Go on without camera').click();
    await grace.enter();
    await expectTone(grace.page);
    await expect(grace.tile('Ada')).toBeVisible();
    expect(await liveCaptures(ada.page)).toEqual(['audio']);
  });
});
