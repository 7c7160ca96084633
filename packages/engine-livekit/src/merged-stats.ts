import type { StatsReport } from '@parley/client/rtc-stats';

/** Fields that name another row of the same report (W3C WebRTC Statistics). */
const IDS = [
  'id',
  'codecId',
  'localId',
  'remoteId',
  'localCandidateId',
  'remoteCandidateId',
  'selectedCandidatePairId',
  'transportId',
];

/** The SDK may use one peer connection or two, whose rows have the same ids. */
export function merged(reports: readonly StatsReport[]): StatsReport {
  const [first, ...others] = reports;
  if (first && others.length === 0) return first;
  return {
    forEach(visit) {
      for (const [index, report] of reports.entries()) {
        report.forEach((row) => {
          visit(renamed(row, index));
        });
      }
    },
  };
}

function renamed(row: Readonly<Record<string, unknown>>, index: number): Readonly<Record<string, unknown>> {
  const copy = { ...row };
  for (const field of IDS) if (typeof copy[field] === 'string') copy[field] = `${index}/${copy[field]}`;
  return copy;
}
