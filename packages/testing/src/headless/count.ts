import { AudioStream, type RemoteTrack, TrackKind, VideoStream } from '@livekit/rtc-node';

/** Mean loudness, of 1, from which a piece of sound counts as heard: silence decodes to nearly nothing. */
const HEARD = 0.01;
const PIECE_MS = 50;

/** What came from one person, counted since the track was subscribed to. */
export interface Received {
  /** Pieces of 50 ms, silent ones too: the decoder makes silence where nothing comes. */
  audio: number;
  /** Those with something in them. */
  heard: number;
  frames: number;
  /** Width of the last frame, in pixels: which layer came. */
  width: number;
}

/** Reads a track and counts into `into`, until the track ends. */
export async function countTrack(track: RemoteTrack, into: Received): Promise<void> {
  if (track.kind === TrackKind.KIND_AUDIO) {
    for await (const { data } of new AudioStream(track, {
      sampleRate: 16_000,
      numChannels: 1,
      frameSizeMs: PIECE_MS,
    })) {
      into.audio += 1;
      if (loudnessOf(data) > HEARD) into.heard += 1;
    }
  } else {
    for await (const { frame } of new VideoStream(track)) {
      into.frames += 1;
      into.width = frame.width;
    }
  }
}

function loudnessOf(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += Math.abs(sample);
  return samples.length === 0 ? 0 : sum / samples.length / 32_767;
}
