import { useSyncExternalStore } from 'react';

const subscribe = (listener: () => void): (() => void) => {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
};
const isVisible = (): boolean => document.visibilityState === 'visible';

/** Whether the page can be seen: a tab in the background cannot. */
export const useInView = (): boolean => useSyncExternalStore(subscribe, isVisible);
