import { useSyncExternalStore } from 'react';
import type { SoundState } from '../screens/call/sound';

const listeners = new Set<() => void>();
const retries = new Set<() => void>();

function retry(): void {
  for (const again of [...retries]) again();
}

let state: SoundState = { blocked: false, retry };

export function setSoundBlocked(blocked: boolean): void {
  if (state.blocked === blocked) return;
  state = { blocked, retry };
  for (const listener of [...listeners]) listener();
}

/** Somebody has pressed so that what was blocked may play. */
export function onSoundRetry(listener: () => void): () => void {
  retries.add(listener);
  return () => retries.delete(listener);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the browser wants a gesture before it plays the others, and what a press does about it. */
export const useCallSound = (): SoundState =>
  useSyncExternalStore(
    subscribe,
    () => state,
    () => state,
  );
