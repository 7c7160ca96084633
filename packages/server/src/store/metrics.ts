import type { CallMetrics } from '@parley/protocol';
import type { Sql } from '../ports/database.ts';

/** Who measured; without an instance the device counts as one, and without a device the person. */
export interface Measurer {
  readonly userId: string;
  readonly deviceId: string | null;
  readonly instanceId: string | null;
}

export interface MetricsKept {
  /**
   * `unknown`: does not take part. `late`: too long after the end. `full`: passed over, the person has told of too many
   * instances. `closed`: kept, and these were the closing figures, told for the first time.
   */
  readonly outcome: 'unknown' | 'late' | 'full' | 'kept' | 'closed';
  /** The rating is another than this device had told, not the same with more reasons. */
  readonly rated: boolean;
}

/** Keeps what one device tells of a call, and what it makes of the call's own figures; one round trip. */
export async function saveMetrics(
  sql: Sql,
  callId: string,
  { userId, deviceId, instanceId }: Measurer,
  metrics: CallMetrics,
  { lateMs, skewMs }: { readonly lateMs: number; readonly skewMs: number },
): Promise<MetricsKept> {
  const [row] = await sql.query<{ outcome: MetricsKept['outcome']; rated: boolean }>(
    `select split_part(kept, ' ', 1) as outcome, kept like '% rated' as rated
       from parley.save_metrics($1, $2, $3, $4, $5::jsonb, $6, $7) as kept`,
    [callId, userId, deviceId, instanceId ?? deviceId ?? userId, JSON.stringify(toColumns(metrics)), lateMs, skewMs],
  );
  return row ?? { outcome: 'unknown', rated: false };
}

/** By the names of the columns; what is null was not measured, and is left out. */
function toColumns(metrics: CallMetrics): Record<string, unknown> {
  const told: Readonly<Record<string, unknown>> = {
    sequence: metrics.sequence,
    closed: metrics.closing,
    join_latency_ms: metrics.joinLatencyMs,
    duration_seconds: metrics.durationSeconds,
    packet_loss_percent: metrics.packetLossPercent,
    worst_loss_percent: metrics.worstLossPercent,
    sent_loss_percent: metrics.sentLossPercent,
    avg_bitrate_kbps: metrics.avgBitrateKbps,
    sent_bitrate_kbps: metrics.sentBitrateKbps,
    round_trip_ms: metrics.roundTripMs,
    worst_round_trip_ms: metrics.worstRoundTripMs,
    jitter_ms: metrics.jitterMs,
    freeze_count: metrics.freezeCount,
    freeze_ms: metrics.freezeMs,
    concealed_percent: metrics.concealedPercent,
    audio_enabled: metrics.audioEnabled,
    video_enabled: metrics.videoEnabled,
    path: metrics.path,
    audio_codec: metrics.audioCodec,
    video_codec: metrics.videoCodec,
    network_type: metrics.networkType,
    device_type: metrics.deviceType,
    rating: metrics.rating,
    // Reasons belong to a rating.
    rating_reasons: metrics.rating === undefined ? undefined : [...new Set(metrics.ratingReasons ?? [])],
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined && value !== null));
}
