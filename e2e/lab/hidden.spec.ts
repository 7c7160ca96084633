import { expectTone } from '../support/media.ts';
import { connect } from '../support/test.ts';
import { expectRelayed } from './path.ts';
import { expect, test } from './test.ts';

test.beforeAll(async ({ parley }) => {
  // Two people may call each other five times a minute: a server that has just begun has counted none.
  await parley.stop();
  await parley.restart();
});

test('who always hides their address tells none but the relay’s, and no packet goes past it', async ({
  lab,
  ada,
  grace,
}) => {
  await ada.page.goto('/settings');
  await ada.page.getByRole('radio', { name: 'Always hidden' }).click();
  await expect(ada.page.getByRole('radio', { name: 'Always hidden' })).toBeChecked();
  const said: string[] = [];
  // Sockets that open from now on: the next page has a new one.
  ada.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => said.push(String(payload))));
  const direct = async () => [
    (await lab.linkStats('caller', 'callee')).sent,
    (await lab.linkStats('callee', 'caller')).sent,
  ];
  const before = await direct();

  // Both ways: whoever calls, and whoever is called.
  for (const [caller, callee] of [
    [ada, grace],
    [grace, ada],
  ] as const) {
    await connect(caller, callee, 'audio');
    await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
    await Promise.all([expectRelayed(ada.page), expectRelayed(grace.page)]);
    await ada.leave();
    await Promise.all([ada, grace].map((each) => expect(each.heading('Call ended')).toBeVisible()));
  }

  const candidates = said.flatMap((frame) => frame.match(/candidate:[^"\\]*typ \w+/g) ?? []);
  expect(candidates.length).toBeGreaterThan(1);
  for (const candidate of candidates) expect(candidate).toMatch(/typ relay$/);
  expect(said.filter((frame) => frame.includes(lab.address('caller')))).toEqual([]);
  expect(await direct(), 'nothing went from host to host').toEqual(before);

  await ada.page.goto('/settings');
  await ada.page.getByRole('radio', { name: 'Shown once I answer' }).click();
});
