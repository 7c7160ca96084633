import type { RemoteAudioProps } from './types';

/** On phones WebRTC plays remote sound by itself. */
export function RemoteAudio(_: RemoteAudioProps) {
  return null;
}
