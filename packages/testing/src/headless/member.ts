import {
  LocalAudioTrack,
  type LocalTrack,
  LocalVideoTrack,
  Room,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
  VideoCodec,
} from '@livekit/rtc-node';
import { countTrack, type Received } from './count.ts';
import { type Film, type Running, runFilm, runTone } from './sources.ts';

/** Small enough that a dozen of them leave a core free. */
const SMALL: Film = { width: 160, height: 90, framesPerSecond: 5 };
/** How long a condition may take to come about, in milliseconds. */
const PATIENCE_MS = 20_000;

const SOURCES = {
  microphone: TrackSource.SOURCE_MICROPHONE,
  camera: TrackSource.SOURCE_CAMERA,
  screen: TrackSource.SOURCE_SCREENSHARE,
} as const;

export interface Publication {
  readonly sid: string;
  stop(): Promise<void>;
}

interface JoinOptions {
  /** Whether what others publish is asked for; true unless said. Without it nothing of it comes. */
  readonly subscribe?: boolean;
  /** Whether what comes is decoded and counted; true unless said. It costs: leave it away where only load is wanted. */
  readonly count?: boolean;
}

/** Somebody in a LiveKit room without a browser: publishes a tone and a small film, and counts what comes. */
export class HeadlessMember {
  readonly #room = new Room();
  readonly #received = new Map<string, Received>();
  readonly #published = new Set<Publication>();
  readonly #ended: Promise<void>;
  #isIn = true;

  private constructor(count: boolean) {
    this.#ended = new Promise((resolve) => {
      this.#room.once(RoomEvent.Disconnected, () => {
        this.#isIn = false;
        resolve();
      });
    });
    this.#room.on(RoomEvent.TrackSubscribed, (track, _publication, { identity }) => {
      const into = this.from(identity);
      this.#received.set(identity, into);
      if (count) countTrack(track, into).catch(() => undefined);
    });
  }

  /** @param url ws:// or wss:// @throws Error where the room does not let it in */
  static async join(url: string, token: string, options: JoinOptions = {}): Promise<HeadlessMember> {
    const member = new HeadlessMember(options.count ?? true);
    await member.#room.connect(url, token, { autoSubscribe: options.subscribe ?? true, dynacast: true });
    return member;
  }

  /** When it is out of the room, by itself or by others. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  get isIn(): boolean {
    return this.#isIn;
  }

  get identity(): string {
    return this.#room.localParticipant?.identity ?? '';
  }

  /** Identities of the others that it sees in the room. */
  get others(): string[] {
    return [...this.#room.remoteParticipants.keys()].sort();
  }

  /** What came from this person so far. */
  from(identity: string): Received {
    return this.#received.get(identity) ?? { audio: 0, heard: 0, frames: 0, width: 0 };
  }

  /** Whether this person's track of that source is muted, or not there. */
  isMuted(identity: string, source: keyof typeof SOURCES): boolean {
    const publications = [...(this.#room.remoteParticipants.get(identity)?.trackPublications.values() ?? [])];
    return publications.find((publication) => publication.source === SOURCES[source])?.muted ?? true;
  }

  /** Packets of sound and picture that reached it, by the statistics of its transports: what no decoder has to have seen. */
  async packetsReceived(): Promise<number> {
    const { publisherStats, subscriberStats } = await this.#room.getRtcStats();
    return [...publisherStats, ...subscriberStats].reduce(
      (sum, { stats }) => sum + (stats.case === 'inboundRtp' ? Number(stats.value.received?.packetsReceived ?? 0) : 0),
      0,
    );
  }

  /** Packets of sound and picture that should have reached it and did not, in the same way. */
  async packetsLost(): Promise<number> {
    const { publisherStats, subscriberStats } = await this.#room.getRtcStats();
    return [...publisherStats, ...subscriberStats].reduce(
      (sum, { stats }) => sum + (stats.case === 'inboundRtp' ? Number(stats.value.received?.packetsLost ?? 0) : 0),
      0,
    );
  }

  /** Bytes of sound and picture that reached it, in the same way. */
  async bytesReceived(): Promise<number> {
    const { publisherStats, subscriberStats } = await this.#room.getRtcStats();
    return [...publisherStats, ...subscriberStats].reduce(
      (sum, { stats }) => sum + (stats.case === 'inboundRtp' ? Number(stats.value.inbound?.bytesReceived ?? 0) : 0),
      0,
    );
  }

  async publishTone({ hertz = 440, loudness = 0.3 } = {}): Promise<Publication> {
    const running = runTone(hertz, loudness);
    return this.#publish(LocalAudioTrack.createAudioTrack('tone', running.source), 'microphone', running);
  }

  async publishFilm({
    source = 'camera',
    ...film
  }: Partial<Film> & { source?: 'camera' | 'screen' } = {}): Promise<Publication> {
    const running = runFilm({ ...SMALL, ...film });
    return this.#publish(LocalVideoTrack.createVideoTrack('film', running.source), source, running);
  }

  async #publish(track: LocalTrack, source: keyof typeof SOURCES, running: Running<unknown>): Promise<Publication> {
    const me = this.#room.localParticipant;
    if (me === undefined) throw new Error('Not in a room.');
    const options = new TrackPublishOptions({
      source: SOURCES[source],
      simulcast: false,
      videoCodec: VideoCodec.VP8,
    });
    const sid = await me.publishTrack(track, options).then(
      ({ sid }) => sid ?? '',
      async (error: unknown) => {
        await running.stop();
        throw error;
      },
    );
    const publication: Publication = {
      sid,
      stop: async () => {
        this.#published.delete(publication);
        if (this.#isIn) await me.unpublishTrack(sid).catch(() => undefined);
        await running.stop();
      },
    };
    this.#published.add(publication);
    return publication;
  }

  /** Waits until something is so of it. @throws Error with `what` after 20 s */
  async until(what: string, isSo: (member: HeadlessMember) => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!isSo(this)) {
      if (Date.now() > deadline) throw new Error(`${this.identity}: not so within ${PATIENCE_MS} ms: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async leave(): Promise<void> {
    await Promise.all([...this.#published].map((publication) => publication.stop()));
    await this.#room.disconnect();
    this.#isIn = false;
  }
}
