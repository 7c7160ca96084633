import { describe, expect, it } from 'vitest';
import { readStats } from '../src/media/rtc-stats.ts';

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
    expect(Object.values(readStats(report(), null, 0).stats).every((figure) => figure === null)).toBe(true);
  });
});

describe('in a group', () => {
  const voice = (id: string, packetsReceived: number, packetsLost: number, jitter = 0.01) => ({
    ...audio(packetsReceived, packetsLost, 0),
    id,
    jitter,
  });

  it('Q9 what one person loses on the way to the server is not the loss of those who hear them', () => {
    const { mark } = readStats(report(voice('a', 100, 0), voice('b', 100, 0)), null, 0);
    const { stats } = readStats(report(voice('a', 190, 10, 0.09), voice('b', 200, 0, 0.02)), mark, 2_000);
    expect([stats.packetLossPercent, stats.jitterMs]).toEqual([0, 20]);
  });

  it('Q9 what is lost of everybody is lost here, and who is silent says nothing', () => {
    const { mark } = readStats(report(voice('a', 100, 0), voice('b', 100, 0), voice('c', 100, 0)), null, 0);
    const later = report(voice('a', 190, 10), voice('b', 180, 20), voice('c', 102, 0));
    expect(readStats(later, mark, 2_000).stats.packetLossPercent).toBe(10);
  });

  it('Q9 of two people it is the loss of all that comes', () => {
    const { mark } = readStats(report(voice('a', 100, 0)), null, 0);
    expect(readStats(report(voice('a', 190, 10)), mark, 2_000).stats.packetLossPercent).toBe(10);
  });
});

const sends = (id: string, kind: 'audio' | 'video', packetsSent: number, bytesSent: number) => ({
  id,
  type: 'outbound-rtp',
  kind,
  packetsSent,
  bytesSent,
  remoteId: `of ${id}`,
});
const told = (id: string, fractionLost: number) => ({
  id: `of ${id}`,
  type: 'remote-inbound-rtp',
  localId: id,
  fractionLost,
});

describe('what goes out', () => {
  const first = readStats(report(sends('a', 'audio', 100, 10_000), sends('v', 'video', 500, 500_000)), null, 0);

  it('is lost as the other side tells it, by how much of each was sent', () => {
    const rows = [sends('a', 'audio', 200, 20_000), told('a', 0.1), sends('v', 'video', 800, 900_000), told('v', 0.5)];
    const { stats } = readStats(report(...rows), first.mark, 2_000);
    expect(stats.sentLossPercent).toBeCloseTo(40);
    expect(stats.sentBitrateKbps).toBe(1640);
  });

  it('is not judged by the last word on a picture that is no longer sent', () => {
    const rows = [sends('a', 'audio', 200, 20_000), told('a', 0), sends('v', 'video', 500, 500_000), told('v', 0.5)];
    expect(readStats(report(...rows), first.mark, 2_000).stats.sentLossPercent).toBe(0);
  });

  it('is not known to be lost before the other side has said a word', () => {
    const rows = [sends('a', 'audio', 200, 20_000), sends('v', 'video', 800, 900_000)];
    expect(readStats(report(...rows), first.mark, 2_000).stats.sentLossPercent).toBeNull();
  });

  it('has the room that the path is thought to have', () => {
    const rows = [
      { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
      { id: 'P', type: 'candidate-pair', availableOutgoingBitrate: 300_000 },
    ];
    expect(readStats(report(...rows), null, 0).stats.availableKbps).toBe(300);
  });
});

describe('what is seen and heard', () => {
  const look = (freezeCount: number, totalFreezesDuration: number, concealedSamples: number, silent: number) =>
    report(
      { id: 'V', type: 'inbound-rtp', kind: 'video', freezeCount, totalFreezesDuration },
      {
        id: 'A',
        type: 'inbound-rtp',
        kind: 'audio',
        concealedSamples,
        silentConcealedSamples: silent,
        totalSamplesReceived: 48_000 + concealedSamples * 10,
      },
    );

  it('stood still so often and so long since the last look', () => {
    const { mark } = readStats(look(2, 1.5, 0, 0), null, 0);
    expect(readStats(look(5, 2.75, 0, 0), mark, 2_000).stats).toMatchObject({ freezes: 3, freezeMs: 1250 });
  });

  it('was made up in so many of a hundred samples, silence aside', () => {
    const { mark } = readStats(look(0, 0, 1_000, 0), null, 0);
    expect(readStats(look(0, 0, 2_000, 500), mark, 2_000).stats.concealedPercent).toBeCloseTo(5);
  });

  it('tells no share of packets that are too few for one', () => {
    const { mark } = readStats(report(audio(100, 0, 9_000)), null, 0);
    expect(readStats(report(audio(103, 1, 9_100)), mark, 2_000).stats.packetLossPercent).toBeNull();
  });
});

describe('the network of this device', () => {
  const on = (networkType: string | undefined) =>
    readStats(
      report(
        { id: 'P', type: 'candidate-pair', nominated: true, state: 'succeeded', localCandidateId: 'L' },
        { id: 'L', type: 'local-candidate', candidateType: 'host', networkType },
      ),
      null,
      0,
    ).stats.network;

  it.each([
    ['wifi', 'wifi'],
    ['cellular', 'cellular'],
    ['ethernet', 'ethernet'],
    ['vpn', 'unknown'],
    [undefined, null],
  ])('%s is %s', (said, network) => expect(on(said)).toBe(network));
});
