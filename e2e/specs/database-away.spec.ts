import { Ledger } from '../support/api.ts';
import { expectMoving, expectTone, expectUnbroken, peersMade } from '../support/media.ts';
import { test } from '../support/on-postgres.ts';
import { connect, expect } from '../support/test.ts';

test('the database away for ten seconds: the media go on, and a leave of that time is not lost', async ({
  database,
  parley,
  ada,
  grace,
}) => {
  const [adaId, graceId] = await Promise.all(
    ['Ada', 'Grace'].map(async (first) => (await Ledger.of(parley.url, first)).userId),
  );
  if (!adaId || !graceId) throw new Error('Nobody is there.');
  await connect(ada, grace, 'video');
  await Promise.all([expectMoving(ada.page, graceId), expectMoving(grace.page, adaId)]);
  const peers = await peersMade(ada.page);

  database.cut();
  expect((await fetch(`${parley.url}/health/ready`)).status).toBe(503);
  await Promise.all([expectUnbroken(ada.page, graceId, 10_000), expectUnbroken(grace.page, adaId, 10_000)]);
  await expectTone(ada.page);
  await grace.leave();
  // The server cannot have taken it: to Ada the call goes on.
  await expect(ada.callRegion).toBeVisible();
  expect(await peersMade(ada.page)).toBe(peers);

  database.mend();
  await Promise.all(
    [ada, grace].map((person) => expect(person.heading('Call ended')).toBeVisible({ timeout: 40_000 })),
  );
  const ledger = await Ledger.of(parley.url, 'Ada');
  const call = await ledger.onlyCall();
  expect(call).toMatchObject({ status: 'ended', endReason: 'hangup' });
  const events = await ledger.events(call.id);
  expect(events.filter(({ type }) => type === 'left')).toHaveLength(1);
});
