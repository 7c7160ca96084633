import { Ledger } from '../support/api.ts';
import { DistantDatabase, missingPostgres } from '../support/database.ts';
import { expectMoving, expectTone, expectUnbroken, peersMade } from '../support/media.ts';
import { test as base, connect, expect } from '../support/test.ts';

const test = base.extend<{ database: DistantDatabase }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of what a fixture wants
  database: async ({}, use, testInfo) => {
    const lack = await missingPostgres();
    if (lack !== null && process.env.CI === 'true') throw new Error(lack);
    testInfo.skip(lack !== null, lack ?? '');
    const database = await DistantDatabase.create();
    await use(database);
    await database.drop();
  },
  serverEnv: async ({ database }, use) => use({ DATABASE_URL: database.url }),
});

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
