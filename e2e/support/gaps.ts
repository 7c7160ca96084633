import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

export interface Gaps {
  /** The longest time in which no new frame of the person's was drawn, in milliseconds. */
  readonly picture: number;
  /** The longest time in which nothing was to be heard. */
  readonly sound: number;
  /** The longest time between two looks: of less than that nothing can be said. */
  readonly look: number;
  /** That were drawn meanwhile. */
  readonly frames: number;
}

interface Watch {
  readonly gaps: Gaps;
  stop(): void;
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
    const sources = new Map<MediaStreamTrack, GainNode>();
    let drawn = new Map<HTMLVideoElement, number>();
    const gaps = { picture: 0, sound: 0, look: 0, frames: 0 };
    const start = performance.now();
    const last = { picture: start, look: start };

    const lookAtPicture = (now: number) => {
      let frames = 0;
      const seen = new Map<HTMLVideoElement, number>();
      for (const video of document.querySelectorAll<HTMLVideoElement>(`video[data-participant="${participant}"]`)) {
        const total = video.getVideoPlaybackQuality().totalVideoFrames;
        // What was drawn while it had no place on the page was not seen.
        if (!video.paused) frames += Math.max(0, total - (drawn.get(video) ?? total));
        seen.set(video, total);
      }
      drawn = seen;
      gaps.frames += frames;
      gaps.picture = Math.max(gaps.picture, (now - last.picture) / Math.max(1, frames));
      if (frames > 0) last.picture = now;
    };
    /** Each sound is led here before it is heard, and is as loud as its player: what it takes to lead it here is no gap. */
    const follow = () => {
      const loud = new Map<MediaStreamTrack, number>();
      for (const { srcObject, muted, paused, volume, isConnected } of window.parleyProbe.players) {
        if (!(srcObject instanceof MediaStream) || muted || !isConnected) continue;
        for (const track of srcObject.getAudioTracks())
          loud.set(track, Math.max(loud.get(track) ?? 0, paused ? 0 : volume));
      }
      for (const [track, volume] of loud) {
        let gain = sources.get(track);
        if (gain === undefined) {
          gain = context.createGain();
          context
            .createMediaStreamSource(new MediaStream([track]))
            .connect(gain)
            .connect(analyser);
          sources.set(track, gain);
        }
        gain.gain.value = volume;
      }
      for (const [track, gain] of sources) {
        if (loud.has(track)) continue;
        gain.disconnect();
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
    // However busy the page is: what a player has drawn is counted before it goes, and what another one has before it is seen is not.
    window.parleyProbe.letGo = () => lookAtPicture(performance.now());
    const names = new MutationObserver(() => lookAtPicture(performance.now()));
    names.observe(document.body, { subtree: true, attributeFilter: ['data-participant'] });
    window.parleyGaps = {
      gaps,
      stop() {
        clearInterval(timer);
        names.disconnect();
        delete window.parleyProbe.letGo;
        void context.close();
      },
    };
  }, userId);
}

/** Ends the watch. */
export const gapsOf = (page: Page): Promise<Gaps> =>
  page.evaluate(() => {
    const watch = window.parleyGaps;
    if (!watch) throw new Error('Nobody watches.');
    watch.stop();
    const { picture, sound, look, frames } = watch.gaps;
    return { picture: Math.round(picture), sound: Math.round(sound), look: Math.round(look), frames };
  });

/** Waits until the watch has seen so many frames: that is how long it lasts. */
export async function watchedFrames(page: Page, frames: number): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => window.parleyGaps?.gaps.frames ?? 0), { message: 'frames are watched' })
    .toBeGreaterThan(frames);
}

/** Waits until of the peer connections that the page has made so far the first one is closed: the old path is gone. */
export async function oldPathGone(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => window.parleyProbe.peers[0]?.connectionState), {
      message: 'the old path is closed',
      timeout: 30_000,
    })
    .toBe('closed');
}
