import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** What comes to a page at this moment, by the statistics of its peer connections and not by what is drawn. */
export interface Received {
  /** Ids of people whose picture comes and has a place on the page, in alphabetical order. */
  readonly shown: readonly string[];
  /** Pictures that come although nothing on the page shows them. */
  readonly unseen: number;
}

/** Looks twice, a second apart: what has grown meanwhile comes. */
export const received = (page: Page): Promise<Received> =>
  page.evaluate(async () => {
    const bytes = async () => {
      const found = new Map<string, number>();
      for (const peer of window.parleyProbe.peers) {
        if (peer.connectionState === 'closed') continue;
        for (const report of (await peer.getStats()).values()) {
          if (report.type !== 'inbound-rtp' || report.kind !== 'video') continue;
          found.set(report.trackIdentifier, (found.get(report.trackIdentifier) ?? 0) + report.bytesReceived);
        }
      }
      return found;
    };
    const before = await bytes();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const after = await bytes();
    const people = new Map<string, string>();
    for (const video of document.querySelectorAll<HTMLVideoElement>('video[data-participant]')) {
      const tracks = video.srcObject instanceof MediaStream ? video.srcObject.getVideoTracks() : [];
      for (const { id } of tracks) people.set(id, video.dataset.participant ?? '');
    }
    const growing = [...after].filter(([track, sum]) => sum > (before.get(track) ?? 0)).map(([track]) => track);
    const shown = growing.flatMap((track) => people.get(track) ?? []);
    return { shown: [...new Set(shown)].sort(), unseen: growing.filter((track) => !people.has(track)).length };
  });

/** Waits until the pictures of these people come, and of nobody else. */
export async function expectReceived(page: Page, userIds: readonly string[]): Promise<void> {
  await expect
    .poll(() => received(page), { message: 'those who are seen send a picture here, and nobody else', timeout: 40_000 })
    .toEqual({ shown: [...userIds].sort(), unseen: 0 });
}

/** @returns how wide the picture of a person comes at this moment, in pixels: which layer; 0 while none comes */
export const widthOf = (page: Page, userId: string): Promise<number> =>
  page.evaluate(async (userId) => {
    const video = document.querySelector<HTMLVideoElement>(`video[data-participant="${userId}"]:not([data-source])`);
    const tracks = video?.srcObject instanceof MediaStream ? video.srcObject.getVideoTracks() : [];
    for (const peer of window.parleyProbe.peers) {
      if (peer.connectionState === 'closed') continue;
      for (const report of (await peer.getStats()).values()) {
        const isIt = tracks.some(({ id }) => id === report.trackIdentifier);
        if (report.type === 'inbound-rtp' && isIt && report.frameWidth) return report.frameWidth as number;
      }
    }
    return 0;
  }, userId);

/** @returns bytes of sound and of pictures that have come so far, over all connections that are open */
export const bytesReceived = (page: Page): Promise<{ audio: number; video: number }> =>
  page.evaluate(async () => {
    const sum = { audio: 0, video: 0 };
    for (const peer of window.parleyProbe.peers) {
      if (peer.connectionState === 'closed') continue;
      for (const report of (await peer.getStats()).values()) {
        if (report.type !== 'inbound-rtp') continue;
        sum[report.kind === 'audio' ? 'audio' : 'video'] += report.bytesReceived;
      }
    }
    return sum;
  });
