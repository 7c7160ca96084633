import { useSyncExternalStore } from 'react';
import type { SoundState } from '../screens/call/sound';

/** Raised by a press: what the browser did not let play is tried again. */
let attempt = 0;
let blocked = false;
const listeners = new Set<() => void>();

function tell(): void {
  state = { blocked, retry };
  for (const listener of [...listeners]) listener();
}

function retry(): void {
  attempt += 1;
  tell();
}

let state: SoundState = { blocked, retry };

export function setSoundBlocked(is: boolean): void {
  if (blocked === is) return;
  blocked = is;
  tell();
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

export const useSoundAttempt = (): number =>
  useSyncExternalStore(
    subscribe,
    () => attempt,
    () => attempt,
  );
