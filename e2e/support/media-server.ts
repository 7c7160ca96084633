import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect } from '@playwright/test';
import type { ParleyServer } from './server.ts';

/** Waits until groups can go through the server's own media server: it need not be there when the server is. */
export async function mediaServerReady({ url }: ParleyServer): Promise<void> {
  const state = async () => ((await (await fetch(`${url}/health/ready`)).json()) as { sfu: string }).sfu;
  await expect.poll(state, { message: 'the media server is ready', timeout: 90_000 }).toBe('ready');
}

/** The process of the media server that tells this server of its rooms; undefined while there is none. Knows only Linux. */
export function mediaServerPid({ url }: ParleyServer): number | undefined {
  const { port } = new URL(url);
  return readdirSync('/proc')
    .map(Number)
    .find((pid) => {
      if (!Number.isInteger(pid)) return false;
      try {
        if (!/livekit-server[^/]*$/.test(readlinkSync(`/proc/${pid}/exe`))) return false;
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`:${port}/api/media/webhook`);
      } catch {
        return false;
      }
    });
}
