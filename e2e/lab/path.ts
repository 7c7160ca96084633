import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** Both ends of the path that carries the media: `host`, `srflx`, `prflx` or `relay`. */
export type Path = { local: string; remote: string };

/** @returns null while the newest peer connection of the page has chosen none */
function selectedPath(page: Page): Promise<Path | null> {
  return page.evaluate(async () => {
    const peer = window.parleyProbe.peers.at(-1);
    if (peer?.connectionState !== 'connected') return null;
    const rows = new Map<string, Record<string, unknown>>();
    for (const row of (await peer.getStats()).values()) rows.set(row.id, row);
    const transport = [...rows.values()].find(({ type }) => type === 'transport');
    const pair = rows.get(String(transport?.selectedCandidatePairId));
    const typeOf = (id: unknown): string => String(rows.get(String(id))?.candidateType);
    return pair ? { local: typeOf(pair.localCandidateId), remote: typeOf(pair.remoteCandidateId) } : null;
  });
}

const leadsThroughRelay = (path: Path | null): boolean | null =>
  path && (path.local === 'relay' || path.remote === 'relay');

export async function expectDirect(page: Page): Promise<void> {
  const message = 'the path leads from host to host';
  await expect.poll(async () => leadsThroughRelay(await selectedPath(page)), { message }).toBe(false);
}

export async function expectRelayed(page: Page): Promise<void> {
  const message = 'the path leads through the relay';
  await expect.poll(async () => leadsThroughRelay(await selectedPath(page)), { message, timeout: 40_000 }).toBe(true);
}
