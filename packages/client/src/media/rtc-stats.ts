/** What engines on WebRTC read from its statistics. It imports nothing at run time. */
import type { LocalNetwork, MediaStats } from '../ports/media-engine.ts';

/** `RTCStatsReport` as far as it is used. */
export interface StatsReport {
  forEach(visit: (report: Readonly<Record<string, unknown>>) => void): void;
}

type Row = Readonly<Record<string, unknown>>;

interface Arrived {
  readonly lost: number;
  readonly received: number;
}

/** Counters of the last look: rates are reckoned over the interval between two. */
export interface StatsMark {
  readonly at: number;
  readonly bytes: number;
  readonly lost: number;
  readonly received: number;
  /** Of each voice that comes in, by its id. */
  readonly voices: ReadonlyMap<string, Arrived>;
  readonly sentBytes: number;
  /** By the id of what is sent. */
  readonly sent: ReadonlyMap<string, number>;
  readonly freezes: number;
  readonly freezeMs: number;
  readonly samples: number;
  readonly concealed: number;
}

export const NO_STATS: MediaStats = {
  roundTripMs: null,
  jitterMs: null,
  packetLossPercent: null,
  sentLossPercent: null,
  bitrateKbps: null,
  sentBitrateKbps: null,
  availableKbps: null,
  freezes: null,
  freezeMs: null,
  concealedPercent: null,
  path: null,
  network: null,
  audioCodec: null,
  videoCodec: null,
};

/** Of fewer packets a share tells nothing: in silence Opus sends two or three a second (DTX). */
const LEAST_PACKETS = 10;

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
  const outbound = all.filter((row) => row.type === 'outbound-rtp');
  const of = (kind: string) => inbound.find((row) => isOf(row, kind)) ?? outbound.find((row) => isOf(row, kind));
  const heard = inbound.filter((row) => isOf(row, 'audio'));
  const seen = inbound.filter((row) => isOf(row, 'video'));
  const pair = selectedPair(rows, all);
  const mark: StatsMark = {
    at,
    bytes: sum(inbound, 'bytesReceived'),
    ...arrivedOf(inbound),
    voices: new Map(heard.map((row) => [String(row.id), arrivedOf([row])])),
    sentBytes: sum(outbound, 'bytesSent'),
    sent: new Map(outbound.map((row) => [String(row.id), numberOf(row.packetsSent) ?? 0])),
    freezes: sum(seen, 'freezeCount'),
    freezeMs: sum(seen, 'totalFreezesDuration') * 1000,
    samples: sum(heard, 'totalSamplesReceived'),
    // What was made up while the other side was silent by its own will (DTX) was not lost.
    concealed: sum(heard, 'concealedSamples') - sum(heard, 'silentConcealedSamples'),
  };
  const since = before !== null && at > before.at ? before : null;
  return {
    mark,
    stats: {
      roundTripMs: times1000(pair?.currentRoundTripTime),
      jitterMs: times1000(least(heard.map(({ jitter }) => numberOf(jitter)))),
      packetLossPercent: since && lossBetween(since, mark),
      sentLossPercent: since && sentLoss(outbound, rows, all, since),
      bitrateKbps: since && rate(mark.bytes - since.bytes, at - since.at),
      sentBitrateKbps: since && rate(mark.sentBytes - since.sentBytes, at - since.at),
      availableKbps: kilo(pair?.availableOutgoingBitrate),
      freezes: since && says(seen, 'freezeCount') ? Math.max(0, mark.freezes - since.freezes) : null,
      freezeMs:
        since && says(seen, 'totalFreezesDuration') ? Math.max(0, Math.round(mark.freezeMs - since.freezeMs)) : null,
      concealedPercent: since && share(mark.concealed - since.concealed, mark.samples - since.samples),
      path: pair ? pathOf(pair, rows) : null,
      network: pair ? networkOf(rows.get(String(pair.localCandidateId))) : null,
      audioCodec: codecOf(of('audio'), rows),
      videoCodec: codecOf(of('video'), rows),
    },
  };
}

/** Sound has arrived from the other side. */
export function audioHasArrived(report: StatsReport): boolean {
  let arrived = false;
  report.forEach((row) => {
    if (row.type === 'inbound-rtp' && isOf(row, 'audio') && (numberOf(row.packetsReceived) ?? 0) > 0) arrived = true;
  });
  return arrived;
}

/** What has come in on the path, of whatever kind: packets of media and of its control, and checks of the path and their answers. */
export function signsOfLife(report: StatsReport): number {
  let signs = 0;
  report.forEach((row) => {
    const of = (field: string) => numberOf(row[field]) ?? 0;
    if (row.type === 'inbound-rtp' || row.type === 'transport') signs += of('packetsReceived');
    if (row.type === 'candidate-pair') signs += of('requestsReceived') + of('responsesReceived');
  });
  return signs;
}

/** A picture has been drawn of what arrived. */
export function pictureHasArrived(report: StatsReport): boolean {
  let arrived = false;
  report.forEach((row) => {
    if (row.type === 'inbound-rtp' && isOf(row, 'video') && (numberOf(row.framesDecoded) ?? 0) > 0) arrived = true;
  });
  return arrived;
}

/**
 * Of one's own connection. What several people say comes over it, and each of them over one of their own before: what is lost of
 * all of them is lost here, and what is lost of one is lost there (Q9).
 */
function lossBetween(before: StatsMark, mark: StatsMark): number | null {
  const voices = [...mark.voices].map(([id, voice]) => lossOf(before.voices.get(id), voice));
  const several = voices.filter((loss) => loss !== null).length > 1;
  return several ? least(voices) : lossOf(before, mark);
}

function lossOf(before: Arrived | undefined, mark: Arrived): number | null {
  const lost = mark.lost - (before?.lost ?? 0);
  const sent = mark.received - (before?.received ?? 0) + lost;
  // Late packets make the counter go back (RFC 3550 §6.4.1).
  return sent >= LEAST_PACKETS ? share(lost, sent) : null;
}

const arrivedOf = (rows: readonly Row[]): Arrived => ({
  lost: sum(rows, 'packetsLost'),
  received: sum(rows, 'packetsReceived'),
});

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/**
 * What the other side says that it lost of what went out: the share of its last reports (RTCP, every few seconds), weighted
 * by what went out since. Whatever is not sent any more is left out, since its last report stands for ever.
 */
function sentLoss(
  outbound: readonly Row[],
  rows: ReadonlyMap<string, Row>,
  all: readonly Row[],
  before: StatsMark,
): number | null {
  let lost = 0;
  let sent = 0;
  for (const row of outbound) {
    const told =
      rows.get(String(row.remoteId)) ??
      all.find((other) => other.type === 'remote-inbound-rtp' && other.localId === row.id);
    const fraction = numberOf(told?.fractionLost);
    const went = (numberOf(row.packetsSent) ?? 0) - (before.sent.get(String(row.id)) ?? 0);
    if (fraction === null || went <= 0) continue;
    sent += went;
    lost += went * fraction;
  }
  return sent >= LEAST_PACKETS ? share(lost, sent) : null;
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

/** Where a browser still tells: Chromium does, others left it out for privacy's sake. */
function networkOf(candidate: Row | undefined): LocalNetwork | null {
  const { networkType } = candidate ?? {};
  if (networkType === 'wifi' || networkType === 'ethernet' || networkType === 'cellular') return networkType;
  return typeof networkType === 'string' ? 'unknown' : null;
}

function codecOf(row: Row | undefined, rows: ReadonlyMap<string, Row>): string | null {
  const mimeType = row && rows.get(String(row.codecId))?.mimeType;
  return typeof mimeType === 'string' ? (mimeType.split('/')[1] ?? mimeType) : null;
}

const isOf = (row: Row, kind: string): boolean => row.kind === kind || row.mediaType === kind;

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

function times1000(value: unknown): number | null {
  const seconds = numberOf(value);
  return seconds === null ? null : seconds * 1000;
}

function kilo(value: unknown): number | null {
  const bits = numberOf(value);
  return bits === null ? null : bits / 1000;
}

/** Kilobits a second, of bytes in milliseconds. */
const rate = (bytes: number, ms: number): number => Math.max(0, (bytes * 8) / ms);

/** Percent, within its bounds whatever the counters say; null of nothing. */
const share = (part: number, whole: number): number | null =>
  whole > 0 ? Math.min(100, Math.max(0, (part / whole) * 100)) : null;

const says = (rows: readonly Row[], field: string): boolean => rows.some((row) => numberOf(row[field]) !== null);

const sum = (rows: readonly Row[], field: string): number =>
  rows.reduce((total, row) => total + (numberOf(row[field]) ?? 0), 0);
