import type { Locator } from '@playwright/test';
import type { Person } from '../support/person.ts';
import { connect, expect, test } from '../support/test.ts';

const callsLink = (person: Person, missed: number): Locator =>
  person.page.getByRole('link', {
    name: missed === 0 ? 'Calls' : new RegExp(`^Calls, ${missed} missed`),
    exact: missed === 0,
  });

async function miss(caller: Person, callee: string, kind: 'audio' | 'video'): Promise<void> {
  await caller.startCall(kind, callee);
  // Before the server has heard of it, a call that is cancelled was none.
  await expect(caller.page).toHaveURL(/\/call\/[0-9a-f]{8}-/);
  await caller.button('Cancel').click();
  await expect(caller.heading('Call ended')).toBeVisible();
}

test('a missed call counts on both devices of a person, until one of them has seen it', async ({
  ada,
  grace,
  signIn,
}) => {
  const desk = await signIn('Grace');
  await miss(ada, 'Grace', 'video');
  await Promise.all([expect(callsLink(grace, 1)).toBeVisible(), expect(callsLink(desk, 1)).toBeVisible()]);

  // Away while the second comes and both are seen: told when it is there again.
  await desk.page.goto('about:blank');
  await miss(ada, 'Grace', 'audio');
  await expect(callsLink(grace, 2)).toBeVisible();
  await callsLink(grace, 2).click();
  const rows = (what: RegExp) => grace.page.getByRole('link', { name: what });
  await expect(rows(/^Ada.*Missed audio call.*new$/)).toBeVisible();
  await expect(rows(/^Ada.*Missed video call.*new$/)).toBeVisible();
  await expect(callsLink(grace, 0)).toBeVisible();
  await desk.page.goto('/');
  await expect(callsLink(desk, 0)).toBeVisible();

  // Both are there: it goes on one with the look at the other. Whoever had the list open would have seen it already.
  await grace.linkTo('general').click();
  await expect(grace.page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await miss(ada, 'Grace', 'audio');
  await expect(callsLink(desk, 1)).toBeVisible();
  await callsLink(desk, 1).click();
  await Promise.all([expect(callsLink(grace, 0)).toBeVisible(), expect(callsLink(desk, 0)).toBeVisible()]);
  await grace.page.reload();
  await expect(callsLink(grace, 0)).toBeVisible();
});

test('calls stand in the direct chat in the words of each side, and in the history by filter', async ({
  ada,
  grace,
}) => {
  await ada.openProfile('Grace');
  await ada.button('Message').click();
  const log = (person: Person) => person.page.getByRole('log', { name: 'Messages' });
  await ada.page.getByRole('textbox', { name: 'Message' }).fill('Are you there?');
  await ada.button('Send').click();
  await expect(log(ada)).toContainText('Are you there?');
  const chat = new URL(ada.page.url()).pathname;

  await miss(ada, 'Grace', 'video');
  await ada.startCall('audio', 'Grace');
  await grace.decline('audio');
  await expect(ada.heading('Call declined')).toBeVisible();
  await connect(ada, grace, 'audio');
  await ada.leave();
  await expect(ada.heading('Call ended')).toBeVisible();

  await Promise.all([ada.page.goto(chat), grace.page.goto(chat)]);
  await expect(log(ada)).toContainText('Video call, cancelled');
  await expect(log(grace)).toContainText('Missed video call');
  await expect(log(ada)).toContainText('Audio call, declined by Grace');
  await expect(log(grace)).toContainText('Audio call, you declined');
  for (const person of [ada, grace]) await expect(log(person)).toContainText(/Audio call · \d+ s/);
  await expect(callsLink(grace, 0)).toBeVisible();

  await grace.page.goto('/calls');
  const calls = grace.page.getByRole('link', { name: /^Ada.* call/ });
  await expect(calls).toHaveCount(3);
  await expect(calls.nth(1)).toHaveAccessibleName(/Audio call, you declined/);
  await grace.page.getByRole('radio', { name: 'Missed' }).click();
  await expect(calls).toHaveCount(1);
  await expect(calls).toHaveAccessibleName(/Missed video call/);
  await grace.page.getByRole('radio', { name: 'Outgoing' }).click();
  await expect(grace.page.getByText('You have not called anybody yet')).toBeVisible();

  // Back from where the missed call stands, while the other looks on: the line of it comes by itself.
  await grace.page.goto(chat);
  await log(grace).getByRole('button', { name: 'Call back' }).first().click();
  await expect(ada.incoming('video')).toBeVisible();
  await ada.decline('video');
  await expect(log(ada)).toContainText('Video call, you declined');
});
