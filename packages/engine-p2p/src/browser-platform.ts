import type { IceServer } from '@parley/protocol';
import type { Ice, P2pPlatform, PeerConnection, RemoteStream } from './peer-connection.ts';

interface WebRtc {
  // The shapes differ in what this engine never touches; `PeerConnection` says what it does touch.
  readonly RTCPeerConnection: new (
    configuration: RTCConfiguration,
  ) => unknown;
  readonly MediaStream: new () => unknown;
}

interface Traits {
  /**
   * Whether a connection that is made ahead may gather candidates with the addresses that it would have in a call. Not in Safari, which
   * hides them until the page captures. By default it may not.
   */
  readonly gathersAhead?: boolean;
  /** Whether a view shows the tracks that come into its stream later: a browser's do. By default it does not. */
  readonly viewsFollow?: boolean;
}

/** One description's worth: all media of a connection share one transport (`max-bundle`). */
const POOL = 1;

/** The browser's own WebRTC, or another of the same shape (react-native-webrtc). */
export function webRtcPlatform(
  { RTCPeerConnection, MediaStream }: WebRtc,
  uuid: () => string,
  { gathersAhead = false, viewsFollow = false }: Traits = {},
): P2pPlatform {
  /** Their pool may not change any more, so that each configuration has to name it. */
  const pooled = new WeakSet<PeerConnection>();
  return {
    connection: (ice) => new RTCPeerConnection(configurationOf(ice)) as PeerConnection,
    ...(gathersAhead
      ? {
          connectionAhead: (ice: Ice) => {
            const configuration = { ...configurationOf(ice), iceCandidatePoolSize: POOL };
            const connection = new RTCPeerConnection(configuration) as PeerConnection;
            pooled.add(connection);
            return connection;
          },
        }
      : {}),
    reconfigure: (connection, ice) =>
      connection.setConfiguration({
        ...configurationOf(ice),
        ...(pooled.has(connection) ? { iceCandidatePoolSize: POOL } : {}),
      }),
    stream: () => new MediaStream() as RemoteStream,
    viewsFollow,
    uuid,
    now: () => Date.now(),
    setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
    clearTimeout: (handle) => globalThis.clearTimeout(handle as Parameters<typeof globalThis.clearTimeout>[0]),
  };
}

/**
 * A configuration replaces the whole of the one before: without its policy, newer servers would show a relayed caller's
 * addresses; and one that names another bundle policy (or none) is refused.
 */
const configurationOf = ({ iceServers, relayOnly }: Ice): RTCConfiguration => ({
  iceServers: iceServers.map(plain),
  iceTransportPolicy: relayOnly ? 'relay' : 'all',
  bundlePolicy: 'max-bundle',
});

/** Browsers refuse a field that is there but undefined. */
const plain = ({ urls, username, credential }: IceServer): RTCIceServer => ({
  urls,
  ...(username === undefined ? {} : { username }),
  ...(credential === undefined ? {} : { credential }),
});
