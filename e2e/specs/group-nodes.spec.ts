import { Ledger } from '../support/api.ts';
import { expectMoving, expectTone } from '../support/media.ts';
import { mediaServerReady } from '../support/media-server.ts';
import { test } from '../support/on-livekit-nodes.ts';
import { expect } from '../support/test.ts';

test('two LiveKit nodes carry one call between people on both, and the call goes on when one of them dies', async ({
  parley,
  nodes,
  signIn,
}) => {
  await mediaServerReady(parley);
  const [ada, grace] = [await signIn('Ada'), await signIn('Grace')];
  const [adaLedger, graceLedger] = [await Ledger.of(parley.url, 'Ada'), await Ledger.of(parley.url, 'Grace')];
  const bothThere = () =>
    Promise.all([expectMoving(ada.page, graceLedger.userId), expectMoving(grace.page, adaLedger.userId)]);
  await ada.startGroup('video', 'general');
  await grace.joinGroup('general');
  await bothThere();
  for (const { page } of [ada, grace]) await expectTone(page);
  for (const node of nodes.all) expect(nodes.at(node), 'people at each node').toBeGreaterThan(0);

  await nodes.all[0]?.kill();
  // The cluster needs some seconds to take the room from the node that is gone.
  await expect(async () => bothThere()).toPass({ timeout: 90_000 });
  for (const { page } of [ada, grace]) await expectTone(page);
  const call = await adaLedger.onlyCall();
  expect(call).toMatchObject({ status: 'connected' });
  expect((await adaLedger.events(call.id)).map(({ type }) => type)).not.toContain('dropped');
});
