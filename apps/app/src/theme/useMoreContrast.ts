import { useSyncExternalStore } from 'react';
import { isWeb } from '../ui/web';

const query = isWeb ? globalThis.matchMedia?.('(prefers-contrast: more)') : undefined;

/** True where the person has asked the system for more contrast. Browsers alone tell of it. */
export const useMoreContrast = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      query?.addEventListener('change', listener);
      return () => query?.removeEventListener('change', listener);
    },
    () => query?.matches === true,
    () => false,
  );
