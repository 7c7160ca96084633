import { FakeCapture, FakeDevices, FakeLevelMeter, ManualClock, MemoryStore, settle } from '@parley/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceKeeper } from '../src/media/device-desk.ts';
import { LocalMedia } from '../src/media/local-media.ts';
import type { DeviceNews } from '../src/model.ts';
import type { MediaDevice } from '../src/ports/devices.ts';

const device = (kind: MediaDevice['kind'], id: string, label: string, place?: MediaDevice['place']): MediaDevice => ({
  kind,
  id,
  label,
  groupId: `group-${id}`,
  ...(place === undefined ? {} : { place }),
});
const standIn = (kind: MediaDevice['kind'], of: string): MediaDevice => ({
  kind,
  id: 'default',
  label: 'Default',
  groupId: `group-${of}`,
});
const DESK = device('microphone', 'desk', 'Desk');
const HEADSET = device('microphone', 'headset', 'Headset');
const EARS = device('speaker', 'ears', 'Headset');
const WALL = device('speaker', 'wall', 'Loudspeakers');
const ALL = [standIn('microphone', 'desk'), DESK, HEADSET, standIn('speaker', 'wall'), WALL, EARS];
const WITHOUT_HEADSET = ALL.filter(({ label }) => label !== 'Headset');
const NAMELESS: MediaDevice = { kind: 'microphone', id: '', label: '', groupId: '' };

let capture: FakeCapture;
let devices: FakeDevices;
let levels: FakeLevelMeter;
let clock: ManualClock;
let storage: MemoryStore;
let local: LocalMedia;
let desk: DeviceKeeper;
let news: DeviceNews[];

const make = async (plugged: readonly MediaDevice[] = ALL) => {
  devices = new FakeDevices();
  devices.plugged = plugged;
  levels = new FakeLevelMeter();
  local = new LocalMedia(capture);
  news = [];
  desk = new DeviceKeeper({ devices, levels, local, storage, clock, news: (one) => news.push(one) });
  await settle();
};
const begin = async (camera = false) => {
  local.begin({ muted: false, camera });
  await settle();
};
const plug = async (plugged: readonly MediaDevice[], options?: { silently: boolean }) => {
  devices.plug(plugged, options);
  await settle();
};
const microphones = () =>
  capture.opened.filter(({ source }) => source === 'microphone').map(({ deviceId }) => deviceId);

beforeEach(async () => {
  capture = new FakeCapture();
  capture.devices.set('headset', { label: 'Headset' });
  capture.devices.set('desk', { label: 'Desk' });
  clock = new ManualClock();
  storage = new MemoryStore();
  await make();
});

describe('a choice', () => {
  it('opens nothing outside of a call, and that device in the next one', async () => {
    desk.choose('microphone', 'headset');
    await settle();
    expect(capture.opened).toEqual([]);
    await begin();
    expect(microphones()).toEqual(['headset']);
    expect(desk.snapshot().microphone).toMatchObject({ chosen: 'headset', open: true });
  });

  it('is taken into use in mid-call, one capture at a time', async () => {
    await begin();
    const [old] = capture.live('microphone');
    desk.choose('microphone', 'headset');
    await settle();
    expect(old?.stopped).toBe(true);
    expect(microphones()).toEqual([null, 'headset']);
    expect(capture.doubled).toBe(false);
  });

  it('never leaves the engine without a track while it is exchanged', async () => {
    await begin();
    const seen: unknown[] = [];
    local.onChange(() => seen.push(local.state().microphone));
    desk.choose('microphone', 'headset');
    await settle();
    expect(seen).not.toContain(null);
  });

  it('keeps a muted microphone muted', async () => {
    await begin();
    local.setMuted(true);
    desk.choose('microphone', 'headset');
    await settle();
    expect(capture.live('microphone')).toMatchObject([{ enabled: false, label: 'Headset' }]);
  });

  it('is remembered on this device', async () => {
    desk.choose('microphone', 'headset');
    desk.choose('ring', 'wall');
    await make();
    await begin();
    expect(microphones()).toEqual(['headset']);
    expect(desk.snapshot()).toMatchObject({ ring: { chosen: 'wall' }, speaker: { chosen: null } });
  });

  it('is asked for even before the browser tells what there is', async () => {
    desk.choose('microphone', 'headset');
    await make([NAMELESS]);
    await begin();
    await plug(ALL);
    expect(microphones()).toEqual(['headset']);
  });

  it('of a device that is not there does nothing', async () => {
    desk.choose('microphone', 'nowhere');
    expect(desk.snapshot().microphone.chosen).toBeNull();
  });

  it('shows what transmits, not what was wished for', async () => {
    capture.broken.set('headset', 'in_use');
    desk.choose('microphone', 'headset');
    await begin();
    expect(desk.snapshot().microphone.chosen).toBeNull();
    expect(local.state()).toMatchObject({ isMuted: false, problems: [] });
  });
});

describe('in mid-call', () => {
  beforeEach(async () => {
    desk.choose('microphone', 'headset');
    await begin();
  });

  it('the chosen device unplugged: the default takes its place at once, and it is said', async () => {
    await plug(WITHOUT_HEADSET);
    expect(microphones()).toEqual(['headset', null]);
    expect(local.state()).toMatchObject({ isMuted: false, problems: [] });
    expect(news).toEqual([{ change: 'lost', role: 'microphone', name: 'Headset' }]);
    expect(desk.snapshot().microphone).toMatchObject({ chosen: null, missing: 'Headset' });
  });

  it('the track that ends before the browser tells of it is no different, and no device is opened twice', async () => {
    capture.broken.set('headset', 'no_device');
    capture.live('microphone')[0]?.endByItself();
    await settle();
    expect(microphones()).toEqual(['headset', null]);
    await plug(WITHOUT_HEADSET);
    expect(microphones()).toEqual(['headset', null]);
  });

  it('it is said also while the default is still being opened', async () => {
    capture.asking = true;
    capture.live('microphone')[0]?.endByItself();
    await plug(WITHOUT_HEADSET);
    expect(news).toEqual([{ change: 'lost', role: 'microphone', name: 'Headset' }]);
    capture.answerPrompts();
    await settle();
    expect(capture.live('microphone')).toHaveLength(1);
  });

  it('the last of its kind: it is said, and why nobody is heard', async () => {
    capture.problems.set('microphone', 'no_device');
    capture.live('microphone')[0]?.endByItself();
    await plug([]);
    expect(news).toEqual([{ change: 'gone', role: 'microphone', name: 'Headset' }]);
    expect(local.state().problems).toEqual([{ source: 'microphone', problem: 'no_device' }]);
  });

  it('plugged in again the remembered choice comes back, and it is said', async () => {
    await plug(WITHOUT_HEADSET);
    await plug(ALL);
    expect(microphones()).toEqual(['headset', null, 'headset']);
    expect(news.at(-1)).toEqual({ change: 'back', role: 'microphone', name: 'Headset' });
    expect(desk.snapshot().microphone).toMatchObject({ chosen: 'headset', missing: null });
  });

  it('it may happen again and again', async () => {
    for (let times = 0; times < 3; times += 1) {
      await plug(WITHOUT_HEADSET);
      await plug(ALL);
    }
    expect(capture.live('microphone')).toMatchObject([{ label: 'Headset' }]);
  });

  it('a platform that does not tell is looked at, every two seconds', async () => {
    await plug(WITHOUT_HEADSET, { silently: true });
    expect(microphones()).toEqual(['headset']);
    await clock.advance(2_000);
    expect(microphones()).toEqual(['headset', null]);
  });

  it('nobody looks any more when it is over', async () => {
    local.end();
    await clock.advance(10_000);
    expect(clock.pending).toBe(0);
  });
});

describe('the system’s default', () => {
  const moved = [standIn('microphone', 'headset'), ...ALL.slice(1)];

  it('is followed when it changes, and it is said', async () => {
    await begin();
    await plug(moved);
    expect(microphones()).toEqual([null, null]);
    expect(news).toEqual([{ change: 'moved', role: 'microphone', name: 'Headset' }]);
  });

  it('is no matter of a call whose device was chosen', async () => {
    desk.choose('microphone', 'desk');
    await begin();
    await plug(moved);
    expect(microphones()).toEqual(['desk']);
    expect(news).toEqual([]);
  });

  it('is none for cameras: one that comes first in the list does not take the place of the running picture', async () => {
    const [lid, virtual] = [device('camera', 'lid', 'Lid'), device('camera', 'virtual', 'Virtual')];
    await make([...ALL, lid]);
    await begin(true);
    const running = capture.live('camera');
    await plug([virtual, ...ALL, lid]);
    expect(capture.live('camera')).toEqual(running);
    expect(capture.opened.filter(({ source }) => source === 'camera')).toHaveLength(1);
  });

  it('is not opened twice because the browser tells its name only after the permission', async () => {
    await make([NAMELESS]);
    await begin();
    await plug(ALL);
    expect(microphones()).toEqual([null]);
  });
});

describe('what was in the way', () => {
  it('no device: the microphone works as soon as one is plugged in', async () => {
    capture.problems.set('microphone', 'no_device');
    await make([]);
    await begin();
    expect(local.state().isMuted).toBe(true);
    capture.problems.clear();
    await plug(ALL);
    expect(local.state()).toMatchObject({ isMuted: false, problems: [] });
    expect(news).toEqual([{ change: 'works', role: 'microphone', name: '' }]);
  });

  it('another program: it is tried again when somebody comes back to the app', async () => {
    capture.problems.set('microphone', 'in_use');
    await begin();
    capture.problems.clear();
    desk.cameToFront();
    await settle();
    expect(local.state().problems).toEqual([]);
  });

  it.each(['denied', 'dismissed', 'blocked'] as const)(
    '%s: the permission is enough, when it comes',
    async (problem) => {
      capture.problems.set('camera', problem);
      await begin(true);
      capture.decide('camera', 'denied');
      await settle();
      expect(local.state().problems).toEqual([{ source: 'camera', problem }]);
      capture.decide('camera', 'granted');
      await settle();
      expect(local.state()).toMatchObject({ videoEnabled: true, problems: [] });
    },
  );

  it('is not tried for somebody who has turned the camera off meanwhile', async () => {
    capture.problems.set('camera', 'denied');
    await begin(true);
    local.setCamera(false);
    capture.decide('camera', 'granted');
    await settle();
    expect(capture.live('camera')).toEqual([]);
  });
});

describe('sound', () => {
  it('goes the chosen way, to the default while that is unplugged, and back', async () => {
    desk.choose('speaker', 'ears');
    await begin();
    await plug(WITHOUT_HEADSET);
    expect(desk.snapshot().speaker).toMatchObject({ chosen: null, missing: 'Headset' });
    expect(news).toContainEqual({ change: 'lost', role: 'speaker', name: 'Headset' });
    await plug(ALL);
    expect(desk.snapshot().speaker.chosen).toBe('ears');
  });

  it('that the platform refuses to send there is shown where it goes, until another choice', () => {
    desk.choose('ring', 'ears');
    desk.outputRefused('ring');
    expect(desk.snapshot().ring.chosen).toBeNull();
    desk.choose('ring', 'wall');
    expect(desk.snapshot().ring.chosen).toBe('wall');
  });
});

describe('a try outside of a call', () => {
  it('opens the microphone and closes it again', async () => {
    const end = desk.try('microphone');
    await settle();
    expect(desk.snapshot().microphone.open).toBe(true);
    end();
    await settle();
    expect(capture.live('microphone')).toEqual([]);
  });

  it('becomes the call’s own when one begins, and its end closes nothing then', async () => {
    const end = desk.try('microphone');
    await settle();
    await begin();
    end();
    await settle();
    expect(capture.live('microphone')).toHaveLength(1);
    expect(capture.doubled).toBe(false);
  });

  it('of the camera shows nothing to a call', async () => {
    const end = desk.try('camera');
    await begin();
    end();
    desk.try('camera');
    await settle();
    expect(capture.live('camera')).toEqual([]);
  });

  it('that cannot be measured is closed like any other', async () => {
    vi.spyOn(levels, 'watch').mockImplementation(() => {
      throw new DOMException('another sample rate', 'NotSupportedError');
    });
    const end = desk.try('microphone');
    await settle();
    const heard: number[] = [];
    const stop = desk.onLevel?.((level) => heard.push(level));
    expect(heard).toEqual([0]);
    end();
    await settle();
    stop?.();
    expect(capture.live('microphone')).toEqual([]);
  });

  it('measures whichever microphone is open', async () => {
    const heard: number[] = [];
    const stop = desk.onLevel?.((level) => heard.push(level));
    await begin();
    const [first] = levels.watched;
    first?.[1](0.5);
    desk.choose('microphone', 'headset');
    await settle();
    expect([...levels.watched.keys()]).toEqual(capture.live('microphone'));
    expect(heard).toEqual([0, 0.5, 0]);
    stop?.();
    expect(levels.watched.size).toBe(0);
  });
});

it('goes from the camera in front to the one at the back', async () => {
  await make([device('camera', 'f', '', 'front'), device('camera', 'b', '', 'back')]);
  capture.defaultDevice = 'f';
  capture.devices.set('b', { facingMode: 'environment' });
  await begin(true);
  expect(desk.snapshot().canFlip).toBe(true);
  expect(local.state().mirrored).toBe(true);
  desk.flipCamera();
  await settle();
  expect(capture.live('camera')[0]?.getSettings().deviceId).toBe('b');
  expect(local.state().mirrored).toBe(false);
  desk.flipCamera();
  await settle();
  expect(capture.live('camera')[0]?.getSettings().deviceId).toBe('f');
});
