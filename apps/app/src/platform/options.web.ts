import { DeferredEngine, type ParleyClientOptions } from '@parley/client';
import { browserOptions, cryptoIds } from '@parley/client/browser';
import { LIVEKIT_CAPABILITIES } from '@parley/engine-livekit/capabilities';
import { P2P_CAPABILITIES } from '@parley/engine-p2p/capabilities';

/** The page's own server. */
export const serverUrl = (): string => globalThis.location.origin;

export function clientOptions(): ParleyClientOptions {
  const { RTCPeerConnection, MediaStream } = globalThis;
  return browserOptions({
    baseUrl: serverUrl(),
    engines: {
      p2p: (signalling) =>
        new DeferredEngine(P2P_CAPABILITIES, async () => {
          const { P2pEngine, webRtcPlatform } = await import('../chunks/engine');
          return new P2pEngine(signalling, webRtcPlatform({ RTCPeerConnection, MediaStream }, cryptoIds.uuid));
        }),
      livekit: () =>
        new DeferredEngine(LIVEKIT_CAPABILITIES, async () => {
          const { browserLiveKit, LiveKitEngine } = await import('../chunks/livekit');
          return new LiveKitEngine(browserLiveKit());
        }),
    },
  });
}
