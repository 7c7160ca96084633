import joined from '../../assets/sounds/joined.wav';
import left from '../../assets/sounds/left.wav';
import ring from '../../assets/sounds/ring.wav';
import ringDrops from '../../assets/sounds/ring-drops.wav';
import ringWarm from '../../assets/sounds/ring-warm.wav';
import ringback from '../../assets/sounds/ringback.wav';
import test from '../../assets/sounds/test.wav';
import type { SoundName } from './types';

export const soundFiles: Readonly<Record<SoundName, number>> = {
  ring,
  'ring-warm': ringWarm,
  'ring-drops': ringDrops,
  ringback,
  joined,
  left,
  test,
};
