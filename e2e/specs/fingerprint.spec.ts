import { Ledger } from '../support/api.ts';
import { expect, test } from '../support/test.ts';
import { fingerprintsOf, mediaTaken } from '../support/transport.ts';

test('V17.2.8 a certificate that is not the one of the description gets no media through', async ({
  parley,
  ada,
  grace,
}) => {
  // Somebody between Ada and the server puts the fingerprint of another certificate into what Grace says.
  let forged = 0;
  await ada.page.routeWebSocket(/\/api\/realtime/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      const changed = String(message).replace(/(a=fingerprint:sha-256 )(..)/g, (_, name, byte) => {
        forged += 1;
        return `${name}${byte === '00' ? 'FF' : '00'}`;
      });
      socket.send(changed);
    });
  });
  await ada.page.reload();
  await expect(ada.linkTo('general')).toBeVisible();
  await ada.startCall('audio', 'Grace');
  await grace.accept('audio');
  const failed = (person: typeof ada) =>
    person.page.evaluate(() =>
      window.parleyProbe.peers.some(
        ({ connectionState }) => connectionState === 'failed' || connectionState === 'closed',
      ),
    );
  await expect.poll(() => failed(ada), { timeout: 60_000 }).toBe(true);
  expect(forged).toBeGreaterThan(0);
  const [here, there] = await Promise.all([fingerprintsOf(ada.page), fingerprintsOf(grace.page)]);
  if (here.other !== '') expect(here.other).not.toBe(there.own);

  const taken = () => Promise.all([mediaTaken(ada.page), mediaTaken(grace.page)]);
  expect(await taken()).toEqual([0, 0]);

  // Nobody was ever shown as connected, and both are told.
  await Promise.all(
    [ada, grace].map(async (person) => {
      await expect(person.heading('Call ended')).toBeVisible({ timeout: 90_000 });
      await expect(person.status('No connection could be made between you.')).toBeVisible();
    }),
  );
  expect(await taken()).toEqual([0, 0]);
  const call = await (await Ledger.of(parley.url, 'Ada')).onlyCall();
  expect(call).toMatchObject({ status: 'ended', endReason: 'media_failed', durationSeconds: null });
});
