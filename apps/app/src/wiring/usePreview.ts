import { useCallback, useEffect, useState } from 'react';
import { createSoundPlayer } from '../sound/player';
import { RING_TONES, type RingTone } from '../sound/types';

/** Plays a ring tone once, for whoever is choosing: they have asked for it, so that do-not-disturb does not forbid it. */
export function usePreview(): (tone: RingTone) => void {
  const [player] = useState(createSoundPlayer);
  useEffect(() => () => player.stopAll(), [player]);
  return useCallback(
    (tone) => {
      for (const other of RING_TONES) player.stop(other);
      player.play(tone);
    },
    [player],
  );
}
