import { useDevices, useDevicesSnapshot } from '@parley/react';
import { useEffect, useState } from 'react';
import { createSoundPlayer } from '../sound/player';
import type { SoundPlayer } from '../sound/types';

/** Plays through the device that was chosen for it, until the component goes. */
export function useSoundPlayer(role: 'speaker' | 'ring'): SoundPlayer {
  const [player] = useState(createSoundPlayer);
  const devices = useDevices();
  const output = useDevicesSnapshot((snapshot) => snapshot[role].chosen);
  useEffect(() => player.setOutput(output, () => devices.outputRefused(role)), [player, devices, role, output]);
  useEffect(() => () => player.stopAll(), [player]);
  return player;
}
