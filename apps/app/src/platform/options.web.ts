import type { ParleyClientOptions } from '@parley/client';
import { browserOptions, cryptoIds } from '@parley/client/browser';
import { P2pEngine, webRtcPlatform } from '@parley/engine-p2p';

/** The page's own server. */
export const serverUrl = (): string => globalThis.location.origin;

export function clientOptions(): ParleyClientOptions {
  const { RTCPeerConnection, MediaStream } = globalThis;
  return browserOptions({
    baseUrl: serverUrl(),
    engines: {
      p2p: (signalling) =>
        new P2pEngine(signalling, webRtcPlatform({ RTCPeerConnection, MediaStream }, cryptoIds.uuid)),
    },
  });
}
