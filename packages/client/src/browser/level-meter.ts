import type { LevelMeter } from '../ports/devices.ts';

/** Milliseconds between two readings: faster than this an eye does not follow. */
const EVERY_MS = 60;
/** Decibels below full scale: a quiet room, and a voice close to the microphone. */
const QUIET_DB = -60;
const LOUD_DB = -12;

/** Loudness as an ear has it, not as amplitudes are: 0 (silence) to 1. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, (decibels - QUIET_DB) / (LOUD_DB - QUIET_DB)));
}

/** Over an AnalyserNode; null where the browser has none. */
export function browserLevelMeter(): LevelMeter | null {
  if (typeof AudioContext === 'undefined') return null;
  return {
    watch(track, heard) {
      if (!(track instanceof MediaStreamTrack)) return () => undefined;
      let context: AudioContext | null = null;
      try {
        context = new AudioContext();
        return measure(context, track, heard);
      } catch {
        // Too many contexts, or (Firefox) a microphone whose rate is not the context's: a bar that stays still is no reason to stop.
        void context?.close().catch(() => undefined);
        return () => undefined;
      }
    },
  };
}

/** @throws DOMException */
function measure(context: AudioContext, track: MediaStreamTrack, heard: (level: number) => void): () => void {
  // Without a gesture it may be suspended; a press, which opens what shows the level, is one.
  void context.resume().catch(() => undefined);
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    heard(levelOf(samples));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
    void context.close().catch(() => undefined);
  };
}
