import { isGroupType } from '@parley/domain';
import { useClientSnapshot } from '@parley/react';
import { useEffect, useRef } from 'react';
import { useRingToneChoice } from './preferences';
import { useSilence } from './useSilence';
import { useSoundPlayer } from './useSoundPlayer';

/**
 * Ring tone, ringback, joined and left: what is to be heard follows from the snapshot alone, and is nothing while the person is
 * not to be disturbed.
 */
export function CallSounds() {
  const player = useSoundPlayer('speaker');
  const ringer = useSoundPlayer('ring');
  const tone = useRingToneChoice().preference;
  const silence = useSilence();
  const quiet = useClientSnapshot((client) => client.doNotDisturb);
  const inCall = useClientSnapshot((client) => client.active !== null);
  const ringing = useClientSnapshot((client) => client.incoming.some((call) => call.audible && !call.answering));
  const waiting = useClientSnapshot(({ active }) => active?.isInitiator === true && active.phase === 'ringing');
  const connected = useClientSnapshot(({ active }) => active?.phase === 'connected');

  // In a call nothing rings over the voices.
  const rings = ringing && !inCall && silence === null;
  useEffect(() => {
    if (!rings) return;
    ringer.play(tone, { loop: true });
    return () => ringer.stop(tone);
  }, [ringer, tone, rings]);
  const ringsBack = waiting && !quiet;
  useEffect(() => {
    if (ringsBack) player.play('ringback', { loop: true });
    else player.stop('ringback');
  }, [player, ringsBack]);

  // Of a group: somebody came, or somebody went.
  const others = useClientSnapshot(({ active }) =>
    active !== null && isGroupType(active.callType) ? active.people.length : null,
  );
  const had = useRef(others);
  useEffect(() => {
    const before = had.current;
    had.current = others;
    if (before === null || others === null || before === others || quiet) return;
    player.play(others > before ? 'joined' : 'left');
  }, [player, others, quiet]);

  const was = useRef(false);
  useEffect(() => {
    if ((connected === true) !== was.current && !quiet) player.play(connected ? 'joined' : 'left');
    was.current = connected === true;
  }, [player, connected, quiet]);
  return null;
}
