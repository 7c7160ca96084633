import { useActiveCall, useClientSnapshot, useDevices, useDevicesSnapshot } from '@parley/react';
import { useEffect, useRef, useState } from 'react';
import { RemoteAudio } from '../media/RemoteAudio';
import { setSoundBlocked, useSoundAttempt } from './callSound';
import { playersOf } from './playersOf';

/**
 * Plays everybody with whom one is in a call, whatever page is looked at. Players are there while it still rings, with sounds that are
 * silent until the accept: what comes after it is heard without waiting for a screen to be drawn.
 */
export function CallSound() {
  const call = useActiveCall();
  const ahead = useClientSnapshot((client) => client.soundsAhead);
  const devices = useDevices();
  const output = useDevicesSnapshot(({ speaker }) => speaker.chosen);
  const attempt = useSoundAttempt();
  const known = useRef<ReadonlyMap<string, string>>(new Map());
  const players = playersOf(call?.people ?? [], ahead, known.current);
  const [blocked, setBlocked] = useState<ReadonlySet<string>>(new Set());
  const note = (key: string, is: boolean) =>
    setBlocked((before) => {
      if (before.has(key) === is) return before;
      const after = new Set(before);
      if (is) after.add(key);
      else after.delete(key);
      return after;
    });
  useEffect(() => {
    known.current = new Map(players.flatMap(({ userId, key, taking }) => (taking ? [[userId, key]] : [])));
  });
  // While it rings nothing is to be heard: nobody has to be told that nothing could be.
  const isSilenced = players.some(({ key, taking }) => taking && blocked.has(key));
  useEffect(() => setSoundBlocked(isSilenced), [isSilenced]);
  return players.map(({ key, stream, taking }) => (
    <RemoteAudio
      key={key}
      stream={stream}
      // The tap that accepts is the gesture that a browser may have wanted.
      attempt={taking ? attempt + 1 : 0}
      output={output}
      onOutputRefused={() => devices.outputRefused('speaker')}
      onBlocked={() => note(key, true)}
      onPlaying={() => note(key, false)}
    />
  ));
}
