import { Ledger } from '../support/api.ts';
import { expectMoving, expectTone } from '../support/media.ts';
import { mediaServerReady } from '../support/media-server.ts';
import { expect, test } from '../support/test.ts';

test.use({ serverEnv: { PARLEY_LIVEKIT: 'auto' } });

interface Relayed {
  readonly t: string;
  readonly payload?: string;
}

/** What is left of a message where nobody may say at which addresses they are; null: nothing. */
function withoutAddresses(message: string): string | null {
  const relayed = JSON.parse(message) as Relayed;
  if (relayed.t !== 'relay' || relayed.payload === undefined) return message;
  const said = JSON.parse(relayed.payload) as { kind: string; description?: { type: string; sdp: string } };
  if (said.kind === 'candidate') return null;
  if (said.description === undefined) return message;
  const sdp = said.description.sdp.replace(/^a=candidate:.*\r\n/gm, '');
  return JSON.stringify({
    ...relayed,
    payload: JSON.stringify({ ...said, description: { ...said.description, sdp } }),
  });
}

test('a call of two that finds no direct path within four seconds goes through the media server', async ({
  parley,
  ada,
  grace,
}) => {
  await mediaServerReady(parley);
  const [adaId, graceId] = await Promise.all(
    ['Ada', 'Grace'].map(async (first) => (await Ledger.of(parley.url, first)).userId),
  );
  if (!adaId || !graceId) throw new Error('Nobody is there.');
  // Neither learns where the other is, as behind two firewalls that let nothing through to each other.
  await ada.page.routeWebSocket(/\/api\/realtime/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const left = withoutAddresses(String(message));
      if (left !== null) server.send(left);
    });
    server.onMessage((message) => {
      const left = withoutAddresses(String(message));
      if (left !== null) socket.send(left);
    });
  });
  await ada.page.reload();
  await expect(ada.linkTo('general')).toBeVisible();
  await ada.startCall('video', 'Grace');
  await grace.accept('video');

  for (const person of [ada, grace]) {
    await person.expectInCall();
    await expect(person.page.getByText('Encrypted to the server').first()).toBeVisible();
  }
  await Promise.all([expectMoving(ada.page, graceId), expectMoving(grace.page, adaId)]);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);

  const ledger = await Ledger.of(parley.url, 'Ada');
  // Rule G10: one call in the ledger still, and a group from now on.
  expect(await ledger.onlyCall()).toMatchObject({ callType: 'group_video', mediaEngine: 'livekit', mediaEpoch: 2 });
});
