import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { toneHz } from './fake-media.ts';

declare global {
  interface Window {
    /** What the page made for its calls, in the order of its making: kept by the script below. */
    parleyProbe: {
      players: Set<HTMLMediaElement>;
      peers: RTCPeerConnection[];
      captures: MediaStream[];
      /** Told before a player gets another stream or none. */
      letGo?: () => void;
    };
  }
}

/** To be added to a context before its first page: notes the players, peer connections and captures that the page makes. */
export function installProbe(): void {
  const probe: Window['parleyProbe'] = { players: new Set(), peers: [], captures: [] };
  window.parleyProbe = probe;
  const property = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
  if (property?.set) {
    const set = property.set;
    Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
      ...property,
      set(this: HTMLMediaElement, value: unknown) {
        probe.letGo?.();
        if (value) probe.players.add(this);
        set.call(this, value);
      },
    });
  }
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
    const played = play.call(this);
    const what = this.srcObject ? 'stream' : 'file';
    // By the console, for to ask the page would be a gesture: see `blockedPlay`.
    played.catch((error: Error) => console.debug('parley-probe: play', what, error.name));
    return played;
  };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      probe.peers.push(this);
    }
  };
  const capture = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (capture) {
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await capture(constraints);
      probe.captures.push(stream);
      return stream;
    };
  }
}

/**
 * Listens to whatever this page lets be heard: for a while, or until the tone stands out by `enough` decibels.
 * @returns how far it stands out of the rest, in decibels; undefined when nothing plays
 */
async function toneAboveRest(
  page: Page,
  hertz: number,
  enough = Number.POSITIVE_INFINITY,
): Promise<number | undefined> {
  return page.evaluate(
    async ({ hertz, enough }) => {
      const audible = [...window.parleyProbe.players].filter((player) => {
        const stream = player.srcObject;
        if (!(stream instanceof MediaStream) || player.muted || player.paused || player.volume === 0) return false;
        return stream.getAudioTracks().some((track) => track.readyState === 'live');
      });
      if (audible.length === 0) return undefined;
      const context = new AudioContext();
      await context.resume();
      const analyser = context.createAnalyser();
      analyser.fftSize = 4096;
      analyser.smoothingTimeConstant = 0;
      for (const player of audible) {
        const tracks = player.srcObject instanceof MediaStream ? player.srcObject.getAudioTracks() : [];
        context.createMediaStreamSource(new MediaStream(tracks)).connect(analyser);
      }
      const bins = new Float32Array(analyser.frequencyBinCount);
      const width = context.sampleRate / analyser.fftSize;
      let best = Number.NEGATIVE_INFINITY;
      const end = performance.now() + 1500;
      while (performance.now() < end && best <= enough) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        analyser.getFloatFrequencyData(bins);
        let tone = -200;
        let rest = 0;
        let counted = 0;
        for (const [index, level] of bins.entries()) {
          const at = index * width;
          if (Math.abs(at - hertz) < 60) tone = Math.max(tone, level);
          else if (at > 200 && at < 6000) {
            rest += Math.max(level, -120);
            counted += 1;
          }
        }
        // Silence, too, has a shape: only what could be heard counts.
        if (tone > -70) best = Math.max(best, tone - rest / counted);
      }
      await context.close();
      return best;
    },
    { hertz, enough },
  );
}

/** Decibels over the rest from which on the tone counts as heard. */
const AUDIBLE_DB = 25;

/** Waits until the other's tone is heard here: that of the fake microphone unless said. */
export async function expectTone(page: Page, hertz = toneHz): Promise<void> {
  await expect
    .poll(() => toneAboveRest(page, hertz, AUDIBLE_DB), { message: `a tone of ${hertz} Hz is heard`, timeout: 30_000 })
    .toBeGreaterThan(AUDIBLE_DB);
}

/** Waits until the other's tone is heard no more, although the call goes on. */
export async function expectSilence(page: Page): Promise<void> {
  await expect
    .poll(async () => (await toneAboveRest(page, toneHz)) ?? 0, { message: 'the tone is gone', timeout: 30_000 })
    .toBeLessThan(AUDIBLE_DB);
}

/** @returns frames shown so far by the picture of a person; 0 while there is none */
async function framesOf(page: Page, userId: string): Promise<number> {
  const video = page.locator(`video[data-participant="${userId}"]:not([data-source="screen"])`);
  if ((await video.count()) === 0) return 0;
  return video.first().evaluate((element) => {
    if (!(element instanceof HTMLVideoElement) || element.paused || element.videoWidth === 0) return 0;
    return element.getVideoPlaybackQuality().totalVideoFrames;
  });
}

/** Waits until the picture of a person moves on by some frames from now. */
export async function expectMoving(page: Page, userId: string): Promise<void> {
  await expect
    .poll(() => framesOf(page, userId), { message: 'the picture is there', timeout: 30_000 })
    .toBeGreaterThan(0);
  const before = await framesOf(page, userId);
  await expect
    .poll(() => framesOf(page, userId), { message: 'its frames advance', timeout: 15_000 })
    .toBeGreaterThan(before + 5);
}

/**
 * Looks on for so long. @returns the longest time in milliseconds for which the picture of a person stood still, in whichever
 * player: another one begins to count anew
 */
export const longestStill = (page: Page, userId: string, milliseconds: number): Promise<number> =>
  page.evaluate(
    async ({ userId, milliseconds }) => {
      const end = performance.now() + milliseconds;
      let seen: readonly [Element | null, number] = [null, 0];
      let movedAt = performance.now();
      let longest = 0;
      while (performance.now() < end) {
        await new Promise(requestAnimationFrame);
        const video = document.querySelector(`video[data-participant="${userId}"]:not([data-source])`);
        const frames = video instanceof HTMLVideoElement ? video.getVideoPlaybackQuality().totalVideoFrames : 0;
        const moved = frames > 0 && (video !== seen[0] || frames !== seen[1]);
        const now = performance.now();
        longest = Math.max(longest, now - movedAt);
        if (!moved) continue;
        seen = [video, frames];
        movedAt = now;
      }
      return Math.round(longest);
    },
    { userId, milliseconds },
  );

/** Waits until the screen that somebody shares is seen, and moves. */
export async function expectScreen(page: Page, userId: string): Promise<void> {
  const video = page.locator(`video[data-participant="${userId}"][data-source="screen"]`);
  const frames = async () =>
    (await video.count()) === 0
      ? 0
      : video
          .first()
          .evaluate((element) =>
            element instanceof HTMLVideoElement && element.videoWidth > 0
              ? element.getVideoPlaybackQuality().totalVideoFrames
              : 0,
          );
  await expect.poll(frames, { message: 'the screen is there', timeout: 30_000 }).toBeGreaterThan(0);
}

/** Waits until the picture of a person is gone or hidden. */
export async function expectNoPicture(page: Page, userId: string): Promise<void> {
  await expect(page.locator(`video[data-participant="${userId}"]`).filter({ visible: true })).toHaveCount(0);
}

/**
 * For so long the picture never stands still for more than five seconds.
 * @param milliseconds how long the other end of the network is gone in this test
 */
export async function expectUnbroken(page: Page, userId: string, milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    const before = await framesOf(page, userId);
    await expect.poll(() => framesOf(page, userId), { timeout: 5000 }).toBeGreaterThan(before);
  }
}

/**
 * Waits until the browser has refused to play somebody's stream for want of a gesture. Until then the test must not touch the
 * page, nor look for anything on it: to Chromium whatever Playwright evaluates is done by the user.
 */
export async function blockedPlay(page: Page): Promise<void> {
  await page.waitForEvent('console', (message) => message.text() === 'parley-probe: play stream NotAllowedError');
}

/** @returns how many peer connections this page has made since it was loaded */
export const peersMade = (page: Page): Promise<number> => page.evaluate(() => window.parleyProbe.peers.length);

/** @returns how many tracks this page captures at the moment, by kind */
export const liveCaptures = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    window.parleyProbe.captures
      .flatMap((stream) => stream.getTracks())
      .filter((track) => track.readyState === 'live')
      .map((track) => track.kind)
      .sort(),
  );
