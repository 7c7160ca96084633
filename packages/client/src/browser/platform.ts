import type { DeviceType } from '@parley/protocol';
import type { EngineFactories } from '../media/call-media.ts';
import type { ParleyClientOptions } from '../options.ts';
import type { Clock, Hints, Ids } from '../ports/platform.ts';
import { webSocketConnector } from '../ports/socket.ts';
import { browserCapture } from './capture.ts';
import { browserDevices } from './devices.ts';
import { browserLevelMeter } from './level-meter.ts';
import { webLocks } from './locks.ts';
import { type NetworkInformation, onNetworkChange } from './network-hints.ts';
import { webStorage } from './storage.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
  clearTimeout: (handle) => globalThis.clearTimeout(handle as Parameters<typeof globalThis.clearTimeout>[0]),
};

/** `crypto.randomUUID` exists in secure contexts only; random values are there everywhere. */
export const cryptoIds: Ids = {
  uuid() {
    if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    // RFC 9562 §5.4: version 4, variant 10.
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  },
};

export const browserHints: Hints = {
  onVisible(listener) {
    const heard = () => {
      if (document.visibilityState === 'visible') listener();
    };
    document.addEventListener('visibilitychange', heard);
    globalThis.addEventListener('pageshow', heard);
    return () => {
      document.removeEventListener('visibilitychange', heard);
      globalThis.removeEventListener('pageshow', heard);
    };
  },
  onHidden(listener) {
    // `pagehide` for pages that are left, and the other for those whose browser is put away: neither comes always.
    const heard = () => {
      if (document.visibilityState === 'hidden') listener();
    };
    document.addEventListener('visibilitychange', heard);
    globalThis.addEventListener('pagehide', listener);
    return () => {
      document.removeEventListener('visibilitychange', heard);
      globalThis.removeEventListener('pagehide', listener);
    };
  },
  onLeave(listener) {
    globalThis.addEventListener('pagehide', listener);
    return () => globalThis.removeEventListener('pagehide', listener);
  },
  onNetwork(listener) {
    const { connection } = navigator as Navigator & { readonly connection?: NetworkInformation };
    return onNetworkChange(globalThis, connection, systemClock.now, () => navigator.onLine !== false, listener);
  },
};

/** Tablets that ask for the pages of a desktop say so too: they have a touch screen, and no Macintosh has. */
function deviceType({ userAgent, maxTouchPoints }: Navigator): DeviceType {
  const mobile = /Mobi|Android/i.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  return mobile ? 'web-mobile' : 'web-desktop';
}

/** Everything that a client needs of a browser, for the server at `baseUrl`. */
export function browserOptions(options: { baseUrl: string; engines: EngineFactories }): ParleyClientOptions {
  return {
    ...options,
    fetch: (input, init) => globalThis.fetch(input, init),
    socket: webSocketConnector(globalThis.WebSocket),
    storage: webStorage(() => globalThis.localStorage),
    instanceStorage: webStorage(() => globalThis.sessionStorage),
    locks: webLocks((navigator as Navigator & { readonly locks?: LockManager }).locks),
    clock: systemClock,
    ids: cryptoIds,
    random: Math.random,
    capture: browserCapture(navigator),
    devices: browserDevices(navigator),
    levels: browserLevelMeter(),
    hints: browserHints,
    deviceType: deviceType(navigator),
  };
}
