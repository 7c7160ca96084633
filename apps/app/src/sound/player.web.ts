import { Asset } from 'expo-asset';
import { soundFiles } from './files';
import { sendTo } from './sendTo';
import type { SoundName, SoundPlayer } from './types';

const GESTURES = ['pointerdown', 'keydown'] as const;

interface Playing {
  readonly element: HTMLAudioElement;
  /** It is sent to its device: Chromium forgets one that is set while the element gets its sound. */
  readonly ready: Promise<void>;
}

export function createSoundPlayer(): SoundPlayer {
  const elements = new Map<SoundName, Playing>();
  const wanted = new Set<SoundName>();
  const listeners = new Set<(blocked: boolean) => void>();
  let output: { readonly deviceId: string | null; readonly refused: () => void } | null = null;
  let blocked = false;

  const route = async (element: HTMLAudioElement) => {
    const wanted = output;
    if (wanted !== null && !(await sendTo(element, wanted.deviceId)) && wanted === output) wanted.refused();
  };

  const report = (value: boolean) => {
    if (blocked === value) return;
    blocked = value;
    for (const listener of listeners) listener(value);
    for (const gesture of GESTURES) {
      if (value) document.addEventListener(gesture, playWanted, { capture: true });
      else document.removeEventListener(gesture, playWanted, { capture: true });
    }
  };
  const playingOf = (sound: SoundName): Playing => {
    const known = elements.get(sound);
    if (known !== undefined) return known;
    const element = new Audio();
    element.preload = 'auto';
    const ready = route(element).then(() => {
      element.src = Asset.fromModule(soundFiles[sound]).uri;
    });
    const made = { element, ready };
    elements.set(sound, made);
    return made;
  };
  const start = async (sound: SoundName) => {
    const { element, ready } = playingOf(sound);
    await ready;
    // Stopped meanwhile.
    if (element.loop && !wanted.has(sound)) return;
    try {
      await element.play();
      report(false);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError' && wanted.has(sound)) report(true);
    }
  };
  function playWanted() {
    for (const sound of wanted) void start(sound);
  }

  return {
    play(sound, options = {}) {
      const { element } = playingOf(sound);
      const loop = options.loop === true;
      element.loop = loop;
      if (loop && wanted.has(sound)) return;
      if (loop) wanted.add(sound);
      else element.currentTime = 0;
      void start(sound);
    },
    stop(sound) {
      wanted.delete(sound);
      const element = elements.get(sound)?.element;
      if (element !== undefined) {
        element.pause();
        element.currentTime = 0;
      }
      if (wanted.size === 0) report(false);
    },
    stopAll() {
      for (const sound of elements.keys()) this.stop(sound);
    },
    setOutput(deviceId, refused) {
      output = { deviceId, refused };
      for (const { element } of elements.values()) void route(element);
    },
    onBlocked(listener) {
      listeners.add(listener);
      if (blocked) listener(true);
      return () => listeners.delete(listener);
    },
  };
}
