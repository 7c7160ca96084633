/** A connection in one word, as people use them. */
export const CONNECTION_QUALITIES = ['good', 'fair', 'weak'] as const;
export type ConnectionQuality = (typeof CONNECTION_QUALITIES)[number];

/** One look at a connection; null where nothing is known. Percent are 0–100, times milliseconds. */
export interface ConnectionLook {
  readonly roundTripMs: number | null;
  readonly jitterMs: number | null;
  /** Of what comes in. */
  readonly packetLossPercent: number | null;
  /** Of what goes out, as the other side tells it. */
  readonly sentLossPercent: number | null;
  /** What the path is thought to carry from here. */
  readonly availableKbps: number | null;
}

interface Bounds {
  readonly lossPercent: number;
  readonly roundTripMs: number;
  readonly jitterMs: number;
}

/**
 * ITU-T G.114: up to 150 ms one way nobody notices, beyond 400 ms a talk falls apart. Opus conceals single losses well up to
 * some three percent (RFC 7587 §3.3), and nothing does beyond ten. The jitter is what a browser's buffer takes up unheard.
 */
const FAIR: Bounds = { lossPercent: 3, roundTripMs: 300, jitterMs: 40 };
const WEAK: Bounds = { lossPercent: 10, roundTripMs: 800, jitterMs: 100 };

/** A change for the worse is said after so long, one for the better later: a word that flickers tells nothing. */
const WORSE_AFTER_MS = 4_000;
const BETTER_AFTER_MS = 10_000;
/** A connection has to keep this far within the bounds to be called better. */
const BETTER_WITHIN = 0.7;

/** Q1, Q2. Null for a look that saw nothing. @param within 1 for the bounds themselves, less for stricter ones */
export function qualityOf(look: ConnectionLook, within = 1): ConnectionQuality | null {
  const { roundTripMs, jitterMs, packetLossPercent, sentLossPercent } = look;
  if (roundTripMs === null && packetLossPercent === null && sentLossPercent === null) return null;
  const loss = Math.max(packetLossPercent ?? 0, sentLossPercent ?? 0);
  const exceeds = (bounds: Bounds): boolean =>
    loss > bounds.lossPercent * within ||
    (roundTripMs ?? 0) > bounds.roundTripMs * within ||
    (jitterMs ?? 0) > bounds.jitterMs * within;
  if (exceeds(WEAK)) return 'weak';
  return exceeds(FAIR) ? 'fair' : 'good';
}

/** What is said of a connection, and since when looks have said otherwise. */
export interface QualityVerdict {
  readonly quality: ConnectionQuality | null;
  readonly turning: { readonly to: 'worse' | 'better'; readonly since: number } | null;
}

export const NO_VERDICT: QualityVerdict = { quality: null, turning: null };

/** Q3, Q4. @param now milliseconds of a clock that goes forward */
export function judgeQuality(before: QualityVerdict, look: ConnectionLook, now: number): QualityVerdict {
  const seen = qualityOf(look);
  if (seen === null) return before;
  if (before.quality === null) return { quality: seen, turning: null };
  const strict = qualityOf(look, BETTER_WITHIN) ?? seen;
  const said = rankOf(before.quality);
  if (rankOf(seen) > said) return turned(before, 'worse', seen, now, WORSE_AFTER_MS);
  if (rankOf(strict) < said) return turned(before, 'better', strict, now, BETTER_AFTER_MS);
  return before.turning === null ? before : { quality: before.quality, turning: null };
}

function turned(
  before: QualityVerdict,
  to: 'worse' | 'better',
  quality: ConnectionQuality,
  now: number,
  afterMs: number,
): QualityVerdict {
  const since = before.turning?.to === to ? before.turning.since : now;
  if (now - since >= afterMs) return { quality, turning: null };
  return { quality: before.quality, turning: { to, since } };
}

const rankOf = (quality: ConnectionQuality): number => CONNECTION_QUALITIES.indexOf(quality);
