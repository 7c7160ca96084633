import { useState } from 'react';
import { RemoteAudio } from '../../media/RemoteAudio';
import type { PersonOnStage } from '../snapshots';

export interface SoundOptions {
  /** The browser wants a gesture before it plays. */
  readonly onSoundBlocked?: (() => void) | undefined;
  /** The device that plays the others; null: the system's default. */
  readonly speaker?: string | null;
  readonly onOutputRefused?: (() => void) | undefined;
}

/** Plays everybody's sound; knows whether the browser lets it. */
export function useSound(others: readonly PersonOnStage[], options: SoundOptions) {
  const { onSoundBlocked, onOutputRefused, speaker = null } = options;
  const [blocked, setBlocked] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const players = others.map((person) => (
    <RemoteAudio
      key={person.id}
      stream={person.stream}
      attempt={attempt}
      output={speaker}
      onOutputRefused={() => onOutputRefused?.()}
      onBlocked={() => {
        setBlocked(true);
        onSoundBlocked?.();
      }}
      onPlaying={() => setBlocked(false)}
    />
  ));
  return { players, blocked, retry: () => setAttempt((n) => n + 1) };
}
