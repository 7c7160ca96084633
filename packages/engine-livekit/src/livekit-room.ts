import type { MediaEndReason, MediaTrack, TrackSource } from '@parley/client';
import type { StatsReport } from '@parley/client/rtc-stats';
import { audioHasArrived, pictureHasArrived } from '@parley/client/rtc-stats';
import {
  ConnectionError,
  ConnectionErrorReason,
  ConnectionQuality,
  ConnectionState,
  DisconnectReason,
  LocalAudioTrack,
  type LocalTrack,
  LocalVideoTrack,
  type RemoteTrackPublication,
  Room,
  RoomEvent,
  Track,
  type TrackPublication,
  type TrackPublishOptions,
  VideoPreset,
  VideoQuality,
} from 'livekit-client';
import { Pauses } from './pauses.ts';
import type { Incoming, Outgoing, RoomHandlers, SfuPerson, SfuRoom, Want } from './room.ts';
import { RoomRefusal } from './room.ts';

const SOURCES: Readonly<Record<TrackSource, Track.Source>> = {
  microphone: Track.Source.Microphone,
  camera: Track.Source.Camera,
  screen: Track.Source.ScreenShare,
  screen_audio: Track.Source.ScreenShareAudio,
};
const sourceOf = (source: Track.Source): TrackSource | null =>
  (Object.keys(SOURCES) as TrackSource[]).find((name) => SOURCES[name] === source) ?? null;

/** A thumbnail, a tile, the speaker: each viewer is sent one of them. */
const LAYERS = [new VideoPreset(320, 180, 150_000, 15), new VideoPreset(640, 360, 450_000, 25)];
const PUBLISH: Readonly<Record<TrackSource, TrackPublishOptions>> = {
  microphone: { dtx: true, red: true },
  camera: {
    simulcast: true,
    videoCodec: 'vp8',
    backupCodec: false,
    videoEncoding: { maxBitrate: 1_500_000, maxFramerate: 30 },
    videoSimulcastLayers: LAYERS,
  },
  // What is written on a screen is read: sharp at few frames. The second layer is for thumbnails.
  screen: {
    simulcast: true,
    videoCodec: 'vp8',
    backupCodec: false,
    screenShareEncoding: { maxBitrate: 2_500_000, maxFramerate: 15 },
    screenShareSimulcastLayers: [new VideoPreset(640, 360, 200_000, 5)],
    degradationPreference: 'maintain-resolution',
  },
  screen_audio: { dtx: false, red: false },
};

/** livekit-client's `Room` as a `SfuRoom`. */
export class LiveKitRoom implements SfuRoom {
  readonly #room: Room;
  readonly #pauses = new Pauses();
  readonly #handlers: RoomHandlers;
  readonly #incoming = new Map<string, LiveKitIncoming>();
  /** What comes of a publication of which nothing was said yet. */
  #unasked: Want = 'none';
  #entered = false;
  #closed = false;

  constructor(handlers: RoomHandlers) {
    this.#handlers = handlers;
    this.#room = new Room({
      // What is wanted is said explicitly, per person: elements on a page are nothing that this side knows of.
      adaptiveStream: false,
      dynacast: true,
      reconnectPolicy: this.#pauses,
      // Whoever captured a track stops it.
      stopLocalTrackOnUnpublish: false,
    });
    this.#listen();
  }

  async enter(url: string, token: string, everything: boolean): Promise<void> {
    this.#unasked = everything ? 'high' : 'none';
    try {
      await this.#room.connect(url, token, { autoSubscribe: everything });
      this.#entered = true;
    } catch (error) {
      throw refusalOf(error) ?? error;
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#room.disconnect(false);
  }

  people(): readonly SfuPerson[] {
    const seen = new Set<string>();
    const people = [...this.#room.remoteParticipants.values()].map(({ identity, trackPublications }) => ({
      identity,
      publications: [...trackPublications.values()].flatMap((publication) => {
        const source = sourceOf(publication.source);
        if (source === null) return [];
        seen.add(publication.trackSid);
        return [this.#incomingOf(publication, source)];
      }),
    }));
    for (const id of [...this.#incoming.keys()]) if (!seen.has(id)) this.#incoming.delete(id);
    return people;
  }

  mayReceive(): boolean {
    return this.#room.localParticipant.permissions?.canSubscribe ?? false;
  }

  maySend(source: TrackSource): boolean {
    const { permissions } = this.#room.localParticipant;
    if (!permissions?.canPublish) return false;
    const { canPublishSources } = permissions;
    // The protocol's numbers of the sources; none named means all.
    return canPublishSources.length === 0 || canPublishSources.includes(PROTOCOL_SOURCES[source]);
  }

  async publish(source: TrackSource, captured: MediaTrack, muted: boolean): Promise<Outgoing> {
    if (!(captured instanceof MediaStreamTrack)) throw new TypeError('not a track of this platform');
    // Its own classes do not quite fit its own base under exact optional properties.
    const track = (
      captured.kind === 'audio' ? new LocalAudioTrack(captured) : new LocalVideoTrack(captured)
    ) as LocalTrack;
    // The SDK stops a track that it could not publish, too: it is not its own.
    track.stop = () => track.stopMonitor();
    if (muted) await track.mute();
    await this.#room.localParticipant.publishTrack(track, { ...PUBLISH[source], source: SOURCES[source] });
    return new LiveKitOutgoing(this.#room, track);
  }

  /** The SDK resumes: a new signal connection, and an ICE restart both ways, with everything that is published and subscribed kept. */
  mend(): void {
    if (this.#closed || this.#room.state !== ConnectionState.Connected) return;
    // It would fail at once, and the SDK be in a pause of seconds when there is a network again, of which it hears by itself.
    if (globalThis.navigator?.onLine === false) return;
    this.#pauses.skipOne();
    // Whoever is about to be closed does not come back.
    const over = () => this.#pauses.skipOne(false);
    this.#room.simulateScenario('signal-reconnect').then(over, over);
  }

  async stats(): Promise<readonly StatsReport[]> {
    const transports = this.#room.engine.pcManager;
    const reports = await Promise.all([transports?.publisher.getStats(), transports?.subscriber?.getStats()]);
    return reports.filter((report) => report !== undefined);
  }

  #incomingOf(publication: RemoteTrackPublication, source: TrackSource): LiveKitIncoming {
    const known = this.#incoming.get(publication.trackSid);
    if (known?.publication === publication) return known;
    const incoming = new LiveKitIncoming(publication, source, this.#unasked);
    this.#incoming.set(publication.trackSid, incoming);
    return incoming;
  }

  #listen(): void {
    const { letIn, changed, path, left, speakers, quality, silenced } = this.#handlers;
    const room = this.#room;
    // It comes with the server's first word, and again with a signal connection after a break, where nothing is to be done.
    room.once(RoomEvent.SignalConnected, letIn);
    for (const event of [
      RoomEvent.ParticipantConnected,
      RoomEvent.ParticipantDisconnected,
      RoomEvent.TrackPublished,
      RoomEvent.TrackUnpublished,
      RoomEvent.TrackSubscribed,
      RoomEvent.TrackUnsubscribed,
      RoomEvent.TrackSubscriptionPermissionChanged,
      RoomEvent.ParticipantPermissionsChanged,
      RoomEvent.LocalTrackUnpublished,
      RoomEvent.TrackUnmuted,
    ] as const)
      room.on(event, changed);
    room
      .on(RoomEvent.Reconnecting, () => path('broken'))
      .on(RoomEvent.Reconnected, () => {
        path('up');
        changed();
      })
      .on(RoomEvent.Disconnected, (reason) => {
        // While it is entered the promise of `connect` tells.
        if (this.#entered && !this.#closed) left(endOf(reason));
      })
      .on(RoomEvent.ActiveSpeakersChanged, (people) => speakers(people.map(({ identity }) => identity)))
      .on(RoomEvent.ConnectionQualityChanged, (word, { identity }) => {
        if (word !== ConnectionQuality.Unknown) quality(identity, word);
      })
      .on(RoomEvent.TrackMuted, (publication, participant) => {
        changed();
        const source = participant.isLocal ? sourceOf(publication.source) : null;
        // A device that has gone mutes its publication as well: that was nobody.
        if (source !== null && isLive(publication)) silenced(source);
      });
  }
}

class LiveKitOutgoing implements Outgoing {
  readonly #room: Room;
  readonly #track: LocalTrack;

  constructor(room: Room, track: LocalTrack) {
    this.#room = room;
    this.#track = track;
  }

  get alive(): boolean {
    return [...this.#room.localParticipant.trackPublications.values()].some(({ track }) => track === this.#track);
  }

  async replace(captured: MediaTrack): Promise<void> {
    if (captured instanceof MediaStreamTrack) await this.#track.replaceTrack(captured, true);
  }

  async mute(muted: boolean): Promise<void> {
    await (muted ? this.#track.mute() : this.#track.unmute());
  }

  async unpublish(): Promise<void> {
    await this.#room.localParticipant.unpublishTrack(this.#track, false);
  }
}

class LiveKitIncoming implements Incoming {
  readonly publication: RemoteTrackPublication;
  readonly source: TrackSource;
  #want: Want;

  constructor(publication: RemoteTrackPublication, source: TrackSource, unasked: Want) {
    this.publication = publication;
    this.source = source;
    this.#want = unasked;
  }

  get id(): string {
    return this.publication.trackSid;
  }

  get muted(): boolean {
    return this.publication.isMuted;
  }

  get track(): MediaTrack | null {
    return this.publication.track?.mediaStreamTrack ?? null;
  }

  receive(want: Want): void {
    if (this.#want === want) return;
    this.#want = want;
    const { publication } = this;
    if (want === 'none') {
      publication.setSubscribed(false);
      return;
    }
    if (!publication.isDesired || !publication.isSubscribed) publication.setSubscribed(true);
    publication.setEnabled(want !== 'off');
    if (want !== 'off' && publication.kind === Track.Kind.Video)
      publication.setVideoQuality(want === 'low' ? VideoQuality.LOW : VideoQuality.HIGH);
  }

  async arrived(): Promise<boolean> {
    const report = await this.publication.track?.getRTCStatsReport();
    if (report === undefined) return false;
    return this.publication.kind === Track.Kind.Audio ? audioHasArrived(report) : pictureHasArrived(report);
  }
}

/** `TrackSource` of the protocol, which the SDK does not export as values. */
const PROTOCOL_SOURCES: Readonly<Record<TrackSource, number>> = {
  camera: 1,
  microphone: 2,
  screen: 3,
  screen_audio: 4,
};

const isLive = (publication: TrackPublication): boolean => publication.track?.mediaStreamTrack.readyState === 'live';

function endOf(reason: DisconnectReason | undefined): MediaEndReason | null {
  switch (reason) {
    case DisconnectReason.PARTICIPANT_REMOVED:
      return 'removed';
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return 'room_closed';
    case DisconnectReason.DUPLICATE_IDENTITY:
      return 'duplicate_identity';
    default:
      return null;
  }
}

function refusalOf(error: unknown): RoomRefusal | null {
  if (!(error instanceof ConnectionError) || error.reason !== ConnectionErrorReason.NotAllowed) return null;
  return new RoomRefusal('token_refused', error);
}
