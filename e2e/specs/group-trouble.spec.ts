import { Ledger } from '../support/api.ts';
import { HeadlessPerson } from '../support/headless.ts';
import { expectMoving, expectTone } from '../support/media.ts';
import { mediaServerPid, mediaServerReady } from '../support/media-server.ts';
import { expect, test } from '../support/test.ts';

test.use({ serverEnv: { PARLEY_LIVEKIT: 'auto' } });

test('the media server is killed in mid-call: people come back by themselves, and the call stays one call', async ({
  parley,
  signIn,
}) => {
  await mediaServerReady(parley);
  const [ada, grace] = [await signIn('Ada'), await signIn('Grace')];
  const [adaLedger, graceLedger] = [await Ledger.of(parley.url, 'Ada'), await Ledger.of(parley.url, 'Grace')];
  await ada.startGroup('video', 'general');
  await grace.joinGroup('general');
  await Promise.all([expectMoving(ada.page, graceLedger.userId), expectMoving(grace.page, adaLedger.userId)]);
  const before = await adaLedger.onlyCall();

  const pid = mediaServerPid(parley);
  if (pid === undefined) throw new Error('There is no media server.');
  process.kill(pid, 'SIGKILL');
  for (const person of [ada, grace]) {
    await expect(person.status('Reconnecting…')).toBeVisible();
    await expect(person.callRegion).toBeVisible();
  }
  await expect.poll(() => mediaServerPid(parley) ?? pid, { timeout: 30_000 }).not.toBe(pid);
  await mediaServerReady(parley);

  await Promise.all([expectMoving(ada.page, graceLedger.userId), expectMoving(grace.page, adaLedger.userId)]);
  for (const { page } of [ada, grace]) await expectTone(page);
  for (const person of [ada, grace]) {
    await expect(person.status('Reconnecting…')).toHaveCount(0);
    await expect(person.callRegion).toBeVisible();
    await expect(person.heading('Call ended')).toHaveCount(0);
  }
  expect(await adaLedger.onlyCall()).toMatchObject({ id: before.id, status: 'connected' });
  const events = (await adaLedger.events(before.id)).map(({ type }) => type);
  expect(events).not.toContain('dropped');
  expect(events).not.toContain('left');
});

test('ten people in a call: all are there, those who are shown move, and who leaves is gone', async ({
  parley,
  signIn,
}) => {
  await mediaServerReady(parley);
  const [ada, grace] = [await signIn('Ada'), await signIn('Grace')];
  const firsts = ['Linus', 'Margaret', 'Ken', 'Barbara', 'Dennis', 'Radia'];
  const company = await Promise.all(firsts.map((first) => HeadlessPerson.signIn(parley.url, first)));
  const [linus] = company;
  if (linus === undefined) throw new Error('Nobody is there.');
  company.push(await linus.colleague('Tony Hoare'), await linus.colleague('Frances Allen'));

  const callId = await linus.startIn('general', 'group_video');
  await ada.joinGroup('general');
  await grace.joinGroup('general');
  // One after the other: what is looked at is the room, not how fast two cores encode.
  for (const person of company) if (person !== linus) await person.join(callId);
  await expect(ada.page.getByRole('button', { name: '10 people' })).toBeVisible();
  const shown = async () => ada.page.locator('video[data-participant]').filter({ visible: true }).count();
  await expect.poll(shown).toBeGreaterThan(1);
  await expectMoving(ada.page, linus.userId);
  await expectTone(grace.page);

  for (const person of company.slice(2)) await person.leave();
  await expect(ada.page.getByRole('button', { name: '4 people' })).toBeVisible();
  await Promise.all([expectMoving(ada.page, linus.userId), expectMoving(grace.page, linus.userId)]);
  for (const person of company.slice(0, 2)) await person.leave();
});
