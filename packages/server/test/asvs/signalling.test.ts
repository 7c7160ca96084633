import { CLOSE, MAX_FRAME_BYTES, MAX_RELAY_CHARS } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { ADA, CALL, GRACE, instance, MALLORY, seat, stage, viewOf } from '../support/hub-stage.ts';
import type { MemorySocket } from '../support/memory-socket.ts';

/** Two people in a call. */
async function inCall() {
  const at = stage();
  const view = viewOf(2, 'connecting', [seat(ADA), seat(GRACE)]);
  at.calls.views.set(CALL, view);
  const [ada, grace] = [await at.join(ADA), await at.join(GRACE)];
  at.fanout.publish({ t: 'call', view, events: [] });
  return { ...at, ada, grace };
}

const relay = (payload: string) =>
  ({ t: 'relay', callId: CALL, to: instance(GRACE), epoch: 1, generation: 0, payload }) as const;

/** The two of the call are still served. */
async function stillServed(ada: MemorySocket, grace: MemorySocket): Promise<void> {
  const payload = `candidate ${crypto.randomUUID()}`;
  ada.say(relay(payload));
  expect((await grace.next('relay', (message) => message.payload === payload)).from).toEqual(seat(ADA));
  expect([ada.closed, grace.closed]).toEqual([null, null]);
}

describe('V17.3.1: a flood of signalling messages', () => {
  it('V17.3.1 of one socket is dropped, told of and closed, while a call goes on beside it', async () => {
    const { ada, grace, join, timers, calls } = await inCall();
    const mallory = await join(MALLORY);
    for (let i = 0; i < 20_000 && !mallory.closed; i += 1) {
      mallory.say(relay('flood'));
      if (i % 4 === 0) timers.advance(1);
      if (i % 1_000 === 0) await stillServed(ada, grace);
    }
    expect(mallory.closed?.code).toBe(CLOSE.flood);
    await stillServed(ada, grace);
    // The flood has cost the database next to nothing.
    expect(calls.loads).toBeLessThan(300);
  });

  it('V17.3.1 of frames that are no messages is bounded too', async () => {
    const { ada, grace, connect } = await inCall();
    for (let i = 0; i < 500; i += 1) {
      const stranger = connect();
      for (let n = 0; n < 5; n += 1) stranger.raw('{"t":');
      expect(stranger.closed).not.toBeNull();
    }
    await stillServed(ada, grace);
  });

  it('V17.3.1 of one side of a call does not take its place in the call from the other', async () => {
    const { ada, grace, timers } = await inCall();
    for (let i = 0; i < 400; i += 1) ada.say(relay('x'));
    expect(grace.of('relay').length).toBeLessThanOrEqual(200);
    expect(ada.closed).toBeNull();
    timers.advance(1_000);
    await stillServed(ada, grace);
  });
});

describe('V17.3.2: malformed signalling messages', () => {
  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
  const FRAMES: Record<string, string> = {
    'no JSON': '{',
    'a number': '1e999',
    'deep nesting': deep,
    'deep nesting in a message': `{"t":"relay","payload":${deep}}`,
    'an unknown kind': '{"t":"shout"}',
    'a kind of another type': '{"t":{"toString":1}}',
    'a prototype': '{"t":"pong","n":1,"__proto__":{"isAdmin":true}}',
    'an integer that is too large': '{"t":"pong","n":1e308}',
    'a negative integer': JSON.stringify({ ...relay('x'), generation: -1 }),
    'an id that is none': JSON.stringify({ ...relay('x'), callId: "'; drop table call_sessions; --" }),
    'a payload that is too long': JSON.stringify(relay('x'.repeat(MAX_RELAY_CHARS + 1))),
    'half a character': '{"t":"pong","n":"\ud800"}',
    'one field too many': JSON.stringify({ ...relay('x'), from: seat(GRACE) }),
  };

  it.each(Object.keys(FRAMES))('V17.3.2 %s is refused, and the call goes on', async (name) => {
    const { ada, grace, join } = await inCall();
    const mallory = await join(MALLORY);
    for (let i = 0; i < 2; i += 1) mallory.raw(FRAMES[name] ?? '');
    expect(mallory.of('error').map(({ problem }) => problem.code)).toEqual(['bad_frame', 'bad_frame']);
    await stillServed(ada, grace);
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined();
  });

  it('V17.3.2 a frame that is too large, and one of bytes, are refused', async () => {
    const { ada, grace, join } = await inCall();
    const mallory = await join(MALLORY);
    mallory.raw('x'.repeat(10), MAX_FRAME_BYTES + 1);
    mallory.raw(null, 100);
    expect(mallory.of('error').map(({ problem }) => problem.code)).toEqual(['frame_too_large', 'bad_frame']);
    await stillServed(ada, grace);
  });

  it('V17.3.2 what the other side makes of a payload is its own business: the server does not read it', async () => {
    const { ada, grace } = await inCall();
    for (const payload of ['', '{', 'v=0\r\no=- 1 1 IN IP4', `${'a=candidate:'.repeat(4_000)}`, '\u0000\uffff']) {
      ada.say(relay(payload));
      expect((await grace.next('relay')).payload).toBe(payload);
    }
    await stillServed(ada, grace);
  });
});
