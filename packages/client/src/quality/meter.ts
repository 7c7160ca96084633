import type { CallMetrics, DeviceType } from '@parley/protocol';
import type { MediaStats } from '../ports/media-engine.ts';

/** Of all looks, each weighted by the time that it stands for. */
interface Mean {
  readonly sum: number;
  readonly ms: number;
}

const MEANS = {
  packetLossPercent: 'packetLossPercent',
  sentLossPercent: 'sentLossPercent',
  avgBitrateKbps: 'bitrateKbps',
  sentBitrateKbps: 'sentBitrateKbps',
  roundTripMs: 'roundTripMs',
  jitterMs: 'jitterMs',
  concealedPercent: 'concealedPercent',
} as const satisfies Record<string, keyof MediaStats>;
type MeanName = keyof typeof MEANS;
const MEAN_NAMES = Object.keys(MEANS) as MeanName[];

/**
 * What one device has measured in one call so far: a value that can be kept as JSON over a reload. Instants are
 * milliseconds by this device's clock.
 */
export interface Meter {
  readonly callId: string;
  readonly sequence: number;
  readonly acceptedAt: number | null;
  readonly firstMediaAt: number | null;
  readonly lookedAt: number | null;
  readonly means: Readonly<Record<MeanName, Mean>>;
  readonly worstLossPercent: number | null;
  readonly worstRoundTripMs: number | null;
  readonly freezeCount: number | null;
  readonly freezeMs: number | null;
  readonly audioEnabled: boolean;
  readonly videoEnabled: boolean;
  readonly path: MediaStats['path'];
  readonly network: MediaStats['network'];
  readonly audioCodec: string | null;
  readonly videoCodec: string | null;
}

/** A machine that slept between two looks measured nothing meanwhile. */
const MOST_MS = 10_000;
/** What the first look stands for. */
const FIRST_MS = 2_000;

export function startMeter(callId: string): Meter {
  const none: Mean = { sum: 0, ms: 0 };
  return {
    callId,
    sequence: 0,
    acceptedAt: null,
    firstMediaAt: null,
    lookedAt: null,
    means: Object.fromEntries(MEAN_NAMES.map((name) => [name, none])) as Record<MeanName, Mean>,
    worstLossPercent: null,
    worstRoundTripMs: null,
    freezeCount: null,
    freezeMs: null,
    audioEnabled: false,
    videoEnabled: false,
    path: null,
    network: null,
    audioCodec: null,
    videoCodec: null,
  };
}

/** The callee's tap, or for the caller the news of it: from here on somebody waits for media. */
export const accepted = (meter: Meter, now: number): Meter =>
  meter.acceptedAt === null && meter.firstMediaAt === null ? { ...meter, acceptedAt: now } : meter;

export const mediaCame = (meter: Meter, now: number): Meter =>
  meter.firstMediaAt === null ? { ...meter, firstMediaAt: now } : meter;

export function looked(
  meter: Meter,
  stats: MediaStats,
  own: { readonly audio: boolean; readonly video: boolean },
  now: number,
): Meter {
  const ms = meter.lookedAt === null ? FIRST_MS : Math.min(MOST_MS, Math.max(0, now - meter.lookedAt));
  const means = Object.fromEntries(
    MEAN_NAMES.map((name) => {
      const { sum, ms: before } = meter.means[name];
      const figure = stats[MEANS[name]];
      return [name, figure === null ? { sum, ms: before } : { sum: sum + figure * ms, ms: before + ms }];
    }),
  ) as Record<MeanName, Mean>;
  return {
    ...meter,
    lookedAt: now,
    means,
    worstLossPercent: greater(meter.worstLossPercent, stats.packetLossPercent),
    worstRoundTripMs: greater(meter.worstRoundTripMs, stats.roundTripMs),
    freezeCount: total(meter.freezeCount, stats.freezes),
    freezeMs: total(meter.freezeMs, stats.freezeMs),
    audioEnabled: meter.audioEnabled || own.audio,
    videoEnabled: meter.videoEnabled || own.video,
    // The newest that is known: a path may change, and a picture may come later.
    path: stats.path ?? meter.path,
    network: stats.network ?? meter.network,
    audioCodec: stats.audioCodec ?? meter.audioCodec,
    videoCodec: stats.videoCodec ?? meter.videoCodec,
  };
}

/** The next sample to be told: never two with the same number. */
export const counted = (meter: Meter): Meter => ({ ...meter, sequence: meter.sequence + 1 });

/** What there is to tell, within the bounds of the protocol. */
export function figuresOf(meter: Meter, now: number, deviceType: DeviceType | null): CallMetrics {
  const { acceptedAt, firstMediaAt, means } = meter;
  const mean = (name: MeanName): number | null => (means[name].ms > 0 ? means[name].sum / means[name].ms : null);
  return {
    sequence: meter.sequence,
    joinLatencyMs: acceptedAt === null || firstMediaAt === null ? null : whole(firstMediaAt - acceptedAt, 600_000),
    durationSeconds: firstMediaAt === null ? 0 : Math.max(0, Math.floor((now - firstMediaAt) / 1000)),
    packetLossPercent: hundredths(mean('packetLossPercent')),
    worstLossPercent: hundredths(meter.worstLossPercent),
    sentLossPercent: hundredths(mean('sentLossPercent')),
    avgBitrateKbps: whole(mean('avgBitrateKbps'), 1_000_000),
    sentBitrateKbps: whole(mean('sentBitrateKbps'), 1_000_000),
    roundTripMs: whole(mean('roundTripMs'), 600_000),
    worstRoundTripMs: whole(meter.worstRoundTripMs, 600_000),
    jitterMs: whole(mean('jitterMs'), 600_000),
    freezeCount: whole(meter.freezeCount, 1_000_000),
    freezeMs: whole(meter.freezeMs, 2_147_483_647),
    concealedPercent: hundredths(mean('concealedPercent')),
    audioEnabled: meter.audioEnabled,
    videoEnabled: meter.videoEnabled,
    path: meter.path,
    audioCodec: codec(meter.audioCodec),
    videoCodec: codec(meter.videoCodec),
    networkType: meter.network,
    deviceType,
  };
}

/** Of the same call, as it was kept before a reload; null for anything else. */
export function keptMeter(text: string | null, callId: string): Meter | null {
  try {
    const kept: unknown = JSON.parse(text ?? 'null');
    return isMeter(kept) && kept.callId === callId ? kept : null;
  } catch {
    return null;
  }
}

/** The app may be a newer one since: a shape that is not today's is not gone on with. */
function isMeter(value: unknown): value is Meter {
  const model: Readonly<Record<string, unknown>> = { ...startMeter('') };
  if (typeof value !== 'object' || value === null || !('means' in value)) return false;
  const { means } = value;
  return (
    Object.keys(value).toSorted().join() === Object.keys(model).toSorted().join() &&
    typeof means === 'object' &&
    means !== null &&
    MEAN_NAMES.every((name) => name in means)
  );
}

const greater = (before: number | null, now: number | null): number | null =>
  before === null || now === null ? (before ?? now) : Math.max(before, now);

const total = (before: number | null, now: number | null): number | null =>
  before === null && now === null ? null : (before ?? 0) + (now ?? 0);

const whole = (value: number | null, most: number): number | null =>
  value === null ? null : Math.min(most, Math.max(0, Math.round(value)));

const hundredths = (value: number | null): number | null =>
  value === null ? null : Math.min(100, Math.max(0, Math.round(value * 100) / 100));

const codec = (name: string | null): string | null =>
  name !== null && /^[A-Za-z0-9._-]{1,32}$/.test(name) ? name : null;
