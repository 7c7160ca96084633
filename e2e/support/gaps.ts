import type { Page } from '@playwright/test';

export interface Gaps {
  /** The longest time in which no new frame of the person's was drawn, in milliseconds. */
  readonly picture: number;
  /** The longest time in which nothing was to be heard. */
  readonly sound: number;
  /** The longest time between two looks: of less than that nothing can be said. */
  readonly look: number;
}

interface Watch {
  stop(): Gaps;
}

declare global {
  interface Window {
    parleyGaps?: Watch;
  }
}

/**
 * From here on the page notes how long the picture of a person stands still, in whichever player, and how long it is silent. A page
 * that is busy looks late: what was drawn and heard meanwhile is reckoned from the number of frames and from the last samples.
 */
export async function watchGaps(page: Page, userId: string): Promise<void> {
  await page.evaluate((participant) => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 32_768;
    const samples = new Float32Array(analyser.fftSize);
    const msPerSample = 1_000 / context.sampleRate;
    const sources = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();
    const drawn = new WeakMap<HTMLVideoElement, number>();
    const gaps = { picture: 0, sound: 0, look: 0 };
    const start = performance.now();
    const last = { picture: start, look: start };

    const lookAtPicture = (now: number) => {
      let frames = 0;
      for (const video of document.querySelectorAll<HTMLVideoElement>(`video[data-participant="${participant}"]`)) {
        const total = video.getVideoPlaybackQuality().totalVideoFrames;
        if (!video.paused) frames += Math.max(0, total - (drawn.get(video) ?? total));
        drawn.set(video, total);
      }
      gaps.picture = Math.max(gaps.picture, (now - last.picture) / Math.max(1, frames));
      if (frames > 0) last.picture = now;
    };
    const follow = () => {
      const playing = new Set<MediaStreamTrack>();
      for (const { srcObject, muted, paused, isConnected } of window.parleyProbe.players) {
        if (!(srcObject instanceof MediaStream) || muted || paused || !isConnected) continue;
        for (const track of srcObject.getAudioTracks()) playing.add(track);
      }
      for (const track of playing) {
        if (sources.has(track)) continue;
        const source = context.createMediaStreamSource(new MediaStream([track]));
        source.connect(analyser);
        sources.set(track, source);
      }
      for (const [track, source] of sources) {
        if (playing.has(track)) continue;
        source.disconnect();
        sources.delete(track);
      }
    };
    /** Of what was heard since the last look. */
    const lookAtSound = (since: number) => {
      analyser.getFloatTimeDomainData(samples);
      let silent = 0;
      for (const sample of samples.subarray(
        -Math.min(samples.length, Math.round(Math.max(since, 400) / msPerSample)),
      )) {
        silent = Math.abs(sample) > 0.003 ? 0 : silent + 1;
        gaps.sound = Math.max(gaps.sound, silent * msPerSample);
      }
    };
    const look = () => {
      const now = performance.now();
      const since = now - last.look;
      gaps.look = Math.max(gaps.look, since);
      last.look = now;
      lookAtPicture(now);
      // The first half second is what was before there was anything to listen to.
      if (now - start > 1_000) lookAtSound(since);
      follow();
    };
    const timer = setInterval(look, 20);
    window.parleyGaps = {
      stop() {
        clearInterval(timer);
        void context.close();
        return gaps;
      },
    };
  }, userId);
}

export const gapsOf = (page: Page): Promise<Gaps> =>
  page.evaluate(() => {
    const gaps = window.parleyGaps?.stop();
    if (!gaps) throw new Error('Nobody watches.');
    return { picture: Math.round(gaps.picture), sound: Math.round(gaps.sound), look: Math.round(gaps.look) };
  });
