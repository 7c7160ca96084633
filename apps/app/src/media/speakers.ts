import type { Speakers, SpeakersWorld } from './types';

/** On phones WebRTC plays remote sound by itself. */
export function createSpeakers(_: SpeakersWorld): Speakers {
  return { show: () => undefined, retry: () => undefined, stop: () => undefined };
}
