import { type ConnectionsAhead, DeferredEngine, type EngineFactories } from '@parley/client';
import { cryptoIds } from '@parley/client/browser';
import { P2P_CAPABILITIES } from '@parley/engine-p2p/capabilities';

/** Engine of calls between devices, and the connection that is made ahead of one. Their code comes later than the page. */
export function directCalls(): {
  readonly engine: NonNullable<EngineFactories['p2p']>;
  readonly ahead: ConnectionsAhead;
} {
  const { RTCPeerConnection, MediaStream } = globalThis;
  // Chromium shows a page its own addresses once the microphone is allowed; others, or not at all, only while it is open.
  const gathersAhead = 'userAgentData' in navigator;
  let coming: ReturnType<typeof load> | null = null;
  const load = async () => {
    const { P2pEngine, PreparedConnections, webRtcPlatform } = await import('../chunks/engine');
    const connections = new PreparedConnections(
      webRtcPlatform({ RTCPeerConnection, MediaStream }, cryptoIds.uuid, { gathersAhead, viewsFollow: true }),
    );
    return { P2pEngine, connections };
  };
  const part = () => {
    coming ??= load().catch((error: unknown) => {
      coming = null;
      throw error;
    });
    return coming;
  };
  let wanted: Parameters<ConnectionsAhead['prepare']>[0] | null = null;
  return {
    engine: (signalling) =>
      new DeferredEngine(P2P_CAPABILITIES, async () => {
        const { P2pEngine, connections } = await part();
        return new P2pEngine(signalling, connections.platform);
      }),
    ahead: {
      prepare(ice) {
        wanted = ice;
        part().then(
          ({ connections }) => {
            if (wanted === ice) connections.prepare(ice);
          },
          () => undefined,
        );
      },
      release() {
        wanted = null;
        coming?.then(({ connections }) => connections.release()).catch(() => undefined);
      },
    },
  };
}
