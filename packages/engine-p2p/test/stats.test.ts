import { describe, expect, it } from 'vitest';
import { readStats } from '../src/stats.ts';

const report = (...rows: Record<string, unknown>[]) => new Map(rows.map((row) => [String(row.id), row]));
const pair = (candidateType: string) => [
  { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
  { id: 'P', type: 'candidate-pair', currentRoundTripTime: 0.05, localCandidateId: 'L', remoteCandidateId: 'R' },
  { id: 'L', type: 'local-candidate', candidateType },
  { id: 'R', type: 'remote-candidate', candidateType: 'host' },
];
const audio = (packetsReceived: number, packetsLost: number, bytesReceived: number) => ({
  id: 'A',
  type: 'inbound-rtp',
  kind: 'audio',
  jitter: 0.01,
  codecId: 'C',
  packetsReceived,
  packetsLost,
  bytesReceived,
});
const codec = { id: 'C', type: 'codec', mimeType: 'audio/opus' };

describe('figures', () => {
  it('are milliseconds, percent and kilobits of the last interval', () => {
    const first = readStats(report(...pair('host'), audio(100, 0, 10_000), codec), null, 1_000);
    expect(first.stats).toMatchObject({ roundTripMs: 50, jitterMs: 10, packetLossPercent: null, bitrateKbps: null });
    const second = readStats(report(...pair('host'), audio(190, 10, 30_000), codec), first.mark, 3_000);
    expect(second.stats).toMatchObject({ packetLossPercent: 10, bitrateKbps: 80, path: 'direct', audioCodec: 'opus' });
  });

  it('name a relay on either end', () => {
    expect(readStats(report(...pair('relay')), null, 0).stats.path).toBe('relay');
  });

  it('stay in their ranges when counters go back', () => {
    const { mark } = readStats(report(audio(100, 10, 9_000)), null, 0);
    const { stats } = readStats(report(audio(50, 5, 1_000)), mark, 1_000);
    expect(stats.bitrateKbps).toBe(0);
    expect(stats.packetLossPercent).toBeNull();
  });

  it('are null where nothing is said', () => {
    expect(Object.values(readStats(report(), null, 0).stats)).toEqual([null, null, null, null, null, null, null]);
  });
});
