import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { FanoutPath, Parcel } from '../../src/ports/fanout-path.ts';
import { createLocalFanout, type FanoutMessage } from '../../src/realtime/fanout.ts';
import { createNodeFanout } from '../../src/realtime/node-fanout.ts';
import { openStage } from '../support/call-stage.ts';
import { counting } from '../support/counting.ts';
import { eachDatabase, type TestDatabase } from '../support/databases.ts';
import { ADA, CALL, device, GRACE, RING, seat, stage, TEAM, viewOf } from '../support/hub-stage.ts';
import { ManualTimers } from '../support/manual-timers.ts';

/* What makes a ring fast on the server: nothing waits, nothing is asked twice, and nothing is written out twice. */

const AT = '2026-01-01T00:00:00.000Z';
const person = { id: ADA, displayName: 'Ada' };
const SEATED = viewOf(2, 'connected', [seat(ADA), seat(GRACE)]);
/** Each kind of event that goes to several sockets, in a call in which Ada and Grace sit. */
const EVENTS: readonly FanoutMessage[] = [
  { t: 'call', view: viewOf(3, 'connected', [seat(ADA), seat(GRACE)]), events: [] },
  { t: 'reaction', callId: CALL, userId: ADA, emoji: '👍' },
  {
    t: 'person',
    teamId: TEAM,
    person: { ...person, picture: null, doNotDisturbUntil: null },
  },
  { t: 'team', teamId: TEAM, changed: 'channels' },
  {
    t: 'call_message',
    message: { id: randomUUID(), callId: CALL, author: person, content: 'hello', createdAt: AT },
  },
];

/** Two people with two devices each, who listen to their team, and sit in a call. */
async function company() {
  const s = stage();
  s.members.set(TEAM, [ADA, GRACE]);
  const sockets = [await s.join(ADA), await s.join(ADA, 2), await s.join(GRACE), await s.join(GRACE, 2)];
  for (const socket of sockets) {
    socket.say({ t: 'subscribe', topic: `team:${TEAM}` });
    await socket.next('subscribed');
  }
  s.fanout.publish({ t: 'call', view: SEATED, events: [] });
  for (const socket of sockets) socket.forget();
  return { ...s, sockets };
}

/** How many messages were written out; schemas write out other things. */
const messagesIn = (written: { readonly mock: { readonly calls: readonly (readonly unknown[])[] } }): number =>
  written.mock.calls.filter(([value]) => typeof value === 'object' && value !== null && 't' in value).length;

afterEach(() => vi.restoreAllMocks());

it.each(EVENTS.map((event) => [event.t, event] as const))(
  'an event (%s) is at every socket before its publishing returns, and written out once for all of them',
  async (_, event) => {
    const { fanout, sockets } = await company();
    const written = vi.spyOn(JSON, 'stringify');
    fanout.publish(event);
    const times = messagesIn(written);
    const told = sockets.flatMap(({ texts }) => texts);
    expect(told.length).toBeGreaterThan(1);
    expect(times).toBe(1);
    for (const text of told) expect(Object.is(text, told[0])).toBe(true);
  },
);

it('a ring is at the socket of its device before its publishing returns', async () => {
  const { fanout, sockets } = await company();
  fanout.publish({
    t: 'ring',
    userId: GRACE,
    deviceId: device(GRACE),
    ring: {
      callId: CALL,
      ringId: RING,
      callType: 'audio',
      caller: person,
      team: { id: TEAM, name: 'Acme' },
      expiresAt: AT,
    },
  });
  expect(sockets.map(({ texts }) => texts.length)).toEqual([0, 0, 1, 0]);
});

it('a relayed message is at the other socket before the next frame is read, and written out once', async () => {
  const { sockets } = await company();
  const [ada, , grace] = sockets;
  if (!ada || !grace) throw new Error('two were expected');
  const frame = JSON.stringify({
    t: 'relay',
    callId: CALL,
    to: seat(GRACE).instanceId,
    epoch: 1,
    generation: 1,
    payload: 'x'.repeat(2_000),
  });
  const written = vi.spyOn(JSON, 'stringify');
  ada.raw(frame);
  expect(messagesIn(written)).toBe(1);
  expect(grace.of('relay')).toHaveLength(1);
});

it('an event is told to its own sockets before other nodes, and goes to all of these as one text', async () => {
  const parcels: Parcel[] = [];
  const path: FanoutPath = {
    open: (_channels, { state }) => state(true),
    send: async (more) => void parcels.push(...more),
    close: async () => {},
  };
  const note = () => undefined;
  const fanout = createNodeFanout({
    node: 'a',
    local: createLocalFanout(),
    redis: path,
    postgres: path,
    timers: new ManualTimers(),
    now: () => 0,
    log: { info: note, warn: note, error: note },
  });
  fanout.start();
  const heard: string[] = [];
  fanout.subscribe(({ t }) => void heard.push(t));
  const written = vi.spyOn(JSON, 'stringify');
  fanout.publish({ t: 'team', teamId: TEAM, changed: 'members' });
  expect({ heard, parcels }).toEqual({ heard: ['team'], parcels: [] });
  await Promise.resolve();
  await Promise.resolve();
  expect(parcels).toHaveLength(1);
  expect(
    written.mock.calls.filter(([value]) => typeof value === 'object' && value !== null && 'messages' in value),
  ).toHaveLength(1);
  await fanout.stop();
});

eachDatabase((_name, open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  it('a ring takes one statement, from the command on the caller’s socket to the ring at the callee’s', async () => {
    const counted = counting(database.db);
    const s = openStage(counted.db);
    const { team, ada, grace } = await s.people();
    const callers = (await s.join(ada)).socket;
    const callees = (await s.join(grace)).socket;
    // The server's own sign of life is due at its first command, and then every few seconds.
    const first = randomUUID();
    callers.say({ t: 'command', id: first, name: 'create', body: bodyFor(team.id, grace.id) });
    const made = await callers.find((m) => m.t === 'ack' && m.id === first);
    if (made?.t !== 'ack') throw new Error('no call was made');
    await s.command(ada, made.view.call.id, 'cancel');
    for (const socket of [callers, callees]) socket.forget();
    const [statements, transactions] = [counted.count, counted.transactions];
    const id = randomUUID();
    callers.say({ t: 'command', id, name: 'create', body: bodyFor(team.id, grace.id) });
    expect((await callers.find((m) => m.t === 'ack' && m.id === id))?.t).toBe('ack');
    // It was there before the caller was answered.
    expect(callees.of('ring')).toHaveLength(1);
    expect({ statements: counted.count - statements, transactions: counted.transactions - transactions }).toEqual({
      statements: 1,
      transactions: 0,
    });
  });
});

const bodyFor = (teamId: string, recipientId: string) => ({
  teamId,
  channelId: null,
  callType: 'audio',
  recipientIds: [recipientId],
});
