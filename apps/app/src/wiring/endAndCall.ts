import { useSyncExternalStore } from 'react';

/** A call that somebody wants to place while they are in another one: they are asked first. */
export interface WantedCall {
  readonly begin: () => void;
}

let wanted: WantedCall | null = null;
const listeners = new Set<() => void>();

function set(next: WantedCall | null): void {
  wanted = next;
  for (const listener of [...listeners]) listener();
}

export const askToEnd = (begin: () => void): void => set({ begin });
export const doNotAsk = (): void => set(null);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const read = () => wanted;

export const useWantedCall = (): WantedCall | null => useSyncExternalStore(subscribe, read, read);
