import { Ledger } from '../support/api.ts';
import { expectMoving, expectTone, expectUnbroken, peersMade } from '../support/media.ts';
import { test } from '../support/on-nodes.ts';
import { connect, expect } from '../support/test.ts';

test('a call between people on two servers, of which one is killed: nobody notices, and one call is in the ledger', async ({
  nodes,
  signIn,
}) => {
  const [ada, grace] = [await signIn('Ada', nodes.url(0)), await signIn('Grace', nodes.url(1))];
  const [adaLedger, graceLedger] = [await Ledger.of(nodes.url(0), 'Ada'), await Ledger.of(nodes.url(1), 'Grace')];
  await connect(ada, grace, 'video');
  await Promise.all([expectMoving(ada.page, graceLedger.userId), expectMoving(grace.page, adaLedger.userId)]);
  const peers = await Promise.all([peersMade(ada.page), peersMade(grace.page)]);

  await nodes.servers[0].kill();
  await Promise.all([
    expectUnbroken(ada.page, graceLedger.userId, 5_000),
    expectUnbroken(grace.page, adaLedger.userId, 5_000),
  ]);
  // She is at the other server by now, and hears of what is done there.
  await grace.press('Mute microphone');
  await expect(ada.page.getByRole('group', { name: 'Grace Hopper, muted' })).toBeVisible();
  expect(await Promise.all([peersMade(ada.page), peersMade(grace.page)])).toEqual(peers);
  const call = await adaLedger.onlyCall();
  expect(call.status).toBe('connected');
  await ada.leave();
  await Promise.all([ada, grace].map((person) => expect(person.heading('Call ended')).toBeVisible()));
  const types = (await graceLedger.events(call.id)).map(({ type }) => type);
  expect(types.filter((type) => type === 'created' || type === 'left')).toEqual(['created', 'left']);
  expect(types).not.toContain('dropped');
});

test('the server of the caller is killed while it rings on another: the ring goes on, and is accepted', async ({
  nodes,
  signIn,
}) => {
  const [ada, grace] = [await signIn('Ada', nodes.url(0)), await signIn('Grace', nodes.url(1))];
  await ada.startCall('audio', 'Grace');
  await expect(grace.incoming('audio')).toBeVisible();
  await nodes.servers[0].kill();
  await grace.accept('audio');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
});

test('a server that is stopped hands its people over in mid-call, and their call goes on', async ({
  nodes,
  signIn,
}) => {
  const [ada, grace] = [await signIn('Ada', nodes.url(0)), await signIn('Grace', nodes.url(1))];
  const graceId = (await Ledger.of(nodes.url(1), 'Grace')).userId;
  await connect(ada, grace, 'video');
  await expectMoving(ada.page, graceId);
  expect(await nodes.servers[0].stop()).toBe(0);
  await expectUnbroken(ada.page, graceId, 3_000);
  await grace.leave();
  await expect(ada.heading('Call ended')).toBeVisible();
});

test('without Redis calls go from one server to the other by Postgres', async ({ nodes, signIn }) => {
  const [ada, grace] = [await signIn('Ada', nodes.url(0)), await signIn('Grace', nodes.url(1))];
  await nodes.redis.kill();
  await connect(ada, grace, 'audio');
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
  await nodes.redis.start();
  await ada.leave();
  await Promise.all([ada, grace].map((person) => expect(person.heading('Call ended')).toBeVisible()));
});
