import joined from '../../assets/sounds/joined.wav';
import left from '../../assets/sounds/left.wav';
import ring from '../../assets/sounds/ring.wav';
import ringback from '../../assets/sounds/ringback.wav';
import type { SoundName } from './types';

export const soundFiles: Readonly<Record<SoundName, number>> = { ring, ringback, joined, left };
