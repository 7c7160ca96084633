import { DeferredEngine, type ParleyClientOptions } from '@parley/client';
import { browserOptions } from '@parley/client/browser';
import { LIVEKIT_CAPABILITIES } from '@parley/engine-livekit/capabilities';
import { directCalls } from './directCalls.web';

/** The page's own server. */
export const serverUrl = (): string => globalThis.location.origin;

export function clientOptions(): ParleyClientOptions {
  const { engine, ahead } = directCalls();
  return {
    ...browserOptions({
      baseUrl: serverUrl(),
      engines: {
        p2p: engine,
        livekit: () =>
          new DeferredEngine(LIVEKIT_CAPABILITIES, async () => {
            const { browserLiveKit, LiveKitEngine } = await import('../chunks/livekit');
            return new LiveKitEngine(browserLiveKit());
          }),
      },
    }),
    connectionsAhead: ahead,
  };
}
