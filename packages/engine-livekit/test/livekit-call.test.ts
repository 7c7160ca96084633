import { FakeCapture } from '@parley/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LiveKitCall } from '../src/livekit-call.ts';
import { A, B, identityOf, LiveKitBench } from './livekit-bench.ts';

const SESSION = { selfId: A, url: 'ws://sfu.test', roomName: 'room' };
let bench: LiveKitBench;
let capture: FakeCapture;
let call: LiveKitCall;

beforeEach(async () => {
  bench = new LiveKitBench();
  capture = new FakeCapture();
  call = new LiveKitCall(() => bench.side(A).engine, capture);
  await bench.b.engine.attach('microphone', bench.track('audio'));
  await bench.b.engine.connect(bench.b.context);
});
afterEach(async () => {
  await call.leave();
  await bench.dispose();
});

const token = () => bench.sfu.tokenFor(identityOf(A));
const sent = () => bench.sfu.of(identityOf(A))?.publications;

it('joins with a token, is heard, and hears who is there', async () => {
  await call.join(SESSION, token());
  await bench.clock.until(() => call.snapshot().remoteUids.includes(B), 'the other');
  expect(call.snapshot()).toMatchObject({ isConnected: true, isMuted: false, videoEnabled: false, ended: null });
  expect([...(sent()?.keys() ?? [])]).toEqual(['microphone']);
});

it('mutes, shows a picture, and hides it again', async () => {
  await call.join(SESSION, token());
  await bench.clock.until(() => call.snapshot().isConnected, 'connected');
  call.toggleMute();
  await call.toggleVideo();
  await bench.clock.advance(10);
  expect(call.snapshot()).toMatchObject({ isMuted: true, videoEnabled: true });
  expect([sent()?.get('microphone')?.muted, sent()?.get('camera')?.muted]).toEqual([true, false]);
  await call.toggleVideo();
  await bench.clock.advance(10);
  expect(capture.live('camera')).toEqual([]);
  expect(sent()?.get('camera')?.muted).toBe(true);
});

it('leaves, closes what it captured, and can be joined again', async () => {
  await call.join(SESSION, token());
  await call.toggleVideo();
  await call.leave();
  expect([...capture.live('microphone'), ...capture.live('camera')]).toEqual([]);
  expect(call.snapshot()).toMatchObject({ isConnected: false, remoteUids: [] });
  await call.join(SESSION, token());
  await bench.clock.until(() => call.snapshot().isConnected, 'connected again');
});

it('does not keep a microphone that comes after one has left', async () => {
  capture.asking = true;
  const joining = call.join(SESSION, token());
  await bench.clock.advance(0);
  await call.leave();
  capture.answerPrompts();
  await joining;
  expect(capture.live('microphone')).toEqual([]);
});
