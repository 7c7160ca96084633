import { randomUUID } from 'node:crypto';
import { expect, test } from '../support/test.ts';

test('somebody of the demo team signs in by a button and finds channels and people', async ({ ada }) => {
  await expect(ada.linkTo('general')).toBeVisible();
  await expect(ada.linkTo('design')).toBeVisible();
  for (const first of ['Grace', 'Linus', 'Margaret', 'Ken', 'Barbara', 'Dennis', 'Radia']) {
    await expect(ada.linkTo(first)).toBeVisible();
  }
});

test('a password signs in, and a wrong one is told in words', async ({ page, parley }) => {
  await page.goto(`${parley.url}/sign-in`);
  await page.getByRole('textbox', { name: 'Email' }).fill('ada@acme.test');
  await page.getByRole('textbox', { name: 'Password' }).fill('not-her-password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();

  await page.getByRole('textbox', { name: 'Password' }).fill('parley-demo');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('link', { name: /general/ }).first()).toBeVisible();
});

test('a new account has no team, makes one, and stays signed in over a reload', async ({ page, parley }) => {
  await page.goto(`${parley.url}/sign-in`);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByRole('textbox', { name: 'Display name' }).fill('Hedy Lamarr');
  await page.getByRole('textbox', { name: 'Email' }).fill(`hedy-${randomUUID()}@example.test`);
  await page.getByRole('textbox', { name: 'Password' }).fill('frequency-hopping-1941');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('textbox', { name: 'Team name' }).fill('Inventors');
  await page.getByRole('button', { name: 'Create team' }).click();
  await expect(page.getByRole('link', { name: /general/ }).first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole('link', { name: /general/ }).first()).toBeVisible();
});

test('a message reaches the others who look at the channel', async ({ ada, grace }) => {
  await ada.linkTo('general').click();
  await grace.linkTo('general').click();
  const words = `Shall we call at ten? ${randomUUID().slice(0, 8)}`;
  await ada.page.getByRole('textbox', { name: 'Message' }).fill(words);
  await ada.button('Send').click();
  await expect(ada.page.getByText(words)).toBeVisible();
  await expect(grace.page.getByText(words)).toBeVisible();
});

test('a person who is here shows as online, and no more when gone', async ({ ada, signIn }) => {
  await expect(ada.linkTo('Grace')).not.toHaveAccessibleName(/online/i);
  const grace = await signIn('Grace');
  await expect(ada.linkTo('Grace')).toHaveAccessibleName(/online/i);
  await grace.context.close();
  await expect(ada.linkTo('Grace')).not.toHaveAccessibleName(/online/i);
});

test('an address opens what it names, also in a fresh page', async ({ ada }) => {
  await ada.openProfile('Grace');
  await ada.page.reload();
  await expect(ada.page.getByRole('heading', { name: /^Grace/ })).toBeVisible();
  await ada.page.goto('/calls');
  await expect(ada.heading('Calls')).toBeVisible();
  await ada.page.goto('/nowhere');
  await expect(ada.page.getByText('There is nothing here')).toBeVisible();
});
