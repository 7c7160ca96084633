import type { ConnectionQuality, MediaEngineName, UserId } from '@parley/domain';
import type { MediaCredentials } from '@parley/protocol';

/**
 * A track as an engine sees it: the browser's `MediaStreamTrack`, or react-native-webrtc's of the same shape.
 * The port asks only for what is used.
 */
export interface MediaTrack {
  readonly id: string;
  readonly kind: string;
}

export type VideoQuality = 'off' | 'low' | 'high';
/** `screen_audio`: what is heard with a shared screen, where the platform gives it. */
export type TrackSource = 'microphone' | 'camera' | 'screen' | 'screen_audio';
/** What is seen of a person. */
export type PictureSource = 'camera' | 'screen';

/**
 * Why an engine has given up for good: it was put out of the room, the room is closed, another copy of the same device came in,
 * or the credentials were refused. Newer credentials (`renew`) let it begin again, but not against its own other copy.
 */
export type MediaEndReason = 'removed' | 'room_closed' | 'duplicate_identity' | 'token_refused';

/** `reconnecting`: the path broke and is being mended; `failed`: the engine has given up. */
export type MediaConnectionState = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'failed' | 'closed';

/** What an engine cannot do, it declares; the contract suite holds it to the declaration. */
export interface EngineCapabilities {
  readonly name: MediaEngineName;
  /** False where the SDK captures by itself (Agora's native one): LocalMedia then keeps its hands off. */
  readonly attachesTracks: boolean;
  readonly videoQuality: boolean;
  readonly activeSpeakers: boolean;
  readonly screenShare: boolean;
  /** `server`: the path leads to a server, and is up though nobody else is there. */
  readonly meets: 'peers' | 'server';
  readonly protection: 'end_to_end' | 'to_server';
}

export interface RemoteMedia {
  readonly userId: UserId;
  /** Null while none has arrived. The stream object of a participant stays the same as long as the source lives. */
  readonly stream: MediaStreamLike | null;
  readonly screen: MediaStreamLike | null;
}

/** What a view needs to play: a `MediaStream` of the platform. */
export interface MediaStreamLike {
  readonly id: string;
  getTracks(): readonly MediaTrack[];
}

/** Of a call that is too large to have all its people named: everybody but those who are known to take no part yet. */
export type Admitted = { readonly only: readonly UserId[] } | { readonly except: readonly UserId[] };

/** The network that a device uses, as far as the platform tells. */
export type LocalNetwork = 'wifi' | 'cellular' | 'ethernet' | 'unknown';

/** Figures of the interval since the last look; null where the platform does not say. */
export interface MediaStats {
  readonly roundTripMs: number | null;
  /** Of the sound that comes in. */
  readonly jitterMs: number | null;
  /** Of what comes in; 0–100, as all shares here. */
  readonly packetLossPercent: number | null;
  /** Of what goes out, as the other side tells it. */
  readonly sentLossPercent: number | null;
  /** What comes in. */
  readonly bitrateKbps: number | null;
  readonly sentBitrateKbps: number | null;
  /** What the path is thought to carry from here. */
  readonly availableKbps: number | null;
  /** How often a picture stood still, and for how long altogether. */
  readonly freezes: number | null;
  readonly freezeMs: number | null;
  /** Share of the sound that had to be made up because it did not come in time. */
  readonly concealedPercent: number | null;
  readonly path: 'direct' | 'relay' | 'server' | null;
  /** Through which of its networks this device sends. */
  readonly network: LocalNetwork | null;
  readonly audioCodec: string | null;
  readonly videoCodec: string | null;
}

export interface MediaEngineEvents {
  state(state: MediaConnectionState): void;
  /** Media of the remote person flows in both directions as far as this engine can tell (packets have been received). */
  flowing(userId: UserId): void;
  remote(media: readonly RemoteMedia[]): void;
  /** The loudest first. */
  speakers(userIds: readonly UserId[]): void;
  /** How that person's connection is, as far as it is known here; `lost` while nothing comes from them. */
  quality(userId: UserId, quality: ConnectionQuality | 'lost'): void;
  /** Somebody who may has muted this source from afar. */
  silenced(source: TrackSource): void;
  /** What was attached as this source is on its way to a server for the first time; of engines that meet there. */
  sent(source: TrackSource): void;
  /** Said once, before the state becomes `failed`. */
  ended(reason: MediaEndReason): void;
}

export interface EngineContext {
  readonly selfId: UserId;
  readonly credentials: MediaCredentials;
  readonly epoch: number;
}

/** A way to carry media. An engine attaches tracks and never captures by itself. */
export interface MediaEngine {
  readonly capabilities: EngineCapabilities;
  connect(context: EngineContext): Promise<void>;
  /**
   * Newer credentials of the same call, before the old ones run out: whatever path is made or mended from now on uses
   * them. What is connected stays as it is. Does nothing before `connect` and after `close`.
   */
  renew(credentials: MediaCredentials): Promise<void>;
  /** Puts a track in the place of a source; null takes it away. Does not renegotiate where that can be avoided. */
  attach(source: TrackSource, track: MediaTrack | null): Promise<void>;
  /** The track stays in its place and sends nothing worth hearing; engines that can say so to the other side. */
  setMuted(source: TrackSource, muted: boolean): void;
  /**
   * Who takes part, by the ledger. A room may hold others too, who were let in ahead of their accept: of them nothing is received.
   * Until it is told, an engine takes whoever is there.
   */
  admit(whom: Admitted): void;
  /**
   * Also of somebody who is not there yet; null: of everybody of whom nothing else was said. Until then a camera comes at `low`
   * and a screen at `high`. Refused (a
   * rejected promise with code `unsupported`) where the capability is declared absent.
   */
  setVideoQuality(userId: UserId | null, quality: VideoQuality, of?: PictureSource): Promise<void>;
  /** A hint that the network has changed: mend the path at once. */
  networkChanged(): void;
  stats(): Promise<MediaStats>;
  /** Idempotent. Attached tracks are not stopped: whoever captured them does that. */
  close(): Promise<void>;
  on<E extends keyof MediaEngineEvents>(event: E, listener: MediaEngineEvents[E]): () => void;
}
