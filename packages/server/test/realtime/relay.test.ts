import { describe, expect, it } from 'vitest';
import {
  ADA,
  CALL,
  device,
  GRACE,
  id,
  instance,
  MALLORY,
  RING,
  seat,
  stage,
  TEAM,
  viewOf,
} from '../support/hub-stage.ts';

const relay = (to: string, payload = 'x', epoch = 1) =>
  ({ t: 'relay', callId: CALL, to, epoch, generation: 0, payload }) as const;

const ring = (n = 1) => ({
  callId: CALL,
  ringId: id(70 + n - 1),
  callType: 'audio' as const,
  caller: { id: ADA, displayName: 'Ada' },
  team: { id: TEAM, name: 'Acme' },
  expiresAt: '2026-01-01T00:00:30.000Z',
});

async function ringing() {
  const at = stage();
  const ada = await at.join(ADA);
  const grace = await at.join(GRACE, 1);
  const grace2 = await at.join(GRACE, 2);
  at.calls.rings.set(device(GRACE, 1), [ring(1)]);
  at.calls.rings.set(device(GRACE, 2), [ring(2)]);
  const view = viewOf(1, 'ringing', [seat(ADA)]);
  at.calls.views.set(CALL, view);
  at.fanout.publish({ t: 'call', view, events: [] });
  const accept = () => {
    const accepted = viewOf(2, 'connecting', [seat(ADA), seat(GRACE, 1)]);
    at.calls.views.set(CALL, accepted);
    at.fanout.publish({ t: 'call', view: accepted, events: [] });
  };
  return { ...at, ada, grace, grace2, accept };
}

describe('ready', () => {
  it("P63 is told to the caller's seat, and only from the ring's own device", async () => {
    const { ada, grace, grace2 } = await ringing();
    grace2.say({ t: 'ready', callId: CALL, ringId: RING });
    expect((await grace2.next('error')).problem.code).toBe('ring_unknown');
    grace.say({ t: 'ready', callId: CALL, ringId: RING });
    expect((await ada.next('ready')).from).toEqual(seat(GRACE));
    expect(ada.of('ready')).toHaveLength(1);
    expect(grace2.of('ready')).toHaveLength(0);
  });

  it('P64 is told again to a caller that comes back', async () => {
    const { ada, grace, join } = await ringing();
    grace.say({ t: 'ready', callId: CALL, ringId: RING });
    await ada.next('ready');
    ada.cut();
    const again = await join(ADA);
    expect((await again.next('ready')).from.instanceId).toBe(instance(GRACE));
  });
});

describe('relay', () => {
  it('P70 writes the sender; P74 keeps the order', async () => {
    const { ada, grace, accept } = await ringing();
    accept();
    for (const payload of ['1', '2', '3']) ada.say(relay(instance(GRACE), payload));
    const got = grace.of('relay');
    expect(got.map((m) => m.payload)).toEqual(['1', '2', '3']);
    expect(got[0]?.from).toEqual(seat(ADA));
  });

  it("P71 lets a ringing device that is ready talk with the caller's seat, and with nobody else", async () => {
    const { ada, grace, grace2 } = await ringing();
    ada.say(relay(instance(GRACE, 1)));
    expect((await ada.next('error')).problem.code).toBe('peer_not_in_call');
    grace.say({ t: 'ready', callId: CALL, ringId: RING });
    await ada.next('ready');
    ada.say(relay(instance(GRACE, 1), 'offer'));
    grace.say(relay(instance(ADA), 'answer'));
    expect((await grace.next('relay')).payload).toBe('offer');
    expect((await ada.next('relay')).payload).toBe('answer');
    grace2.say({ t: 'ready', callId: CALL, ringId: id(71) });
    await ada.next('ready');
    grace2.say(relay(instance(GRACE, 1)));
    expect((await grace2.next('error')).problem.code).toBe('peer_not_in_call');
  });

  it('P71 knows only seats after the accept', async () => {
    const { ada, grace2, accept } = await ringing();
    grace2.say({ t: 'ready', callId: CALL, ringId: id(71) });
    await ada.next('ready');
    accept();
    grace2.say(relay(instance(ADA)));
    expect((await grace2.next('error')).problem.code).toBe('peer_not_in_call');
    ada.say(relay(instance(GRACE, 2)));
    expect((await ada.next('error')).problem.code).toBe('peer_not_in_call');
  });

  it("P71 refuses outsiders, calls that are not, and somebody else's instance id", async () => {
    const { accept, join, connect, hello, ada } = await ringing();
    accept();
    const mallory = await join(MALLORY);
    mallory.say(relay(instance(ADA)));
    expect((await mallory.next('error')).problem.code).toBe('peer_not_in_call');
    const forged = connect();
    forged.say({ ...hello(MALLORY, 2), instanceId: instance(GRACE) });
    await forged.next('welcome');
    forged.say(relay(instance(ADA)));
    expect((await forged.next('error')).problem.code).toBe('peer_not_in_call');
    forged.say({ ...relay(instance(ADA)), callId: id(99) });
    expect((await forged.next('error')).problem.code).toBe('peer_not_in_call');
    expect(ada.of('relay')).toEqual([]);
  });

  it('P72 refuses another epoch', async () => {
    const { ada, grace, accept } = await ringing();
    accept();
    ada.say(relay(instance(GRACE), 'x', 2));
    expect((await ada.next('error')).problem.code).toBe('stale_epoch');
    expect(grace.of('relay')).toEqual([]);
  });

  it('P73 says when the other one is not connected', async () => {
    const { ada, grace, accept } = await ringing();
    accept();
    grace.cut();
    ada.say(relay(instance(GRACE)));
    const error = await ada.next('error');
    expect([error.ref, error.problem.code]).toEqual([CALL, 'peer_away']);
  });

  it('P70 asks the database once for a call that it has not heard of, and not for each message', async () => {
    const at = stage();
    const ada = await at.join(ADA);
    const grace = await at.join(GRACE);
    at.calls.views.set(CALL, viewOf(2, 'connecting', [seat(ADA), seat(GRACE)]));
    for (const payload of ['1', '2', '3']) ada.say(relay(instance(GRACE), payload));
    await grace.next('relay', (m) => m.payload === '3');
    expect(grace.of('relay').map((m) => m.payload)).toEqual(['1', '2', '3']);
    expect(at.calls.loads).toBe(1);
  });

  it('P42 does not wait for a command of the same socket', async () => {
    const { ada, grace, accept, calls } = await ringing();
    accept();
    calls.onCommand = () => new Promise(() => {});
    ada.say({
      t: 'command',
      id: id(500),
      name: 'media-state',
      callId: CALL,
      body: { isMuted: true, videoEnabled: false },
    });
    ada.say(relay(instance(GRACE), 'candidate'));
    expect(grace.of('relay')).toHaveLength(1);
  });
});
