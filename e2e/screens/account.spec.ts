import { expect, test } from '../support/test.ts';

test('a link that is revoked lets nobody in, who leaves sees the team no more, and a deleted account is a name in its history', async ({
  browser,
  parley,
  ada,
  grace,
}) => {
  const made = await test.step('Ada makes a link into the team', async () => {
    await ada.page.goto('/settings');
    await ada.button('Create an invitation link').click();
    return ada.page.getByRole('textbox', { name: 'Invitation link' }).inputValue();
  });
  const newcomer = await browser.newContext({ baseURL: parley.url });
  const page = await newcomer.newPage();
  await page.goto('/sign-up');
  await page.getByRole('textbox', { name: 'Display name' }).fill('Nina Newcomer');
  await page.getByRole('textbox', { name: 'Email' }).fill('nina@example.test');
  await page.getByRole('textbox', { name: 'Password' }).fill('a long enough secret');
  await page.getByRole('button', { name: 'Create account', exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'Team name' })).toBeVisible();
  await page.goto(made);
  await page.getByRole('button', { name: 'Accept invitation' }).click();
  await expect(page.getByRole('link', { name: /^#?\s*general/ }).first()).toBeVisible();

  await test.step('she revokes it: it leads nowhere, whoever is in already stays', async () => {
    await ada.page.reload();
    const revoke = ada.page.getByRole('button', { name: /^Revoke the link/ });
    await revoke.click();
    await expect(revoke).toHaveCount(0);
    await grace.page.goto(made);
    await expect(grace.page.getByText('This invitation has expired or does not exist.')).toBeVisible();
    await page.goto('/');
    await expect(page.getByRole('link', { name: /^Ada/ }).first()).toBeVisible();
  });

  await test.step('Grace leaves the team: she has none, and the others do not see her', async () => {
    await grace.page.goto('/settings');
    await grace.button('Leave Acme').click();
    await grace.button('Leave now').click();
    await expect(grace.page.getByRole('textbox', { name: 'Team name' })).toBeVisible();
    await ada.page.goto('/');
    await expect(ada.linkTo('Linus')).toBeVisible();
    await expect(ada.linkTo('Grace')).toHaveCount(0);
  });

  await test.step('Nina deletes her account: with her password alone, and what she wrote stays', async () => {
    await page
      .getByRole('link', { name: /^#?\s*general/ })
      .first()
      .click();
    await page.getByRole('textbox', { name: 'Message' }).fill('I was here');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Delete account', exact: true }).click();
    await page.getByRole('textbox', { name: 'Your password' }).fill('not her password');
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await expect(page.getByText('Email or password is not right.')).toBeVisible();
    await page.getByRole('textbox', { name: 'Your password' }).fill('a long enough secret');
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
    await page.getByRole('textbox', { name: 'Email' }).fill('nina@example.test');
    await page.getByRole('textbox', { name: 'Password' }).fill('a long enough secret');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByText('Email or password is not right.')).toBeVisible();

    await ada.linkTo('general').click();
    await expect(ada.page.getByText('I was here')).toBeVisible();
    await expect(ada.page.getByText('Deleted user').first()).toBeVisible();
    await expect(ada.page.getByText('Nina Newcomer')).toHaveCount(0);
  });
  await newcomer.close();
});

test('all tabs of a browser sign out together, though the server is away', async ({ ada }) => {
  const second = await ada.context.newPage();
  await second.goto('/');
  await expect(second.getByRole('link', { name: /general/ }).first()).toBeVisible();
  await ada.page.goto('/settings');
  // The page's own code has to be there before the network goes.
  await expect(ada.button('Sign out')).toBeVisible();
  await ada.context.setOffline(true);
  await ada.button('Sign out').click();
  await expect(second.getByRole('textbox', { name: 'Password' })).toBeVisible();
});
