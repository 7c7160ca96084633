import type { CallView } from '@parley/protocol';
import { ADA, ADA_AT, callView, GRACE, GRACE_AT, ringOf, uuidOf } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientBench } from './client-bench.ts';

let bench: ClientBench;
const GRACE_TABLET = { ...GRACE_AT, deviceId: uuidOf(0xd7), instanceId: uuidOf(0xd8) };
const ringing = () => callView({ callType: 'audio' });
const answered = (): CallView => {
  const view = callView({ status: 'connecting', callType: 'audio' });
  return { ...view, call: { ...view.call, version: view.call.version + 5 } };
};
const peers = () => bench.signallings[0]?.peers().map(({ instanceId, warm }) => [instanceId, warm === true]);
const ready = (from = GRACE_AT) =>
  bench.say({ t: 'ready', callId: ringing().call.id, from: { ...from, userId: GRACE.id } });
const microphones = () => bench.capture.live('microphone').length;

/** Credentials are on their way until the function that it returns is called. */
function slowTokens(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const usual = {
    engine: 'p2p',
    url: null,
    token: null,
    roomName: 'room',
    uid: GRACE.id,
    iceServers: [],
    relayOnly: false,
  };
  bench.answer = (_method, path) =>
    path.endsWith('/token')
      ? new Promise((resolve) =>
          waiting.push(() => resolve(Response.json({ ...usual, expiresAt: bench.now(3_600_000) }))),
        )
      : undefined;
  return async () => {
    for (const give of waiting.splice(0)) give();
    await bench.clock.advance(0);
    await bench.clock.advance(0);
  };
}

afterEach(() => bench.client.dispose());

describe('who calls', () => {
  beforeEach(async () => {
    bench = new ClientBench();
    await bench.signIn();
    bench.client.startCall({ teamId: 'team', channelId: null, callType: 'audio', userId: GRACE.id });
    await bench.clock.advance(0);
    await bench.ack('create', ringing());
  });

  it('connects with a device as soon as it says that it can take part', async () => {
    expect(bench.engines).toHaveLength(0);
    await ready();
    expect(peers()).toEqual([[GRACE_AT.instanceId, true]]);
  });

  it('puts nothing into it before the accept, though the microphone is open', async () => {
    await ready();
    expect(microphones()).toBe(1);
    expect(bench.engine?.attached.get('microphone') ?? null).toBeNull();
    await bench.say({ t: 'call', view: answered(), events: [] });
    expect(bench.engine?.attached.get('microphone')).not.toBeNull();
    expect(bench.engines).toHaveLength(1);
  });

  it('hears the first device that says over the connection that it was answered there, and no other', async () => {
    await ready();
    await ready(GRACE_TABLET);
    const [signalling] = bench.signallings;
    signalling?.answered?.(GRACE_TABLET.instanceId);
    signalling?.answered?.(GRACE_AT.instanceId);
    expect(peers()).toEqual([
      [GRACE_AT.instanceId, true],
      [GRACE_TABLET.instanceId, false],
    ]);
    await bench.clock.advance(0);
    expect(bench.engine?.attached.get('microphone')).not.toBeNull();
  });

  it('follows the server’s word where it is another one', async () => {
    await ready();
    await ready(GRACE_TABLET);
    bench.signallings[0]?.answered?.(GRACE_TABLET.instanceId);
    await bench.say({ t: 'call', view: answered(), events: [] });
    expect(peers()).toEqual([[GRACE_AT.instanceId, false]]);
  });

  it('makes one connection when the accept is there before the credentials of the one ahead', async () => {
    const give = slowTokens();
    await ready();
    await bench.say({ t: 'call', view: answered(), events: [] });
    await give();
    expect(bench.engines).toHaveLength(1);
    expect(peers()).toEqual([[GRACE_AT.instanceId, false]]);
  });

  it('takes it back when no word of the server comes', async () => {
    await ready();
    bench.signallings[0]?.answered?.(GRACE_AT.instanceId);
    expect(peers()).toEqual([[GRACE_AT.instanceId, false]]);
    await bench.clock.advance(11_000);
    expect(peers()).toEqual([[GRACE_AT.instanceId, true]]);
  });

  it('does not believe a device for which it does not ring', async () => {
    await ready();
    bench.signallings[0]?.answered?.(GRACE_TABLET.instanceId);
    expect(peers()).toEqual([[GRACE_AT.instanceId, true]]);
  });

  it('connects ahead with three devices at most', async () => {
    for (const n of [1, 2, 3, 4]) await ready({ ...GRACE_AT, instanceId: uuidOf(0x900 + n) });
    expect(peers()).toHaveLength(3);
  });

  it('keeps those three, however often it hears of the call and its devices', async () => {
    const devices = [1, 2, 3, 4].map((n) => ({ ...GRACE_AT, instanceId: uuidOf(0x900 + n) }));
    for (const device of devices) await ready(device);
    const first = peers();
    const seen: unknown[] = [];
    bench.signallings[0]?.onPeers((now) => seen.push(now));
    for (const device of devices) await ready(device);
    const view = ringing();
    await bench.say({
      t: 'call',
      view: { ...view, call: { ...view.call, version: view.call.version + 1 } },
      events: [],
    });
    expect(seen).toEqual([]);
    expect(peers()).toEqual(first);
  });

  it('closes what was connected ahead when the call is cancelled', async () => {
    await ready();
    bench.client.cancel();
    await bench.clock.advance(0);
    expect(bench.engines.map(({ state }) => state)).toEqual(['closed']);
    expect(microphones()).toBe(0);
  });
});

describe('who is called', () => {
  const view = () => ({ ...ringing(), seats: [{ userId: ADA.id, ...ADA_AT }] });
  const ring = async () => {
    await bench.say({ t: 'call', view: view(), events: [] });
    await bench.say({ t: 'ring', ring: ringOf(view()) });
    await bench.clock.advance(0);
  };
  beforeEach(async () => {
    bench = new ClientBench(GRACE, GRACE_AT);
    await bench.signIn();
  });

  it('is shown who calls as soon as the ring is there: nothing is fetched for it', async () => {
    bench.reachable = false;
    const before = bench.requests.length;
    bench.socket.say({ t: 'ring', ring: ringOf(view()) });
    expect(bench.snapshot.incoming.map(({ ring }) => ring.caller.displayName)).toEqual([ADA.displayName]);
    expect(bench.requests).toHaveLength(before);
  });

  it('connects with the caller while it rings, and opens no microphone', async () => {
    await ring();
    expect(peers()).toEqual([[ADA_AT.instanceId, true]]);
    expect(microphones()).toBe(0);
  });

  it('sends at the tap, before the server has said anything', async () => {
    await ring();
    bench.client.accept(view().call.id);
    await bench.clock.advance(0);
    expect(peers()).toEqual([[ADA_AT.instanceId, false]]);
    expect(microphones()).toBe(1);
    expect(bench.engine?.attached.get('microphone')).not.toBeNull();
    expect(bench.engines).toHaveLength(1);
  });

  it('makes one connection when the accept is there before the credentials of the one ahead', async () => {
    const give = slowTokens();
    await ring();
    bench.client.accept(view().call.id);
    await bench.clock.advance(0);
    await bench.ack('accept', { ...answered(), seats: [...view().seats, { userId: GRACE.id, ...GRACE_AT }] });
    await give();
    expect(bench.engines).toHaveLength(1);
    expect(peers()).toEqual([[ADA_AT.instanceId, false]]);
  });

  it('stops, and closes the microphone, when another device was faster', async () => {
    await ring();
    bench.client.accept(view().call.id);
    await bench.clock.advance(0);
    await bench.refuse('accept', 'answered_elsewhere');
    await bench.clock.advance(0);
    expect(bench.engines.map(({ state }) => state)).toEqual(['closed']);
    expect(microphones()).toBe(0);
  });

  it('closes what was connected ahead when the ring ends', async () => {
    await ring();
    bench.client.decline(view().call.id);
    await bench.clock.advance(0);
    expect(bench.engines.map(({ state }) => state)).toEqual(['closed']);
  });

  it('is not connected with ahead when the address is hidden and there is no relay', async () => {
    // What is asked for at the tap may be answered before the accept is taken.
    let accepted = false;
    bench.answer = (_method, path) =>
      path.endsWith('/token')
        ? Response.json({
            engine: 'p2p',
            url: null,
            token: null,
            roomName: 'room',
            uid: GRACE.id,
            expiresAt: bench.now(3_600_000),
            iceServers: [],
            relayOnly: !accepted,
          })
        : undefined;
    await ring();
    await bench.clock.advance(0);
    expect(bench.engines).toHaveLength(0);
    bench.client.accept(view().call.id);
    await bench.clock.advance(0);
    accepted = true;
    const own = answered();
    await bench.ack('accept', { ...own, seats: [...view().seats, { userId: GRACE.id, ...GRACE_AT }] });
    await bench.clock.advance(0);
    expect(bench.engines).toHaveLength(1);
    expect(bench.engine?.context?.credentials.relayOnly).toBe(false);
  });

  it('asks for credentials that hide nothing any more once the server has the accept, and no earlier', async () => {
    let hides = true;
    const asked: boolean[] = [];
    bench.answer = (_method, path) => {
      if (!path.endsWith('/token')) return undefined;
      asked.push(hides);
      return Response.json({
        engine: 'p2p',
        url: null,
        token: null,
        roomName: 'room',
        uid: GRACE.id,
        expiresAt: bench.now(3_600_000),
        iceServers: [{ urls: ['turn:turn.parley.test'], username: 'u', credential: 'c' }],
        relayOnly: hides,
      });
    };
    await ring();
    bench.client.accept(view().call.id);
    await bench.clock.advance(5_000);
    expect(bench.engines).toHaveLength(1);
    expect(asked).toEqual([true]);
    hides = false;
    await bench.ack('accept', { ...answered(), seats: [...view().seats, { userId: GRACE.id, ...GRACE_AT }] });
    await bench.clock.advance(5_000);
    expect(asked).toEqual([true, false]);
    expect(bench.engine?.renewals.map(({ relayOnly }) => relayOnly)).toEqual([false]);
  });

  it('begins nothing between devices for a group without a media server', async () => {
    const { call, ...rest } = view();
    const mesh = { ...rest, call: { ...call, callType: 'group_audio' as const } };
    await bench.say({ t: 'call', view: mesh, events: [] });
    await bench.say({ t: 'ring', ring: ringOf(mesh) });
    await bench.clock.advance(0);
    expect(bench.engines).toEqual([]);
    expect(bench.requests.filter(({ path }) => path.endsWith('/token'))).toEqual([]);
  });
});
