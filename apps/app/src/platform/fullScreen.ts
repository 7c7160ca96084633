import type { Switch } from './types';

/** The whole page, so that what lies over the call stays to be seen. Null where the browser has no full screen (iPhone). */
export const fullScreen: Switch | null =
  typeof document === 'undefined' || !document.fullscreenEnabled
    ? null
    : {
        isOn: () => document.fullscreenElement !== null,
        set: (on) => {
          if (on === (document.fullscreenElement !== null)) return;
          // Refused without a gesture: then all stays as it is.
          void (on ? document.documentElement.requestFullscreen() : document.exitFullscreen()).catch(() => undefined);
        },
        onChange: (listener) => {
          document.addEventListener('fullscreenchange', listener);
          return () => document.removeEventListener('fullscreenchange', listener);
        },
      };
