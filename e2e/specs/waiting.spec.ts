import type { Page } from '@playwright/test';
import { Ledger } from '../support/api.ts';
import { expectTone } from '../support/media.ts';
import type { Person } from '../support/person.ts';
import { connect, expect, test } from '../support/test.ts';

/** What is shown of a call that waits. */
const waiting = ({ page }: Person, kind: 'audio' | 'video' = 'audio') =>
  page.getByRole('region', { name: `Waiting ${kind} call` });
const choose = (person: Person, name: string) => waiting(person).getByRole('button', { name, exact: true }).click();
const onHold = (page: Page) => page.getByText('On hold', { exact: true });

/** Ada and Grace talk, and Linus calls Grace. */
async function waits(ada: Person, grace: Person, signIn: (first: string) => Promise<Person>): Promise<Person> {
  await connect(ada, grace, 'audio');
  const linus = await signIn('Linus');
  await linus.openProfile('Grace');
  await linus.button('Audio call').click();
  await expect(linus.status('On another call')).toBeVisible();
  await expect(waiting(grace)).toContainText('Linus');
  // Quietly: no dialog, and the call that runs is not disturbed.
  await expect(grace.incoming('audio')).toHaveCount(0);
  await expect(grace.timer).toBeVisible();
  await expect(ada.timer).toBeVisible();
  return linus;
}

test('declined: the caller is told, and the call that runs goes on', async ({ ada, grace, signIn }) => {
  const linus = await waits(ada, grace, signIn);
  await choose(grace, 'Decline');
  await expect(linus.heading('Call declined')).toBeVisible();
  await expect(waiting(grace)).toHaveCount(0);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
  await ada.leave();
  await Promise.all([ada, grace].map((one) => expect(one.heading('Call ended')).toBeVisible()));
});

test('end and accept: the first call ends for both, and the second is taken', async ({
  parley,
  ada,
  grace,
  signIn,
}) => {
  const linus = await waits(ada, grace, signIn);
  await choose(grace, 'End and accept');
  await expect(ada.heading('Call ended')).toBeVisible();
  await Promise.all([grace.expectInCall(), linus.expectInCall()]);
  await Promise.all([expectTone(grace.page), expectTone(linus.page)]);
  await linus.leave();
  await Promise.all([grace, linus].map((one) => expect(one.heading('Call ended')).toBeVisible()));
  const calls = await (await Ledger.of(parley.url, 'Grace')).calls();
  expect(calls.map(({ status, endReason }) => [status, endReason])).toEqual([
    ['ended', 'hangup'],
    ['ended', 'hangup'],
  ]);
});

test('hold, and back: the one who waits sees it, and hears again what was said', async ({ ada, grace, signIn }) => {
  const linus = await waits(ada, grace, signIn);
  await choose(grace, 'Hold');
  await Promise.all([grace.expectInCall(), linus.expectInCall()]);
  await Promise.all([expectTone(grace.page), expectTone(linus.page)]);
  await expect(onHold(ada.page)).toBeVisible();
  await expect(grace.page.getByRole('region', { name: /^On hold: Ada/ })).toBeVisible();

  await grace.button('Resume').click();
  await expect(onHold(ada.page)).toHaveCount(0);
  await expect(onHold(linus.page)).toBeVisible();
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);

  await ada.leave();
  await expect(grace.heading('Call ended')).toBeVisible();
  await grace.button('Resume').click();
  await expect(onHold(linus.page)).toHaveCount(0);
  await Promise.all([grace.expectInCall(), expectTone(linus.page), expectTone(grace.page)]);
  await grace.leave();
  await Promise.all([grace, linus].map((one) => expect(one.heading('Call ended')).toBeVisible()));
});

test.describe('with a short ring', () => {
  test.use({ serverEnv: { PARLEY_RING_TIMEOUT_MS: '5000' } });

  test('not answered: both are told, each in their words', async ({ parley, ada, grace, signIn }) => {
    const linus = await waits(ada, grace, signIn);
    await expect(linus.heading('No answer')).toBeVisible();
    await expect(waiting(grace)).toHaveCount(0);
    await expect(grace.timer).toBeVisible();
    const [call] = await (await Ledger.of(parley.url, 'Grace')).calls();
    await grace.leave();
    await grace.page.goto(`/call/${call?.id}`);
    await expect(grace.heading('Call missed')).toBeVisible();
  });
});

test('whoever is free again is rung in earnest', async ({ ada, grace, signIn }) => {
  const linus = await waits(ada, grace, signIn);
  await ada.leave();
  await expect(grace.incoming('audio')).toContainText('Linus');
  await expect(linus.status('Ringing…')).toBeVisible();
  await grace.accept('audio');
  await Promise.all([grace.expectInCall(), linus.expectInCall()]);
});

test('a second call is not begun by mistake: one is asked, and the first ends', async ({ ada, grace, signIn }) => {
  await connect(ada, grace, 'audio');
  await grace.press('Back to the chat');
  await grace.linkTo('Linus').click();
  await grace.button('Audio call').click();
  const question = grace.page.getByRole('alertdialog', { name: 'You are in a call' });
  await question.getByRole('button', { name: 'Stay' }).click();
  await expect(question).toHaveCount(0);
  await expect(ada.timer).toBeVisible();
  await grace.button('Audio call').click();
  await question.getByRole('button', { name: 'End and call' }).click();
  await expect(ada.heading('Call ended')).toBeVisible();
  await expect(grace.status('Ringing…')).toBeVisible();
  const linus = await signIn('Linus');
  await expect(linus.incoming('audio')).toContainText('Grace');
});

test('a call is taken to another of one’s devices, and goes on there', async ({ ada, grace, signIn }) => {
  await connect(ada, grace, 'audio');
  const tablet = await signIn('Grace');
  await expect(tablet.page.getByRole('region', { name: /^On another device: Ada/ })).toBeVisible();
  await tablet.button('Move call here').click();
  await Promise.all([tablet.expectInCall(), ada.expectInCall()]);
  await Promise.all([expectTone(ada.page), expectTone(tablet.page)]);
  await expect(grace.page.getByRole('status').filter({ hasText: 'Moved to another device' })).toBeVisible();
  await expect(grace.timer).toHaveCount(0);
  await expect(grace.button('Move call here')).toBeVisible();
  await ada.leave();
  await Promise.all([ada, tablet].map((one) => expect(one.heading('Call ended')).toBeVisible()));
  await expect(grace.button('Move call here')).toHaveCount(0);
});
