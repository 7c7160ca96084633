import type { Admitted, PictureSource, RemoteMedia, TrackSource, VideoQuality } from '@parley/client';
import type { UserId } from '@parley/domain';
import { userOf } from './identity.ts';
import type { Incoming, LiveKitPlatform, RemoteStream, SfuRoom, Want } from './room.ts';

/** A picture that nobody looks at keeps its place for so long: who scrolls back has it at once. */
const KEPT_MS = 15_000;
/** Who is there and sends no sound may be about to: only after this it counts as somebody without a microphone. */
const SOUND_COMES_MS = 1_500;
/** A picture that has not come by then is not waited for. */
const PICTURE_COMES_MS = 4_000;
const FLOW_POLL_MS = 200;
/** As many as are on one page of the grid. */
const FEW = 9;

interface Streams {
  readonly main: RemoteStream;
  readonly screen: RemoteStream;
}

interface Shown {
  readonly quality: VideoQuality;
  readonly since: number;
}

interface AudienceDeps {
  readonly platform: LiveKitPlatform;
  readonly selfId: () => UserId;
  room(): SfuRoom | null;
  remote(media: readonly RemoteMedia[]): void;
  flowing(userId: UserId): void;
}

const DEFAULTS: Readonly<Record<PictureSource, VideoQuality>> = { camera: 'low', screen: 'high' };
const IN_MAIN: readonly TrackSource[] = ['microphone', 'camera'];

/** What comes from the others: asks for it as it is wanted, and gathers it by person. */
export class Audience {
  readonly #deps: AudienceDeps;
  readonly #asked = new Map<string, VideoQuality>();
  readonly #shown = new Map<string, Shown>();
  readonly #streams = new Map<UserId, Streams>();
  readonly #seenAt = new Map<UserId, number>();
  readonly #flowed = new Set<UserId>();
  #admitted: Admitted = { except: [] };
  #flowTimer: unknown = null;
  #dropTimer: unknown = null;
  #closed = false;

  constructor(deps: AudienceDeps) {
    this.#deps = deps;
  }

  /** Of whoever is not admitted nothing is handed on, not even their sound, and what came unasked is let go. */
  admit(whom: Admitted): void {
    const same = JSON.stringify(whom) === JSON.stringify(this.#admitted);
    this.#admitted = whom;
    if (!same) this.look();
  }

  ask(userId: UserId | null, of: PictureSource, quality: VideoQuality): void {
    this.#asked.set(keyOf(userId, of), quality);
    this.look();
  }

  /** Something has changed in the room, or there is another one. */
  look(): void {
    if (this.#closed) return;
    const room = this.#deps.room();
    const people = room ? this.#byUser(room) : new Map<UserId, Incoming[]>();
    if (room?.mayReceive()) this.#receive(people);
    this.#gather(people);
    if (room?.mayReceive() && this.#flowTimer === null) void this.#lookForFlow();
  }

  /** The room is left: who is in the next one has to flow again. */
  left(): void {
    this.#flowed.clear();
    this.#seenAt.clear();
    this.#shown.clear();
    this.look();
  }

  /**
   * All that they send can come at once, since all of it is wanted: what is asked for from inside the room comes two round trips later.
   * Of more people most is not looked at.
   */
  get wantsAll(): boolean {
    // What is asked of everybody says nothing: it is `off` as soon as a screen has named whom it shows.
    const ofPeople = [...this.#asked].filter(([key]) => isOfSomebody(key, 'camera')).map(([, quality]) => quality);
    const savesData = ofPeople.length > 0 && ofPeople.every((quality) => quality === 'off');
    return !savesData && 'only' in this.#admitted && this.#admitted.only.length <= FEW;
  }

  /** Somebody's sound is on its way here: of people who are all muted a server sends nothing. */
  get expectsSound(): boolean {
    const room = this.#deps.room();
    if (!room?.mayReceive()) return false;
    const sounds = ({ source, muted, track }: Incoming) => source === 'microphone' && !muted && track !== null;
    return [...this.#byUser(room).values()].some((publications) => publications.some(sounds));
  }

  close(): void {
    this.#closed = true;
    this.#deps.platform.clearTimeout(this.#flowTimer);
    this.#deps.platform.clearTimeout(this.#dropTimer);
  }

  /** Other devices of one's own are not listened to, and nobody who does not take part. */
  #byUser(room: SfuRoom): Map<UserId, Incoming[]> {
    const people = new Map<UserId, Incoming[]>();
    const self = this.#deps.selfId();
    for (const { identity, publications } of room.people()) {
      const userId = userOf(identity);
      if (userId !== self && admits(this.#admitted, userId))
        people.set(userId, [...(people.get(userId) ?? []), ...publications]);
      else for (const publication of publications) publication.receive('none');
    }
    return people;
  }

  #quality(userId: UserId, of: PictureSource): VideoQuality {
    return this.#asked.get(keyOf(userId, of)) ?? this.#asked.get(keyOf(null, of)) ?? DEFAULTS[of];
  }

  #isSeen({ id, source, muted }: Incoming): boolean {
    const quality = source === 'camera' && !muted ? this.#shown.get(id)?.quality : undefined;
    return quality !== undefined && quality !== 'off';
  }

  #receive(people: ReadonlyMap<UserId, readonly Incoming[]>): void {
    const { platform } = this.#deps;
    const now = platform.now();
    let drop = Number.POSITIVE_INFINITY;
    for (const [userId, publications] of people) {
      for (const publication of publications) {
        const { id, source } = publication;
        if (source === 'microphone' || source === 'screen_audio') {
          publication.receive('high');
          continue;
        }
        const quality = this.#quality(userId, source);
        const before = this.#shown.get(id);
        const shown: Shown = before?.quality === quality ? before : { quality, since: now };
        let want: Want = quality;
        if (quality === 'off') {
          // What never came need not be kept. But that there is a screen at all is seen by its place.
          if (source === 'screen') {
            this.#shown.set(id, shown);
            publication.receive('off');
            continue;
          }
          const left = before ? shown.since + KEPT_MS - now : 0;
          if (left <= 0) want = 'none';
          else drop = Math.min(drop, left);
        }
        if (want === 'none') this.#shown.delete(id);
        else this.#shown.set(id, shown);
        publication.receive(want);
      }
    }
    platform.clearTimeout(this.#dropTimer);
    if (drop < Number.POSITIVE_INFINITY) this.#dropTimer = platform.setTimeout(() => this.look(), drop);
  }

  #gather(people: ReadonlyMap<UserId, readonly Incoming[]>): void {
    for (const userId of [...this.#streams.keys()]) if (!people.has(userId)) this.#streams.delete(userId);
    const media = [...people].map(([userId, publications]): RemoteMedia => {
      const streams = this.#streams.get(userId) ?? {
        main: this.#deps.platform.stream(),
        screen: this.#deps.platform.stream(),
      };
      this.#streams.set(userId, streams);
      const inMain = ({ source }: Incoming) => IN_MAIN.includes(source);
      return {
        userId,
        stream: filled(streams.main, publications.filter(inMain)),
        screen: filled(
          streams.screen,
          publications.filter((publication) => !inMain(publication)),
        ),
      };
    });
    this.#deps.remote(media);
  }

  /** Sound has to have come where there is any to wait for, and the picture that was asked for, if it comes soon. */
  async #lookForFlow(): Promise<void> {
    const { platform } = this.#deps;
    this.#flowTimer = platform.setTimeout(() => undefined, FLOW_POLL_MS);
    const room = this.#deps.room();
    let waits = false;
    if (room?.mayReceive()) {
      const now = platform.now();
      for (const [userId, publications] of this.#byUser(room)) {
        if (this.#flowed.has(userId)) continue;
        const since = this.#seenAt.get(userId) ?? now;
        this.#seenAt.set(userId, since);
        const sound = publications.filter(({ source, muted }) => source === 'microphone' && !muted);
        const silent = sound.length === 0 && now - since >= SOUND_COMES_MS;
        const pictures = now - since < PICTURE_COMES_MS ? publications.filter((one) => this.#isSeen(one)) : [];
        const heard = await haveArrived(sound);
        const seen = await haveArrived(pictures);
        if (this.#closed) return;
        if ((silent || heard.includes(true)) && !seen.includes(false)) {
          this.#flowed.add(userId);
          this.#deps.flowing(userId);
        } else waits = true;
      }
    }
    platform.clearTimeout(this.#flowTimer);
    this.#flowTimer = null;
    if (waits && !this.#closed) {
      this.#flowTimer = platform.setTimeout(() => {
        this.#flowTimer = null;
        void this.#lookForFlow();
      }, FLOW_POLL_MS);
    }
  }
}

/** The same object while its tracks come and go; null while there is none. */
function filled(stream: RemoteStream, publications: readonly Incoming[]): RemoteStream | null {
  const wanted = publications.flatMap(({ track }) => (track ? [track] : []));
  for (const track of stream.getTracks()) if (!wanted.includes(track)) stream.removeTrack(track);
  const there = stream.getTracks();
  for (const track of wanted) if (!there.includes(track)) stream.addTrack(track);
  return wanted.length > 0 ? stream : null;
}

const haveArrived = (publications: readonly Incoming[]): Promise<readonly boolean[]> =>
  Promise.all(publications.map((one) => one.arrived().catch(() => false)));

const admits = (whom: Admitted, userId: UserId): boolean =>
  'only' in whom ? whom.only.includes(userId) : !whom.except.includes(userId);

const keyOf = (userId: UserId | null, of: PictureSource): string => `${of} ${userId ?? '*'}`;
const isOfSomebody = (key: string, of: PictureSource): boolean => key.startsWith(`${of} `) && key !== keyOf(null, of);
