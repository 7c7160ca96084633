import type { MediaTrack } from '@parley/client';
import type { PeerConnection, Sender } from './peer-connection.ts';

/** Enough for 720p at 30 frames; more would only crowd a home connection. Bits per second. */
const MAX_VIDEO_BITRATE = 1_500_000;
const MAX_FRAMERATE = 30;

export interface LocalTracks {
  readonly microphone: MediaTrack | null;
  readonly camera: MediaTrack | null;
}

/** Puts the tracks into the connection's two places, which are there from the start: nothing is negotiated again. */
export async function placeTracks(connection: PeerConnection, tracks: () => LocalTracks): Promise<void> {
  for (const transceiver of connection.getTransceivers()) {
    const { kind } = transceiver.receiver.track;
    // Asked anew for each place: a camera may have come while the microphone was being put in.
    await transceiver.sender.replaceTrack(kind === 'audio' ? tracks().microphone : tracks().camera);
  }
}

/** Only once it has been negotiated: encodings are empty before. */
export async function boundVideo(connection: PeerConnection): Promise<void> {
  const video = connection.getTransceivers().find(({ receiver }) => receiver.track.kind === 'video');
  if (video) await boundSender(video.sender).catch(() => undefined);
}

async function boundSender(sender: Sender): Promise<void> {
  const parameters = sender.getParameters();
  const encodings = parameters.encodings ?? [];
  if (encodings.length === 0) return;
  for (const encoding of encodings) {
    encoding.maxBitrate = MAX_VIDEO_BITRATE;
    encoding.maxFramerate = MAX_FRAMERATE;
  }
  // Faces: a smaller picture is better than a jerky one, and the other way round; browsers that do not know it ignore it.
  parameters.degradationPreference = 'balanced';
  await sender.setParameters(parameters);
}
