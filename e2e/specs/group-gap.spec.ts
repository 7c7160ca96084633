import { Ledger } from '../support/api.ts';
import { gapsOf, oldPathGone, watchedFrames, watchGaps } from '../support/gaps.ts';
import { expectMoving, expectTone } from '../support/media.ts';
import { connect, expect, test } from '../support/test.ts';

test.use({ serverEnv: { PARLEY_LIVEKIT: 'auto' } });

/**
 * The figures are printed; held is only that nothing stops, since milliseconds say more of a busy machine than of the change.
 * The aim is 250: PARLEY_GAP_MS=250 on a quiet one.
 */
const MOST_MS = process.env.PARLEY_GAP_MS ? Number(process.env.PARLEY_GAP_MS) : 5_000;

/** A few seconds of the fake camera. */
const FRAMES = 60;

test('the change to the media server in mid-call is neither seen nor heard', async ({ parley, signIn }) => {
  const state = async () => ((await (await fetch(`${parley.url}/health/ready`)).json()) as { sfu: string }).sfu;
  await expect.poll(state, { timeout: 90_000 }).toBe('ready');
  const [ada, grace, linus] = [await signIn('Ada'), await signIn('Grace'), await signIn('Linus')];
  const [adaId, graceId] = await Promise.all(
    ['Ada', 'Grace'].map(async (first) => (await Ledger.of(parley.url, first)).userId),
  );
  if (!adaId || !graceId) throw new Error('Nobody is there.');
  await connect(ada, grace, 'video');
  await Promise.all([expectMoving(ada.page, graceId), expectMoving(grace.page, adaId)]);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);

  await Promise.all([watchGaps(ada.page, graceId), watchGaps(grace.page, adaId)]);
  await Promise.all([watchedFrames(ada.page, FRAMES), watchedFrames(grace.page, FRAMES)]);
  const before = { ada: await gapsOf(ada.page), grace: await gapsOf(grace.page) };

  await ada.press('Add people');
  const dialog = ada.page.getByRole('dialog', { name: 'Add people' });
  await dialog.getByRole('checkbox', { name: /^Linus/ }).click();
  await dialog.getByRole('button', { name: 'Add to call' }).click();
  await expect(linus.incoming('video')).toContainText('Ada');
  await Promise.all([watchGaps(ada.page, graceId), watchGaps(grace.page, adaId)]);
  await linus.accept('video');
  await linus.expectInCall();
  for (const person of [ada, grace])
    await expect(person.page.getByText('Encrypted to the server').first()).toBeVisible();
  await Promise.all([oldPathGone(ada.page), oldPathGone(grace.page)]);
  // And what comes of its going, in as many frames again.
  await Promise.all([watchedFrames(ada.page, 2 * FRAMES), watchedFrames(grace.page, 2 * FRAMES)]);
  const during = { ada: await gapsOf(ada.page), grace: await gapsOf(grace.page) };
  const text = JSON.stringify({ before, during });
  console.log(text);
  test.info().annotations.push({ type: 'gaps', description: text });
  for (const { picture, sound } of [during.ada, during.grace]) {
    expect(picture).toBeLessThan(MOST_MS);
    expect(sound).toBeLessThan(MOST_MS);
  }
});
