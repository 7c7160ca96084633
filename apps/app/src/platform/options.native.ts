import { MediaStream, RTCPeerConnection } from '@livekit/react-native-webrtc';
import {
  DeferredEngine,
  type KeyValueStore,
  type ParleyClientOptions,
  soloLocks,
  webSocketConnector,
} from '@parley/client';
import { LIVEKIT_CAPABILITIES } from '@parley/engine-livekit/capabilities';
import { P2pEngine, webRtcPlatform } from '@parley/engine-p2p';
import { randomUUID } from 'expo-crypto';
import { deleteItemAsync, getItemAsync, setItemAsync } from 'expo-secure-store';
import { AppState, Platform } from 'react-native';
import { nativeCapture } from './capture.native';
import { nativeDevices } from './devices.native';
import { registerWebRtc } from './webRtc.native';

/** Where the server is: given to the build, since an app has no address of its own. */
export const serverUrl = (): string => process.env.EXPO_PUBLIC_PARLEY_URL ?? 'http://localhost:3000';

const secureStore: KeyValueStore = {
  get: getItemAsync,
  set: setItemAsync,
  remove: deleteItemAsync,
  onChange: () => () => undefined,
};

export function clientOptions(): ParleyClientOptions {
  registerWebRtc();
  return {
    baseUrl: serverUrl(),
    fetch: (input, init) => fetch(input, init),
    socket: webSocketConnector(WebSocket),
    storage: secureStore,
    instanceStorage: null,
    locks: soloLocks(),
    clock: {
      now: () => Date.now(),
      setTimeout: (run, ms) => setTimeout(run, ms),
      clearTimeout: (handle) => clearTimeout(handle as Parameters<typeof clearTimeout>[0]),
    },
    ids: { uuid: randomUUID },
    random: Math.random,
    capture: nativeCapture,
    devices: nativeDevices,
    // There is nothing that measures a track of one's own before it is sent.
    levels: null,
    hints: {
      onVisible(listener) {
        const subscription = AppState.addEventListener('change', (state) => {
          if (state === 'active') listener();
        });
        return () => subscription.remove();
      },
      onHidden(listener) {
        const subscription = AppState.addEventListener('change', (state) => {
          if (state === 'background') listener();
        });
        return () => subscription.remove();
      },
      onLeave: () => () => undefined,
      // The socket's own end is the only sign of a changed network that is at hand here.
      onNetwork: () => () => undefined,
    },
    deviceType: Platform.OS === 'ios' ? 'ios' : 'android',
    engines: {
      p2p: (signalling) => new P2pEngine(signalling, webRtcPlatform({ RTCPeerConnection, MediaStream }, randomUUID)),
      livekit: () =>
        new DeferredEngine(LIVEKIT_CAPABILITIES, async () => {
          const { browserLiveKit, LiveKitEngine } = await import('../chunks/livekit');
          return new LiveKitEngine(browserLiveKit());
        }),
    },
  };
}
