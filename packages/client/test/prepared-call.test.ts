import type { IceConfiguration } from '@parley/protocol';
import { callView, GRACE, GRACE_AT } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientBench } from './client-bench.ts';

const TURN = { urls: ['turn:turn.parley.test'], username: 'ahead', credential: 'c' };
let bench: ClientBench;
/** What was made and let go of, in its order. */
let made: string[];
let relayOnly: boolean;
const asked = (end: string) => bench.requests.filter(({ path }) => path.endsWith(end)).length;

beforeEach(async () => {
  made = [];
  relayOnly = false;
  bench = new ClientBench(undefined, undefined, undefined, {
    prepare: ({ iceServers }) => made.push(`made for ${iceServers[0]?.username}`),
    release: () => {
      if (made.at(-1)?.startsWith('made')) made.push('let go');
    },
  });
  bench.answer = (_method, path) =>
    path === '/api/me/ice-servers'
      ? Response.json({
          iceServers: [TURN],
          relayOnly,
          expiresAt: bench.now(300_000),
        } satisfies IceConfiguration)
      : undefined;
  await bench.signIn();
  bench.capture.permissions.set('microphone', 'granted');
});
afterEach(() => bench.client.dispose());

const open = async () => {
  const close = bench.client.prepareCall();
  await bench.clock.advance(0);
  return close;
};
const placeCall = async () => {
  bench.client.startCall({ teamId: 'team', channelId: null, callType: 'audio', userId: GRACE.id });
  await bench.clock.advance(0);
  await bench.ack('create', callView({ callType: 'audio' }));
};

describe('where somebody is shown who may be called', () => {
  it('a connection is made with credentials for it, and no device is opened', async () => {
    await open();
    expect(made).toEqual(['made for ahead']);
    expect(bench.capture.live('microphone')).toEqual([]);
    expect(bench.engines).toEqual([]);
  });

  it('it is closed with the profile, and after two minutes where that stays open', async () => {
    (await open())();
    expect(made).toEqual(['made for ahead', 'let go']);
    await open();
    await bench.clock.advance(119_000);
    expect(made).toHaveLength(3);
    await bench.clock.advance(2_000);
    expect(made.at(-1)).toBe('let go');
  });

  it('credentials are asked for once for all that are opened, until they are about to run out', async () => {
    for (let profile = 0; profile < 5; profile += 1) (await open())();
    expect(asked('/ice-servers')).toBe(1);
    await bench.clock.advance(239_000);
    (await open())();
    expect(asked('/ice-servers')).toBe(1);
    await bench.clock.advance(2_000);
    (await open())();
    expect(asked('/ice-servers')).toBe(2);
  });

  it('no connection is made before the microphone is allowed: until then a browser hides its own addresses', async () => {
    bench.capture.permissions.set('microphone', 'prompt');
    await open();
    expect(made).toEqual([]);
    expect(asked('/ice-servers')).toBe(1);
  });

  it('nothing is made, and nothing asked for, during a call', async () => {
    await placeCall();
    await open();
    expect(asked('/ice-servers')).toBe(0);
    expect(made).toEqual([]);
  });

  it('a server that has none to give changes nothing', async () => {
    bench.answer = () => undefined;
    await open();
    expect(made).toEqual([]);
    await placeCall();
    expect(asked('/token')).toBe(1);
  });
});

describe('a call that is placed from there', () => {
  const ready = () => bench.say({ t: 'ready', callId: callView().call.id, from: { ...GRACE_AT, userId: GRACE.id } });

  it('begins with what was made, and asks for no credentials of its own', async () => {
    const close = await open();
    await placeCall();
    close();
    expect(made).toEqual(['made for ahead']);
    await ready();
    expect(bench.engine?.context?.credentials).toMatchObject({ iceServers: [TURN], relayOnly: false });
    expect(asked('/token')).toBe(0);
  });

  it('lets go of what it did not use when it is over', async () => {
    const close = await open();
    await placeCall();
    close();
    bench.client.cancel();
    await bench.clock.advance(0);
    expect(made).toEqual(['made for ahead', 'let go']);
  });

  it('renews its credentials by the call’s own before they run out', async () => {
    await open();
    await placeCall();
    await ready();
    await bench.clock.advance(290_000);
    expect(asked('/token')).toBe(1);
    expect(bench.engine?.renewals).toHaveLength(1);
  });

  it('hides its address as soon as that is chosen', async () => {
    await open();
    bench.answer = (method, path) =>
      method === 'PATCH' && path === '/api/me/settings'
        ? Response.json({
            ...bench.user,
            picture: null,
            email: null,
            doNotDisturbUntil: null,
            hideAddress: 'always',
            relayAvailable: true,
          })
        : undefined;
    await bench.client.account.changeSettings({ hideAddress: 'always' });
    expect(made).toEqual(['made for ahead', 'let go']);
    await placeCall();
    expect(asked('/token')).toBe(1);
  });
});
