import { useState } from 'react';
import { RemoteAudio } from '../../media/RemoteAudio';
import type { PersonOnStage } from '../snapshots';

/** Plays everybody's sound; knows whether the browser lets it. */
export function useSound(others: readonly PersonOnStage[], onSoundBlocked: (() => void) | undefined) {
  const [blocked, setBlocked] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const players = others.map((person) => (
    <RemoteAudio
      key={person.id}
      stream={person.stream}
      attempt={attempt}
      onBlocked={() => {
        setBlocked(true);
        onSoundBlocked?.();
      }}
      onPlaying={() => setBlocked(false)}
    />
  ));
  return { players, blocked, retry: () => setAttempt((n) => n + 1) };
}
