import type { CallView, MediaCredentials } from '@parley/protocol';
import { ADA, ADA_AT, callView, contextFor, FakeEngine, GRACE, TEAM, uuidOf } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientBench, SERVER_CAPABILITIES } from './client-bench.ts';

const CALL = uuidOf(0xc1);
let bench: ClientBench;
let asked: number;

const credentials = (token: string, url = 'wss://media.test'): MediaCredentials => ({
  engine: 'livekit',
  url,
  token,
  roomName: `call-${CALL}`,
  uid: ADA.id,
  expiresAt: bench.now(120_000),
  iceServers: [],
  relayOnly: false,
});

/** Grace's group, with Ada in it. */
function group(): CallView {
  const view = callView({ status: 'connected', callType: 'audio', caller: GRACE, callee: ADA });
  const participants = view.call.participants.map((person) =>
    person.userId === ADA.id ? { ...person, state: 'connecting' as const } : person,
  );
  return {
    ...view,
    call: { ...view.call, callType: 'group_audio', mediaEngine: 'livekit', version: 10, participants },
    seats: [...view.seats.filter(({ userId }) => userId !== ADA.id), { userId: ADA.id, ...ADA_AT }],
  };
}

const join = () =>
  bench.client.joinCall(CALL, { teamId: TEAM.id, channelId: null, kind: 'audio', muted: false, camera: false });
const heard = () => bench.say({ t: 'call', view: group(), events: [] });
const given = (token = 'given', url?: string) =>
  bench.say({ t: 'media', callId: CALL, epoch: 1, credentials: credentials(token, url) });
const token = () => bench.engine?.context?.credentials.token;

beforeEach(async () => {
  bench = new ClientBench();
  asked = 0;
  bench.answer = (method, path) => {
    if (method !== 'POST' || path !== `/api/calls/${CALL}/token`) return undefined;
    asked += 1;
    return Response.json(credentials('asked for'));
  };
  await bench.signIn();
});
afterEach(() => bench.client.dispose());

it('a tap has gone out before anything is drawn for it', () => {
  join();
  expect(bench.commands()).toEqual(['accept']);
});

describe('the credentials of a group', () => {
  it('that come with the answer are used, and not asked for', async () => {
    join();
    await heard();
    expect(bench.engine?.context).toBeNull();
    await given();
    await bench.ack('accept', group());
    expect([token(), asked]).toEqual(['given', 0]);
  });

  it('are used though they come before the view', async () => {
    join();
    await given('given', '/livekit');
    await heard();
    await bench.ack('accept', group());
    expect(bench.engine?.context?.credentials).toMatchObject({ token: 'given', url: 'wss://parley.test/livekit' });
    expect(asked).toBe(0);
  });

  it('are asked for where the answer brings none', async () => {
    join();
    await heard();
    await bench.ack('accept', group());
    expect([token(), asked]).toEqual(['asked for', 1]);
  });

  it('are asked for where the answer is late', async () => {
    join();
    await heard();
    await bench.clock.advance(1_100);
    expect([token(), asked]).toEqual(['asked for', 1]);
  });

  it('of another call, of an older path, or from long ago are not used', async () => {
    await given('long ago');
    for (let n = 1; n <= 4; n += 1) {
      await bench.say({ t: 'ping', n, at: bench.now() });
      await bench.clock.advance(10_000);
    }
    join();
    await bench.say({ t: 'media', callId: uuidOf(0xc2), epoch: 1, credentials: credentials('of another') });
    await bench.say({ t: 'media', callId: CALL, epoch: 2, credentials: credentials('of another path') });
    await heard();
    await bench.ack('accept', group());
    expect([token(), asked]).toEqual(['asked for', 1]);
  });
});

describe('screens of a group into which somebody goes', () => {
  const hold = () => bench.client.holdMs;
  const grace = () => new FakeEngine(bench.sfu, SERVER_CAPABILITIES).connect(contextFor(GRACE.id));

  it('wait until there is sound both ways, and not again later', async () => {
    await grace();
    join();
    expect(hold()).toBe(1_500);
    await heard();
    await given();
    await bench.ack('accept', group());
    expect(hold()).toBe(1_500);
    bench.engine?.say('sent', 'microphone');
    expect(hold()).toBe(0);
    bench.engine?.become('reconnecting');
    bench.engine?.become('connected');
    expect(hold()).toBe(0);
  });

  it('do not wait for a microphone that there is not', async () => {
    bench.capture.problems.set('microphone', 'denied');
    await grace();
    join();
    await heard();
    await given();
    await bench.ack('accept', group());
    expect(hold()).toBe(0);
  });

  it('do not wait for people who are muted', async () => {
    join();
    const view = group();
    const participants = view.call.participants.map((person) => ({ ...person, isMuted: true }));
    await bench.say({ t: 'call', view: { ...view, call: { ...view.call, participants } }, events: [] });
    await given();
    await bench.ack('accept', group());
    bench.engine?.become('connected');
    expect(hold()).toBe(1_500);
    bench.engine?.say('sent', 'microphone');
    expect(hold()).toBe(0);
  });

  it('do not wait where it is refused, or given up', async () => {
    join();
    await bench.refuse('accept', 'call_locked');
    expect(hold()).toBe(0);
    join();
    bench.client.leave();
    expect(hold()).toBe(0);
  });
});
