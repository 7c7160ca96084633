import { useCallback } from 'react';
import { RING_TONES, type RingTone } from '../sound/types';
import { useSoundPlayer } from './useSoundPlayer';

/** Plays a ring tone once, for whoever is choosing: they have asked for it, so that do-not-disturb does not forbid it. */
export function usePreview(): (tone: RingTone) => void {
  const player = useSoundPlayer('ring');
  return useCallback(
    (tone) => {
      for (const other of RING_TONES) player.stop(other);
      player.play(tone);
    },
    [player],
  );
}
