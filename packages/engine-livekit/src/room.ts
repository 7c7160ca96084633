import type { MediaEndReason, MediaStreamLike, MediaTrack, TrackSource, VideoQuality } from '@parley/client';
import type { StatsReport } from '@parley/client/rtc-stats';

/**
 * A room of the SFU as far as it is used. Nothing of the SDK's types gets past this file, and a test can write its own room.
 * A room is entered once: whoever has left makes a new one.
 */
export interface SfuRoom {
  /**
   * @param everything what others send comes unasked, until `receive` says otherwise; to whoever may not receive yet, once they may
   * @throws RoomRefusal; any other error says that the server cannot be reached now.
   */
  enter(url: string, token: string, everything: boolean): Promise<void>;
  /** Tracks are not stopped. Says nothing afterwards. */
  close(): Promise<void>;
  people(): readonly SfuPerson[];
  mayReceive(): boolean;
  maySend(source: TrackSource): boolean;
  /** @throws where it is not allowed, or the connection breaks meanwhile. */
  publish(source: TrackSource, track: MediaTrack, muted: boolean): Promise<Outgoing>;
  /** The network has changed, or nothing comes any more: its path is mended now, and not once it is found to be broken. */
  mend(): void;
  /** Of its peer connections. */
  stats(): Promise<readonly StatsReport[]>;
}

export interface SfuPerson {
  readonly identity: string;
  readonly publications: readonly Incoming[];
}

/** What this side sends of one source. */
export interface Outgoing {
  /** False once the server has taken it away. */
  readonly alive: boolean;
  replace(track: MediaTrack): Promise<void>;
  mute(muted: boolean): Promise<void>;
  unpublish(): Promise<void>;
}

/** What somebody else sends of one source. */
export interface Incoming {
  readonly id: string;
  readonly source: TrackSource;
  readonly muted: boolean;
  /** Null while it is not received. */
  readonly track: MediaTrack | null;
  /** `none` lets it go; `off` keeps the place, and nothing comes. Sound knows only `none` and the rest. */
  receive(want: Want): void;
  /** Of sound a packet, of a picture a frame. */
  arrived(): Promise<boolean>;
}

export type Want = 'none' | VideoQuality;

export interface RoomHandlers {
  /** The server has let this side in: what it sends can be published from here on, while the path is still being found. */
  letIn(): void;
  /** The SDK mends what breaks by itself. */
  path(path: 'up' | 'broken'): void;
  /** The SDK has given up, or was put out. Null: nobody meant it, it can be tried again. */
  left(reason: MediaEndReason | null): void;
  /** People, what they send, or what this side may do. */
  changed(): void;
  /** The loudest first. */
  speakers(identities: readonly string[]): void;
  quality(identity: string, quality: 'excellent' | 'good' | 'poor' | 'lost'): void;
  /** Muted, and not by this side. */
  silenced(source: TrackSource): void;
}

/** The server does not let this side in. */
export class RoomRefusal extends Error {
  override readonly name = 'RoomRefusal';
  readonly reason: MediaEndReason;

  constructor(reason: MediaEndReason, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** A `MediaStream` whose tracks can change while a view plays it. */
export interface RemoteStream extends MediaStreamLike {
  addTrack(track: MediaTrack): void;
  removeTrack(track: MediaTrack): void;
}

/** What the engine needs of the machine it runs on; times in milliseconds. */
export interface LiveKitPlatform {
  room(handlers: RoomHandlers): SfuRoom;
  stream(): RemoteStream;
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}
