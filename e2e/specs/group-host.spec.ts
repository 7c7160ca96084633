import { Ledger } from '../support/api.ts';
import { expectTone } from '../support/media.ts';
import { mediaServerReady } from '../support/media-server.ts';
import { expect, test } from '../support/test.ts';

test.use({ serverEnv: { PARLEY_LIVEKIT: 'auto' }, quiet: true });

test('a locked call lets nobody else in; who was removed stays out until the host asks them back', async ({
  parley,
  ada,
  grace,
  signIn,
}) => {
  await mediaServerReady(parley);
  const linus = await signIn('Linus');
  const ledger = await Ledger.of(parley.url, 'Ada');
  await ada.startGroup('audio', 'general');
  await grace.joinGroup('general');

  await ada.page.getByRole('button', { name: '2 people' }).click();
  await ada.button('Lock the call').click();
  await expect(ada.button('Unlock the call')).toBeVisible();
  await linus.openChannel('general');
  await linus.button('Join call').click();
  await expect(linus.page.getByText('This call is locked: nobody else can join.')).toBeVisible();
  await linus.button('Join call').click();
  await expect(linus.status('The call is locked.')).toBeVisible();
  // Back where the call can be seen, and not on the page of a call that one is not in.
  await expect(linus.callRegion).toHaveCount(0);
  await expect(linus.page).not.toHaveURL(/\/call\//);
  await expect(ada.page.getByRole('button', { name: '2 people' })).toBeVisible();

  await ada.button('Unlock the call').click();
  await expect(ada.button('Lock the call')).toBeVisible();
  await linus.joinGroup('general');
  await expect(ada.tile('Linus')).toBeVisible();

  await ada.choose('Grace', 'Remove from the call');
  await expect(grace.status('You were removed from the call')).toBeVisible();
  await expect(grace.callRegion).toHaveCount(0);
  await grace.openChannel('general');
  await grace.button('Join call').click();
  await grace.button('Join call').click();
  await expect(grace.status('The host has removed you from this call.')).toBeVisible();
  await expect(grace.callRegion).toHaveCount(0);
  await expect(grace.page).not.toHaveURL(/\/call\//);
  const call = await ledger.onlyCall();
  const stateOf = (first: string) => call.participants.find(({ displayName }) => displayName.startsWith(first))?.state;
  expect(stateOf('Grace')).not.toBe('joined');
  expect(stateOf('Linus')).toBe('joined');

  await ada.press('Add people');
  const dialog = ada.page.getByRole('dialog', { name: 'Add people' });
  await dialog.getByRole('checkbox', { name: /^Grace/ }).click();
  await dialog.getByRole('button', { name: 'Add to call' }).click();
  await grace.accept('audio');
  await grace.expectInCall();
  await expectTone(grace.page);

  await ada.endForEveryone();
  for (const person of [ada, grace, linus]) await expect(person.heading('Call ended')).toBeVisible();
});

test('a media server that refuses the token: the call says that it failed, and leads out', async ({
  parley,
  ada,
  grace,
}) => {
  await mediaServerReady(parley);
  await ada.startGroup('audio', 'general');
  let spoils = true;
  // Of a room that there is not, signed by nobody.
  const spoiled = (credentials: { token: string }) => {
    const [head, , signature] = credentials.token.split('.');
    const claims = Buffer.from(JSON.stringify({ video: { room: 'another', roomJoin: true }, sub: 'grace' }));
    return spoils ? { ...credentials, token: [head, claims.toString('base64url'), signature].join('.') } : credentials;
  };
  // It comes with the answer to the accept, and is asked for anew after that.
  await grace.page.routeWebSocket('**/api/realtime', (socket) => {
    socket.connectToServer().onMessage((text) => {
      const message = JSON.parse(String(text)) as { t: string; credentials: { token: string } };
      const isMedia = message.t === 'media';
      socket.send(isMedia ? JSON.stringify({ ...message, credentials: spoiled(message.credentials) }) : text);
    });
  });
  await grace.page.route('**/api/calls/*/token', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: spoiled((await answer.json()) as { token: string }) });
  });
  await grace.page.reload();
  await grace.openChannel('general');
  await grace.button('Join call').click();
  await grace.button('Join call').click();
  await expect(grace.status('The call was cut off: its connection failed.')).toBeVisible({ timeout: 60_000 });
  await expect(grace.callRegion).toHaveCount(0);
  await expect(ada.tile('Grace')).toHaveCount(0);
  await expect(ada.callRegion).toBeVisible();

  spoils = false;
  await grace.joinGroup('general');
  await expectTone(grace.page);
  await expect(ada.tile('Grace')).toBeVisible();
});
