import type { MediaStats } from '@parley/client';

type Pair = (a: number | null, b: number | null) => number | null;

const both =
  (join: (a: number, b: number) => number): Pair =>
  (a, b) =>
    a === null ? b : b === null ? a : join(a, b);
const worst = both(Math.max);
const sum = both((a, b) => a + b);

/** The figures of a mesh: what flows adds up, and a call is as good as the worst of its connections. */
export const together = (a: MediaStats, b: MediaStats): MediaStats => ({
  roundTripMs: worst(a.roundTripMs, b.roundTripMs),
  jitterMs: worst(a.jitterMs, b.jitterMs),
  packetLossPercent: worst(a.packetLossPercent, b.packetLossPercent),
  sentLossPercent: worst(a.sentLossPercent, b.sentLossPercent),
  bitrateKbps: sum(a.bitrateKbps, b.bitrateKbps),
  sentBitrateKbps: sum(a.sentBitrateKbps, b.sentBitrateKbps),
  availableKbps: both(Math.min)(a.availableKbps, b.availableKbps),
  freezes: sum(a.freezes, b.freezes),
  freezeMs: sum(a.freezeMs, b.freezeMs),
  concealedPercent: worst(a.concealedPercent, b.concealedPercent),
  path: a.path === 'relay' || b.path === 'relay' ? 'relay' : (a.path ?? b.path),
  network: a.network ?? b.network,
  audioCodec: a.audioCodec ?? b.audioCodec,
  videoCodec: a.videoCodec ?? b.videoCodec,
});
