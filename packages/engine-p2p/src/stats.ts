import type { MediaStats } from '@parley/client';
import type { StatsReport } from './peer-connection.ts';

type Row = Readonly<Record<string, unknown>>;

/** Counters of the last look: rates are reckoned over the interval between two. */
export interface StatsMark {
  readonly at: number;
  readonly bytes: number;
  readonly lost: number;
  readonly received: number;
}

export const NO_STATS: MediaStats = {
  roundTripMs: null,
  jitterMs: null,
  packetLossPercent: null,
  bitrateKbps: null,
  path: null,
  audioCodec: null,
  videoCodec: null,
};

/** @param at now, in milliseconds. Names of the fields: W3C WebRTC Statistics. */
export function readStats(
  report: StatsReport,
  before: StatsMark | null,
  at: number,
): { stats: MediaStats; mark: StatsMark } {
  const rows = new Map<string, Row>();
  report.forEach((row) => {
    if (typeof row.id === 'string') rows.set(row.id, row);
  });
  const all = [...rows.values()];
  const inbound = all.filter((row) => row.type === 'inbound-rtp');
  const of = (kind: string) => inbound.find((row) => row.kind === kind || row.mediaType === kind);
  const pair = selectedPair(rows, all);
  const mark: StatsMark = {
    at,
    bytes: sum(inbound, 'bytesReceived'),
    lost: sum(inbound, 'packetsLost'),
    received: sum(inbound, 'packetsReceived'),
  };
  const roundTrip = numberOf(pair?.currentRoundTripTime);
  const jitter = numberOf(of('audio')?.jitter);
  return {
    mark,
    stats: {
      roundTripMs: roundTrip === null ? null : roundTrip * 1000,
      jitterMs: jitter === null ? null : jitter * 1000,
      packetLossPercent: before && lossBetween(before, mark),
      bitrateKbps: before && at > before.at ? Math.max(0, ((mark.bytes - before.bytes) * 8) / (at - before.at)) : null,
      path: pair ? pathOf(pair, rows) : null,
      audioCodec: codecOf(of('audio'), rows),
      videoCodec: codecOf(of('video'), rows),
    },
  };
}

/** Sound has arrived from the other side. */
export function audioHasArrived(report: StatsReport): boolean {
  let arrived = false;
  report.forEach((row) => {
    const isAudio = row.kind === 'audio' || row.mediaType === 'audio';
    if (row.type === 'inbound-rtp' && isAudio && (numberOf(row.packetsReceived) ?? 0) > 0) arrived = true;
  });
  return arrived;
}

function lossBetween(before: StatsMark, mark: StatsMark): number | null {
  const lost = mark.lost - before.lost;
  const sent = mark.received - before.received + lost;
  // Late packets make the counter go back (RFC 3550 §6.4.1).
  return sent > 0 ? Math.min(100, Math.max(0, (lost / sent) * 100)) : null;
}

function selectedPair(rows: ReadonlyMap<string, Row>, all: readonly Row[]): Row | undefined {
  const transport = all.find((row) => row.type === 'transport' && typeof row.selectedCandidatePairId === 'string');
  const named = transport && rows.get(String(transport.selectedCandidatePairId));
  return (
    named ?? all.find((row) => row.type === 'candidate-pair' && row.nominated === true && row.state === 'succeeded')
  );
}

function pathOf(pair: Row, rows: ReadonlyMap<string, Row>): 'direct' | 'relay' {
  const ends = [rows.get(String(pair.localCandidateId)), rows.get(String(pair.remoteCandidateId))];
  return ends.some((candidate) => candidate?.candidateType === 'relay') ? 'relay' : 'direct';
}

function codecOf(row: Row | undefined, rows: ReadonlyMap<string, Row>): string | null {
  const mimeType = row && rows.get(String(row.codecId))?.mimeType;
  return typeof mimeType === 'string' ? (mimeType.split('/')[1] ?? mimeType) : null;
}

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

const sum = (rows: readonly Row[], field: string): number =>
  rows.reduce((total, row) => total + (numberOf(row[field]) ?? 0), 0);
