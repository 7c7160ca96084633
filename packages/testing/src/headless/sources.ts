import { AudioFrame, AudioSource, VideoBufferType, VideoFrame, VideoSource } from '@livekit/rtc-node';

const RATE = 48_000;
/** Of one piece of sound, in milliseconds. */
const PIECE_MS = 20;
const PIECE = (RATE / 1_000) * PIECE_MS;
/** How much sound is queued ahead, in milliseconds: a busy machine comes late. */
const AHEAD_MS = 400;

/** Something that is captured until it is stopped. */
export interface Running<Source> {
  readonly source: Source;
  stop(): Promise<void>;
}

/** A sine tone; one that another side can tell from noise and from silence. `loudness` from 0 to 1. */
export function runTone(hertz: number, loudness: number): Running<AudioSource> {
  const source = new AudioSource(RATE, 1, AHEAD_MS);
  let running = true;
  let phase = 0;
  const played = (async () => {
    while (running) {
      const samples = Int16Array.from({ length: PIECE }, () => {
        phase += (2 * Math.PI * hertz) / RATE;
        return Math.round(Math.sin(phase) * loudness * 32_767);
      });
      // Waits while enough is queued: that is what keeps the time.
      await source.captureFrame(new AudioFrame(samples, RATE, 1, PIECE));
    }
  })().catch(() => undefined);
  return {
    source,
    async stop() {
      running = false;
      await played;
      await source.close();
    },
  };
}

export interface Film {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/** A picture of one grey that changes with each frame, so that the encoder has something to send. */
export function runFilm({ width, height, framesPerSecond }: Film): Running<VideoSource> {
  const source = new VideoSource(width, height);
  const luma = width * height;
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    // I420: the luma plane, then both chroma planes at a quarter of its size each.
    const data = new Uint8Array(luma + 2 * Math.ceil(width / 2) * Math.ceil(height / 2)).fill(128);
    data.fill(32 + ((count * 8) % 192), 0, luma);
    source.captureFrame(new VideoFrame(data, width, height, VideoBufferType.I420));
  }, 1_000 / framesPerSecond);
  return {
    source,
    async stop() {
      clearInterval(timer);
      await source.close();
    },
  };
}
