import { useClientSnapshot } from '@parley/react';
import { useEffect, useRef, useState } from 'react';
import { createSoundPlayer } from '../sound/player';

/** Ring tone, ringback, joined and left: what is to be heard follows from the snapshot alone. */
export function CallSounds() {
  const [player] = useState(createSoundPlayer);
  const inCall = useClientSnapshot((client) => client.active !== null);
  const ringing = useClientSnapshot((client) => client.incoming.some((call) => call.audible && !call.answering));
  const waiting = useClientSnapshot(({ active }) => active?.isInitiator === true && active.phase === 'ringing');
  const connected = useClientSnapshot(({ active }) => active?.phase === 'connected');

  useEffect(() => {
    // In a call nothing rings over the voices.
    if (ringing && !inCall) player.play('ring', { loop: true });
    else player.stop('ring');
  }, [player, ringing, inCall]);
  useEffect(() => {
    if (waiting) player.play('ringback', { loop: true });
    else player.stop('ringback');
  }, [player, waiting]);

  const was = useRef(false);
  useEffect(() => {
    if ((connected === true) !== was.current) player.play(connected ? 'joined' : 'left');
    was.current = connected === true;
  }, [player, connected]);
  useEffect(() => () => player.stopAll(), [player]);
  return null;
}
