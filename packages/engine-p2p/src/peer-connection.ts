import type { MediaStreamLike, MediaTrack } from '@parley/client';
import type { StatsReport } from '@parley/client/rtc-stats';
import type { IceServer } from '@parley/protocol';

/**
 * `RTCPeerConnection` as far as it is used: the browser's and react-native-webrtc's both fit, and a test can write its
 * own. Nothing of a platform's types gets past this file.
 */
export interface PeerConnection {
  readonly connectionState: string;
  readonly signalingState: string;
  readonly localDescription: Description | null;
  addTransceiver(kind: 'audio' | 'video', init: { direction: 'sendrecv' }): Transceiver;
  getTransceivers(): readonly Transceiver[];
  createOffer(options: { iceRestart: boolean }): Promise<Description>;
  createAnswer(): Promise<Description>;
  setLocalDescription(description: Description): Promise<void>;
  setRemoteDescription(description: Description): Promise<void>;
  addIceCandidate(candidate: Candidate): Promise<void>;
  setConfiguration(configuration: RTCConfiguration): void;
  getStats(): Promise<StatsReport>;
  createDataChannel(label: string, init: { negotiated: true; id: number }): Channel;
  close(): void;
  addEventListener(type: 'icecandidate', listener: (event: CandidateEvent) => void): void;
  addEventListener(type: 'track', listener: (event: TrackEvent) => void): void;
  addEventListener(type: 'connectionstatechange', listener: () => void): void;
}

export interface Channel {
  readonly readyState: string;
  send(text: string): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

export interface Candidate {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  readonly usernameFragment?: string | null;
}

export interface CandidateEvent {
  readonly candidate: Candidate | null;
}

export interface TrackEvent {
  readonly track: MediaTrack;
}

export interface Transceiver {
  direction: string;
  readonly sender: Sender;
  readonly receiver: { readonly track: MediaTrack };
}

export interface Sender {
  readonly track: MediaTrack | null;
  replaceTrack(track: MediaTrack | null): Promise<void>;
  getParameters(): SendParameters;
  setParameters(parameters: SendParameters): Promise<unknown>;
}

export interface SendParameters {
  encodings?: {
    active?: boolean | undefined;
    maxBitrate?: number | undefined;
    maxFramerate?: number | undefined;
    scaleResolutionDownBy?: number | undefined;
  }[];
  degradationPreference?: string | undefined;
}

/** A `MediaStream` whose tracks can change while a view plays it. */
export interface RemoteStream extends MediaStreamLike {
  addTrack(track: MediaTrack): void;
  removeTrack(track: MediaTrack): void;
}

/** How a path is looked for; as in the credentials, of which newer ones may come while a call lasts. */
export interface Ice {
  readonly iceServers: readonly IceServer[];
  /** Through TURN alone, so that the other side learns no address of this one's (RFC 8828, mode 4). */
  readonly relayOnly: boolean;
}

/** What the engine needs of the machine it runs on; times in milliseconds. */
export interface P2pPlatform {
  connection(ice: Ice): PeerConnection;
  /** One that looks for its own candidates before there is anybody to tell them to; left out where that loses some. */
  connectionAhead?(ice: Ice): PeerConnection;
  /** For the next gathering of candidates; what is gathered and connected stays. */
  reconfigure(connection: PeerConnection, ice: Ice): void;
  stream(): RemoteStream;
  /** A view shows what comes into its stream later. Others have to see it empty first. */
  readonly viewsFollow?: boolean;
  uuid(): string;
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}
