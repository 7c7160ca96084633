import type { WebSocketRoute } from '@playwright/test';
import { Ledger } from '../support/api.ts';
import { expectMoving, expectTone, expectUnbroken, peersMade } from '../support/media.ts';
import type { Person } from '../support/person.ts';
import { connect, expect, test } from '../support/test.ts';

const outageMs = 10_000;

/** A switch in the line between somebody's page and the server: to be put in before the page opens its socket. */
async function lineOf(person: Person): Promise<{ cut: () => Promise<void>; mend: () => Promise<void> }> {
  let isCut = false;
  const open = new Set<WebSocketRoute>();
  await person.page.routeWebSocket(/\/api\/realtime/, (socket) => {
    if (isCut) {
      void socket.close();
      return;
    }
    const server = socket.connectToServer();
    open.add(server);
    open.add(socket);
  });
  await person.page.reload();
  return {
    cut: async () => {
      isCut = true;
      await person.context.setOffline(true);
      for (const socket of open) await socket.close().catch(() => undefined);
      open.clear();
    },
    mend: async () => {
      isCut = false;
      await person.context.setOffline(false);
    },
  };
}

// Whatever is killed here, the folder that `npm start` makes has to stand it.
test.use({ keeps: 'embedded' });

test('a reload in mid-call comes back to the same call, with sound and picture', async ({ parley, ada, grace }) => {
  const [adaId, graceId] = await Promise.all(
    ['Ada', 'Grace'].map(async (first) => (await Ledger.of(parley.url, first)).userId),
  );
  if (!adaId || !graceId) throw new Error('Nobody is there.');
  await connect(ada, grace, 'video');
  await expectMoving(ada.page, graceId);
  const address = ada.page.url();
  await ada.page.reload();
  await ada.expectInCall();
  expect(ada.page.url()).toBe(address);
  await Promise.all([expectMoving(ada.page, graceId), expectMoving(grace.page, adaId)]);
  await Promise.all([expectTone(ada.page), expectTone(grace.page)]);
  const call = await (await Ledger.of(parley.url, 'Ada')).onlyCall();
  expect(call.status).toBe('connected');
});

test('a socket that is cut for ten seconds: the media go on, and what happened meanwhile arrives', async ({
  parley,
  ada,
  grace,
}) => {
  const ledger = await Ledger.of(parley.url, 'Grace');
  const line = await lineOf(ada);
  await expect(ada.linkTo('general')).toBeVisible();
  await connect(ada, grace, 'video');
  await expectMoving(ada.page, ledger.userId);
  const peers = await peersMade(ada.page);
  await line.cut();
  await grace.press('Mute microphone');
  await expectUnbroken(ada.page, ledger.userId, outageMs);
  await line.mend();
  await grace.press('Unmute microphone');
  await expectMoving(ada.page, ledger.userId);
  expect(await peersMade(ada.page)).toBe(peers);
  expect((await ledger.onlyCall()).status).toBe('connected');
  // The line is really there again: an end on the other side is heard of.
  await grace.leave();
  await expect(ada.heading('Call ended')).toBeVisible();
});

test('the server killed and restarted in mid-call: one call in the ledger, the media unbroken', async ({
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
  const peers = await Promise.all([peersMade(ada.page), peersMade(grace.page)]);
  const before = await (await Ledger.of(parley.url, 'Ada')).onlyCall();

  await parley.kill();
  await expectUnbroken(ada.page, graceId, 3000);
  await parley.restart();
  await Promise.all([expectUnbroken(ada.page, graceId, 5000), expectUnbroken(grace.page, adaId, 5000)]);

  const ledger = await Ledger.of(parley.url, 'Ada');
  const after = await ledger.onlyCall();
  expect(after).toMatchObject({ id: before.id, status: 'connected' });
  expect(await Promise.all([peersMade(ada.page), peersMade(grace.page)])).toEqual(peers);
  await ada.leave();
  await Promise.all([ada, grace].map((person) => expect(person.heading('Call ended')).toBeVisible()));
  const events = await ledger.events(before.id);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter(({ type }) => type === 'created')).toHaveLength(1);
});

test('the server killed while it rings: the ring goes on and can be accepted after the restart', async ({
  parley,
  ada,
  grace,
}) => {
  await ada.startCall('audio', 'Grace');
  await expect(grace.incoming('audio')).toBeVisible();
  await parley.kill();
  await parley.restart();
  await grace.accept('audio');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
});

test.describe('with a short lease', () => {
  test.use({ serverEnv: { PARLEY_HEARTBEAT_MS: '1000', PARLEY_LEASE_MS: '4000' } });

  test('a browser that goes away without a word: the call ends for the other as dropped', async ({
    parley,
    ada,
    grace,
  }) => {
    await connect(ada, grace, 'audio');
    await grace.context.close();
    await expect(ada.heading('Call ended')).toBeVisible({ timeout: 40_000 });
    const call = await (await Ledger.of(parley.url, 'Ada')).onlyCall();
    expect(call).toMatchObject({ status: 'ended', endReason: 'dropped' });
  });
});
