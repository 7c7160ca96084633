import type { MediaTrack, VideoQuality } from '@parley/client';
import type { PeerConnection, Sender } from './peer-connection.ts';
import type { Wish } from './wire.ts';

/** Enough for 720p at 30 frames; more would only crowd a home connection. Bits per second. */
const MAX_VIDEO_BITRATE = 1_500_000;
/** In a mesh every picture goes out once for each of the others, over the same connection: together not much more than one. */
const MAX_ALL_BITRATE = 1_800_000;
const MAX_FRAMERATE = 30;
/** What is written on a screen has to be sharp, and may move slowly. */
const SCREEN_BITRATE = 2_500_000;
const SCREEN_FRAMERATE = 15;
/** For a thumbnail: of 720p 180 lines. */
const LOW_BITRATE = 150_000;
const LOW_DIVISOR = 4;

export interface LocalTracks {
  readonly microphone: MediaTrack | null;
  readonly camera: MediaTrack | null;
  readonly screen: MediaTrack | null;
  readonly screenAudio: MediaTrack | null;
}

export const NO_TRACKS: LocalTracks = { microphone: null, camera: null, screen: null, screenAudio: null };

/** The places of a connection, in the order in which both sides have them. Those of the screen come when one is shared first. */
const PLACES = ['microphone', 'camera', 'screen', 'screenAudio'] as const satisfies readonly (keyof LocalTracks)[];
const FIRST_PLACES = 2;
const CAMERA = PLACES.indexOf('camera');
const SCREEN = PLACES.indexOf('screen');

export const hasScreenPlaces = (connection: PeerConnection): boolean =>
  connection.getTransceivers().length >= PLACES.length;

/** Sound and picture from the start: attaching a track later needs no negotiation. */
export function addPlaces(connection: PeerConnection, withScreen: boolean): void {
  const kinds = ['audio', 'video', 'video', 'audio'] as const;
  const wanted = withScreen ? PLACES.length : FIRST_PLACES;
  for (const kind of kinds.slice(connection.getTransceivers().length, wanted))
    connection.addTransceiver(kind, { direction: 'sendrecv' });
}

/** Whether what arrived belongs to a shared screen. */
export function isOfScreen(connection: PeerConnection, track: MediaTrack): boolean {
  const place = connection.getTransceivers().findIndex(({ receiver }) => receiver.track.id === track.id);
  return place >= FIRST_PLACES;
}

/**
 * Puts the tracks into the connection's places: nothing is negotiated again. Within a place one turn comes after the other, so that what is in
 * it is known when it is in. No place waits for another: a turn takes the page's main thread, and where the page is being drawn meanwhile
 * a camera that waited for the microphone's would come after all of that.
 */
export class Placing {
  readonly #connection: PeerConnection;
  readonly #tracks: () => LocalTracks | null;
  readonly #turns = new Map<number, Promise<void>>();

  /** @param tracks asked anew at each turn; null: the connection is closed, and takes none any more */
  constructor(connection: PeerConnection, tracks: () => LocalTracks | null) {
    this.#connection = connection;
    this.#tracks = tracks;
  }

  async place(): Promise<void> {
    await Promise.all(this.#connection.getTransceivers().map(({ sender }, index) => this.#turn(sender, index)));
  }

  #turn(sender: Sender, index: number): Promise<void> | undefined {
    const name = PLACES[index];
    if (!name) return undefined;
    const turn = (this.#turns.get(index) ?? Promise.resolve()).then(async () => {
      const tracks = this.#tracks();
      if (tracks === null) return;
      const track = tracks[name];
      // What changes nothing takes its turn in the browser too.
      if (sender.track !== track) await sender.replaceTrack(track);
    });
    this.#turns.set(
      index,
      turn.catch(() => undefined),
    );
    return turn;
  }
}

/**
 * Only once it has been negotiated: encodings are empty before.
 * @param links how many are sent the same picture
 * @param wish what the other side wants of it
 */
export async function boundVideo(connection: PeerConnection, links: number, wish: Wish): Promise<void> {
  const transceivers = connection.getTransceivers();
  const share = Math.round(MAX_ALL_BITRATE / Math.max(1, links));
  const [camera, screen] = [transceivers[CAMERA], transceivers[SCREEN]];
  // Faces: a smaller picture is better than a jerky one, and the other way round; browsers that do not know it ignore it.
  if (camera)
    await bound(camera.sender, wish.camera, {
      maxBitrate: Math.min(MAX_VIDEO_BITRATE, share),
      maxFramerate: MAX_FRAMERATE,
      preference: 'balanced',
    }).catch(() => undefined);
  if (screen)
    await bound(screen.sender, wish.screen, {
      maxBitrate: SCREEN_BITRATE,
      maxFramerate: SCREEN_FRAMERATE,
      preference: 'maintain-resolution',
    }).catch(() => undefined);
}

interface Bounds {
  readonly maxBitrate: number;
  readonly maxFramerate: number;
  readonly preference: string;
}

async function bound(sender: Sender, wanted: VideoQuality, { maxBitrate, maxFramerate, preference }: Bounds) {
  const parameters = sender.getParameters();
  const encodings = parameters.encodings ?? [];
  if (encodings.length === 0) return;
  for (const encoding of encodings) {
    const small = wanted === 'low';
    encoding.active = wanted !== 'off';
    encoding.maxBitrate = small ? Math.min(LOW_BITRATE, maxBitrate) : maxBitrate;
    encoding.maxFramerate = maxFramerate;
    encoding.scaleResolutionDownBy = small ? LOW_DIVISOR : 1;
  }
  parameters.degradationPreference = preference;
  await sender.setParameters(parameters);
}
