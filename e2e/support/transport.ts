import type { Page } from '@playwright/test';

/** How the newest peer connection of a page is protected, as its statistics say; null before it is connected. */
export type Protection = { dtlsState: string; tlsVersion: string; dtlsCipher: string; srtpCipher: string };

export function protectionOf(page: Page): Promise<Protection | null> {
  return page.evaluate(async () => {
    const peer = window.parleyProbe.peers.at(-1);
    if (peer?.connectionState !== 'connected') return null;
    const rows: Record<string, unknown>[] = [...(await peer.getStats()).values()];
    const { dtlsState, tlsVersion, dtlsCipher, srtpCipher } = rows.find(({ type }) => type === 'transport') ?? {};
    return {
      dtlsState: String(dtlsState),
      tlsVersion: String(tlsVersion),
      dtlsCipher: String(dtlsCipher),
      srtpCipher: String(srtpCipher),
    };
  });
}

/** @returns the fingerprint of the newest peer connection's own certificate, and the other's as its description has it */
export function fingerprintsOf(page: Page): Promise<{ own: string; other: string }> {
  return page.evaluate(() => {
    const peer = window.parleyProbe.peers.at(-1);
    const of = (description: RTCSessionDescription | null | undefined): string =>
      /a=fingerprint:\S+ (\S+)/.exec(description?.sdp ?? '')?.[1] ?? '';
    return { own: of(peer?.localDescription), other: of(peer?.remoteDescription) };
  });
}

/** UDP ports of a page's newest peer connection at one address: empty before there are any. */
export function portsAt(page: Page, address: string): Promise<number[]> {
  return page.evaluate((wanted) => {
    const peer = window.parleyProbe.peers.at(-1);
    // That of an earlier call keeps its description.
    if (peer === undefined || peer.connectionState === 'closed') return [];
    const lines = (peer.localDescription?.sdp ?? '').matchAll(/^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/gim);
    return [...lines].filter(([, at]) => at === wanted).map(([, , port]) => Number(port));
  }, address);
}

/** The ports of the path that a page's newest peer connection has chosen; null before there is one. */
export function pairOf(page: Page): Promise<{ fromPort: number; toPort: number } | null> {
  return page.evaluate(async () => {
    const rows: Record<string, unknown>[] = [...((await window.parleyProbe.peers.at(-1)?.getStats())?.values() ?? [])];
    const byId = (wanted: unknown) => rows.find(({ id }) => wanted !== undefined && id === wanted);
    const pair = byId(rows.find(({ type }) => type === 'transport')?.selectedCandidatePairId);
    const [local, remote] = [byId(pair?.localCandidateId), byId(pair?.remoteCandidateId)];
    return local && remote ? { fromPort: Number(local.port), toPort: Number(remote.port) } : null;
  });
}

export type Loss = { received: number; lost: number };

/** What came to a page as sound, and what was missing of it, in packets. Lost pictures are sent again, sound is not. */
export function lossOf(page: Page): Promise<Loss> {
  return page.evaluate(async () => {
    const rows: Record<string, unknown>[] = [...((await window.parleyProbe.peers.at(-1)?.getStats())?.values() ?? [])];
    const sounds = rows.filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
    const sum = (what: string) => sounds.reduce((all, row) => all + Number(row[what] ?? 0), 0);
    return { received: sum('packetsReceived'), lost: sum('packetsLost') };
  });
}

/** What a page has sent and received as sound since its peer connection was made, in packets; `received` from one, `allReceived` from all. */
export type Sound = { ssrc: number; payloadType: number; sent: number; received: number; allReceived: number };

export function soundOf(page: Page): Promise<Sound> {
  return page.evaluate(async () => {
    const rows: Record<string, unknown>[] = [...((await window.parleyProbe.peers.at(-1)?.getStats())?.values() ?? [])];
    const sound = (type: string) => rows.find((row) => row.type === type && row.kind === 'audio');
    const out = sound('outbound-rtp');
    const codec = rows.find(({ id }) => id === out?.codecId);
    return {
      ssrc: Number(out?.ssrc),
      payloadType: Number(codec?.payloadType),
      sent: Number(out?.packetsSent),
      received: Number(sound('inbound-rtp')?.packetsReceived ?? 0),
      allReceived: rows
        .filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio')
        .reduce((sum, row) => sum + Number(row.packetsReceived), 0),
    };
  });
}

/**
 * Packets that reached the path of a page's newest peer connection and were no sound or picture that it took: what a
 * forger sent, and some RTCP. Undefined while no path is chosen.
 */
export function straysAt(page: Page): Promise<number | undefined> {
  return page.evaluate(async () => {
    const rows: Record<string, unknown>[] = [...((await window.parleyProbe.peers.at(-1)?.getStats())?.values() ?? [])];
    const transport = rows.find(({ type }) => type === 'transport');
    const pair = rows.find(({ id }) => id !== undefined && id === transport?.selectedCandidatePairId);
    if (!pair) return undefined;
    const taken = rows.filter(({ type }) => type === 'inbound-rtp').map((row) => Number(row.packetsReceived));
    return Number(pair.packetsReceived) - taken.reduce((sum, packets) => sum + packets, 0);
  });
}

/** What all peer connections of a page have taken as sound and picture, in packets. */
export function mediaTaken(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let packets = 0;
    for (const peer of window.parleyProbe.peers) {
      const rows: Record<string, unknown>[] = [...(await peer.getStats()).values()];
      for (const row of rows) if (row.type === 'inbound-rtp') packets += Number(row.packetsReceived);
    }
    return packets;
  });
}
