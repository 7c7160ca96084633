import type { MediaStats } from '@parley/client';
import type { CallMetrics } from '@parley/protocol';
import { decimal, whole } from '../../words/format';
import { t } from '../../words/words';
import type { ActiveCallSnapshot } from '../snapshots';

/** One line of figures for the curious. */
export interface Figure {
  readonly label: string;
  readonly value: string;
}

export interface ConnectionFigures {
  /** Of the last seconds. */
  readonly stats: MediaStats | null;
  /** Of the whole call until now. */
  readonly soFar: CallMetrics | null;
  readonly protection: ActiveCallSnapshot['protection'];
}

type Told = number | null | undefined;
const isTold = (value: Told): value is number => typeof value === 'number';

const ms = (value: Told) => (isTold(value) ? t('figures.ms', { value: whole(value) }) : null);
const kbps = (value: Told) => (isTold(value) ? t('figures.kbps', { value: whole(value) }) : null);
const percent = (value: Told) => (isTold(value) ? t('figures.percent', { value: decimal(value) }) : null);
const seconds = (value: Told) => (isTold(value) ? t('figures.s', { value: decimal(value / 1000) }) : null);
const times = (count: Told) => (isTold(count) ? t('figures.times', { count }) : null);
const path = (value: CallMetrics['path']) => (value ? t(`figures.paths.${value}`) : null);
const worst = (mean: string | null, most: string | null) =>
  mean === null || most === null || mean === most ? mean : t('figures.worst', { mean, most });
const stood = (count: Told, duration: Told) => {
  const often = times(count);
  const long = seconds(duration);
  return often === null || long === null || count === 0 ? often : t('figures.together', { often, long });
};

const known = (rows: readonly (readonly [string, string | null | undefined])[]): readonly Figure[] =>
  rows.flatMap(([label, value]) => (value === null || value === undefined || value === '' ? [] : [{ label, value }]));

/** Of a call that goes on; what nobody has measured is left out. */
export function liveFigures({ stats, soFar, protection }: ConnectionFigures): readonly Figure[] {
  return known([
    [t('figures.path'), path(stats?.path)],
    [t('figures.protection'), protection && t(`protection.${protection}`)],
    [t('figures.audioCodec'), stats?.audioCodec],
    [t('figures.videoCodec'), stats?.videoCodec],
    [t('figures.roundTrip'), ms(stats?.roundTripMs)],
    [t('figures.jitter'), ms(stats?.jitterMs)],
    [t('figures.lossIn'), percent(stats?.packetLossPercent)],
    [t('figures.lossOut'), percent(stats?.sentLossPercent)],
    [t('figures.bitrateIn'), kbps(stats?.bitrateKbps)],
    [t('figures.bitrateOut'), kbps(stats?.sentBitrateKbps)],
    [t('figures.available'), kbps(stats?.availableKbps)],
    [t('figures.freezes'), stood(soFar?.freezeCount, soFar?.freezeMs)],
    [t('figures.concealed'), percent(soFar?.concealedPercent)],
  ]);
}

/** Of a call that is over. */
export function summaryFigures(metrics: CallMetrics): readonly Figure[] {
  return known([
    [t('figures.path'), path(metrics.path)],
    [t('figures.joined'), ms(metrics.joinLatencyMs)],
    [t('figures.roundTrip'), worst(ms(metrics.roundTripMs), ms(metrics.worstRoundTripMs))],
    [t('figures.jitter'), ms(metrics.jitterMs)],
    [t('figures.lossIn'), worst(percent(metrics.packetLossPercent), percent(metrics.worstLossPercent))],
    [t('figures.lossOut'), percent(metrics.sentLossPercent)],
    [t('figures.bitrateIn'), kbps(metrics.avgBitrateKbps)],
    [t('figures.bitrateOut'), kbps(metrics.sentBitrateKbps)],
    [t('figures.freezes'), stood(metrics.freezeCount, metrics.freezeMs)],
    [t('figures.concealed'), percent(metrics.concealedPercent)],
    [t('figures.codecs'), [metrics.audioCodec, metrics.videoCodec].filter((codec) => codec).join(', ')],
  ]);
}

/** For whoever wants to send them to somebody. */
export const figuresAsText = (figures: readonly Figure[]): string =>
  figures.map(({ label, value }) => `${label}: ${value}`).join('\n');
