import { useState } from 'react';
import { RemoteAudio } from '../../media/RemoteAudio';
import type { PersonOnStage } from '../snapshots';

export interface SoundOptions {
  /** The device that plays the others; null: the system's default. */
  readonly speaker: string | null;
  readonly onOutputRefused: () => void;
}

/** What a screen says of the sound: whether the browser wants a gesture before it plays, and what is to be done with it. */
export interface SoundState {
  readonly blocked: boolean;
  readonly retry: () => void;
}

export const AUDIBLE: SoundState = { blocked: false, retry: () => undefined };

/**
 * Plays everybody's sound; knows whether the browser lets it. The players belong beside the screens of a call, not into one of
 * them: where a call of two becomes a group, each goes on.
 */
export function useSound(others: readonly Pick<PersonOnStage, 'id' | 'stream'>[], options: SoundOptions) {
  const { onOutputRefused, speaker } = options;
  const [blocked, setBlocked] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const players = others.map((person) => (
    <RemoteAudio
      key={person.id}
      stream={person.stream}
      attempt={attempt}
      output={speaker}
      onOutputRefused={onOutputRefused}
      onBlocked={() => setBlocked(true)}
      onPlaying={() => setBlocked(false)}
    />
  ));
  return { players, blocked, retry: () => setAttempt((n) => n + 1) };
}
