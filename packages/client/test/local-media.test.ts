import { FakeCapture, settle } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CaptureSlot } from '../src/media/capture-slot.ts';
import { LocalMedia } from '../src/media/local-media.ts';

let capture: FakeCapture;
let local: LocalMedia;

beforeEach(() => {
  capture = new FakeCapture();
  local = new LocalMedia(capture);
});

afterEach(() => vi.unstubAllGlobals());

const begin = async (options: { muted?: boolean; camera?: boolean } = {}) => {
  local.begin({ muted: options.muted ?? false, camera: options.camera ?? true });
  await settle();
};

it('opens nothing before a call', async () => {
  local.setMuted(false);
  local.setCamera(true);
  await settle();
  expect(capture.opened).toEqual([]);
});

it('opens the microphone first, and the camera for a picture', async () => {
  await begin();
  expect(capture.opened.map(({ source }) => source)).toEqual(['microphone', 'camera']);
  expect(local.state()).toMatchObject({ isMuted: false, videoEnabled: true, problems: [] });
  expect(local.state().preview?.getTracks()).toEqual(capture.live('camera'));
});

it('mutes without closing the microphone', async () => {
  await begin();
  const [track] = capture.live('microphone');
  local.setMuted(true);
  expect(track).toMatchObject({ enabled: false, stopped: false });
  local.setMuted(false);
  expect(track?.enabled).toBe(true);
  expect(capture.opened).toHaveLength(2);
});

it('begins muted where the ledger says so, and no sound gets out in between', async () => {
  await begin({ muted: true });
  expect(capture.live('microphone')[0]?.enabled).toBe(false);
});

it('closes the camera when it is turned off, and opens it anew', async () => {
  await begin();
  const preview = local.state().preview;
  local.setCamera(false);
  await settle();
  expect(capture.live('camera')).toEqual([]);
  expect(local.state()).toMatchObject({ videoEnabled: false, camera: null, preview: null });
  local.setCamera(true);
  await settle();
  expect(local.state().preview).not.toBe(preview);
  expect(capture.live('camera')).toHaveLength(1);
});

it('closes a camera that is held back, and opens it when it is let go', async () => {
  await begin();
  local.holdCamera(true);
  await settle();
  expect(capture.live('camera')).toEqual([]);
  expect(local.state()).toMatchObject({ videoEnabled: false, videoHeld: true, camera: null });
  local.holdCamera(false);
  await settle();
  expect(local.state()).toMatchObject({ videoEnabled: true, videoHeld: false });
  expect(capture.live('camera')).toHaveLength(1);
});

it('holds back no camera that nobody wants, and leaves the last word to the person', async () => {
  await begin({ camera: false });
  local.holdCamera(true);
  expect(local.state().videoHeld).toBe(false);
  local.setCamera(true);
  local.holdCamera(true);
  local.setCamera(false);
  await settle();
  local.holdCamera(false);
  await settle();
  expect(local.state()).toMatchObject({ videoEnabled: false, videoHeld: false });
  expect(capture.live('camera')).toEqual([]);
});

it('keeps the same preview while the camera is the same', async () => {
  await begin();
  expect(local.state().preview).toBe(local.state().preview);
});

it('never captures a source twice, however fast somebody taps', async () => {
  capture.asking = true;
  await begin();
  for (const on of [false, true, false, true]) local.setCamera(on);
  local.begin({ muted: false, camera: true });
  capture.answerPrompts();
  await settle();
  expect(capture.doubled).toBe(false);
  expect(capture.live('camera')).toHaveLength(1);
});

it('closes at once what was opened after it was not wanted any more', async () => {
  capture.asking = true;
  await begin();
  local.end();
  capture.answerPrompts();
  await settle();
  expect(capture.live('microphone')).toEqual([]);
  expect(capture.live('camera')).toEqual([]);
});

describe.each(['denied', 'no_device', 'in_use', 'unsupported'] as const)('a microphone that is %s', (problem) => {
  it('is a state, and the call goes on without', async () => {
    capture.problems.set('microphone', problem);
    await begin();
    expect(local.state()).toMatchObject({ isMuted: true, videoEnabled: true, microphone: null });
    expect(local.state().problems).toEqual([{ source: 'microphone', problem }]);
  });

  it('is tried again when somebody unmutes', async () => {
    capture.problems.set('microphone', problem);
    await begin();
    capture.problems.clear();
    local.setMuted(false);
    await settle();
    expect(local.state()).toMatchObject({ isMuted: false, problems: [] });
  });
});

it('says that the picture is off when the camera is denied', async () => {
  capture.problems.set('camera', 'denied');
  await begin();
  expect(local.state()).toMatchObject({ videoEnabled: false, isMuted: false });
});

it('opens a track again that has ended by itself, once', async () => {
  await begin({ camera: false });
  capture.live('microphone')[0]?.endByItself();
  await settle();
  expect(capture.live('microphone')).toHaveLength(1);
  capture.live('microphone')[0]?.endByItself();
  await settle();
  expect(local.state()).toMatchObject({ isMuted: true, problems: [{ source: 'microphone', problem: 'no_device' }] });
});

it('asks ahead of a call and hands over what was opened', async () => {
  expect(await local.prepare(['microphone', 'camera'])).toEqual([]);
  await begin();
  expect(capture.opened).toHaveLength(2);
  expect(capture.doubled).toBe(false);
});

it('tells what is missing when it asks ahead', async () => {
  capture.problems.set('camera', 'denied');
  expect(await local.prepare(['microphone', 'camera'])).toEqual([{ source: 'camera', problem: 'denied' }]);
});

it('closes everything at the end', async () => {
  await begin();
  local.end();
  await settle();
  expect([...capture.live('microphone'), ...capture.live('camera')]).toEqual([]);
  expect(local.inUse).toBe(false);
});

it('closes the microphone and tells the others, though somebody who listens fails at each change', async () => {
  const reported = vi.fn();
  vi.stubGlobal('reportError', reported);
  const heard = vi.fn();
  local.onChange(() => {
    throw new Error('a meter');
  });
  local.onChange(heard);
  const stop = local.try('microphone');
  await settle();
  expect(capture.live('microphone')).toHaveLength(1);
  expect(heard).toHaveBeenCalled();
  expect(reported).toHaveBeenCalledWith(new Error('a meter'));
  stop();
  await settle();
  expect(capture.live('microphone')).toEqual([]);
  await begin();
  local.end();
  await settle();
  expect([...capture.live('microphone'), ...capture.live('camera')]).toEqual([]);
});

it('a slot whose owner fails at a change still closes what it opened', async () => {
  const slot = new CaptureSlot(
    'microphone',
    capture,
    (run) => run(),
    () => {
      if (slot.track) throw new Error('an owner');
    },
  );
  await expect(slot.want(true)).rejects.toThrow('an owner');
  expect(capture.live('microphone')).toHaveLength(1);
  await slot.want(false);
  expect(capture.live('microphone')).toEqual([]);
});
