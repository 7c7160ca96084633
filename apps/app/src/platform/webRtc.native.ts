import { registerGlobals } from '@livekit/react-native-webrtc';
import { getRandomValues, randomUUID } from 'expo-crypto';
import { PixelRatio, Platform } from 'react-native';

/**
 * What livekit-client takes from a browser's globals: WebRTC, and what `registerGlobals` of `@livekit/react-native` adds to it as far as
 * Hermes and Expo do not bring it themselves (they have `URL`, `TextDecoder`, streams and async iteration). To be called before its
 * code is loaded, which looks at them as it comes in. Without that package there is nothing that manages the audio session of iOS
 * beside the way of the sound that this app sets itself (`soundRoute`).
 */
export function registerWebRtc(): void {
  registerGlobals();
  const { crypto, navigator } = globalThis as Partial<Pick<typeof globalThis, 'crypto' | 'navigator'>>;
  if (typeof crypto?.randomUUID !== 'function') put(globalThis, 'crypto', { randomUUID, getRandomValues });
  // webrtc-adapter asks of which browser it is.
  if (navigator !== undefined && navigator.userAgent === undefined) put(navigator, 'userAgent', 'ReactNative');
  put(globalThis, 'LiveKitReactNativeGlobal', { platform: Platform.OS, devicePixelRatio: PixelRatio.get() });
}

function put(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}
