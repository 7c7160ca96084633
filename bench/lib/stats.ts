/** What is measured at a round trip of `r` milliseconds. */
export interface Point {
  readonly r: number;
  readonly ms: number;
}

export interface Interval {
  readonly value: number;
  /** 95 of 100 resamplings lie between these. */
  readonly low: number;
  readonly high: number;
}

/** `ms = intercept + slope × r`: the slope counts round trips, the intercept is the machine's own time. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

const RESAMPLINGS = 1000;
const ROUNDS = 30;
/** Huber's: beyond so many standard deviations a point pulls no harder. 95 % as good as least squares on clean data. */
const HUBER = 1.345;
/** Of the median absolute deviation to the standard deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;

/** @param share 0.5 for the median. NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (low === undefined || high === undefined) return Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Numbers from 0 to 1 that are the same in each run (mulberry32): figures of the same data are the same figures. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Robust least squares (Huber, by reweighting): a call that met a busy moment of the machine does not bend the line.
 * With one `r` only there is no slope: it is 0.
 */
export function lineOf(points: readonly Point[]): Line {
  let line = weighted(points, () => 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    const { slope, intercept } = line;
    const away = points.map(({ r, ms }) => Math.abs(ms - intercept - slope * r));
    const sigma = Math.max(1e-9, median(away) * MAD_TO_SIGMA);
    const next = weighted(points, (index) => Math.min(1, (HUBER * sigma) / Math.max(1e-9, away[index] ?? 0)));
    const done = Math.abs(next.slope - slope) < 1e-9 && Math.abs(next.intercept - intercept) < 1e-9;
    line = next;
    if (done) break;
  }
  return line;
}

function weighted(points: readonly Point[], weightOf: (index: number) => number): Line {
  let [sum, sumR, sumMs] = [0, 0, 0];
  for (const [index, { r, ms }] of points.entries()) {
    const weight = weightOf(index);
    sum += weight;
    sumR += weight * r;
    sumMs += weight * ms;
  }
  const [meanR, meanMs] = [sumR / sum, sumMs / sum];
  let [together, spread] = [0, 0];
  for (const [index, { r, ms }] of points.entries()) {
    const weight = weightOf(index);
    together += weight * (r - meanR) * (ms - meanMs);
    spread += weight * (r - meanR) ** 2;
  }
  const slope = spread === 0 ? 0 : together / spread;
  return { slope, intercept: meanMs - slope * meanR };
}

/** Resamples within each `r`, so that every resampling has as many of each. */
function resample(points: readonly Point[], next: () => number): Point[] {
  const groups = Map.groupBy(points, ({ r }) => r);
  return points.map((point) => {
    const group = groups.get(point.r) ?? [point];
    return group[Math.floor(next() * group.length)] ?? point;
  });
}

const between = (value: number, samples: readonly number[]): Interval => ({
  value,
  low: quantile(samples, 0.025),
  high: quantile(samples, 0.975),
});

/** The line through the points, with what resampling makes of it. */
export function fitted(points: readonly Point[], seed = 1): { slope: Interval; intercept: Interval } {
  const next = random(seed);
  const lines = Array.from({ length: RESAMPLINGS }, () => lineOf(resample(points, next)));
  const line = lineOf(points);
  return {
    slope: between(
      line.slope,
      lines.map(({ slope }) => slope),
    ),
    intercept: between(
      line.intercept,
      lines.map(({ intercept }) => intercept),
    ),
  };
}

/** A figure of ours by the same figure of the other. */
export function ratio(
  ours: readonly Point[],
  theirs: readonly Point[],
  figure: (points: readonly Point[]) => number,
  seed = 1,
): Interval {
  const next = random(seed);
  const samples = Array.from(
    { length: RESAMPLINGS },
    () => figure(resample(ours, next)) / figure(resample(theirs, next)),
  );
  return between(figure(ours) / figure(theirs), samples);
}

/** The medians of two samples, one by the other. */
export const medianRatio = (ours: readonly number[], theirs: readonly number[], seed = 1): Interval =>
  ratio(asPoints(ours), asPoints(theirs), (points) => median(points.map(({ ms }) => ms)), seed);

/** The means of two samples, one by the other. */
export const meanRatio = (ours: readonly number[], theirs: readonly number[], seed = 1): Interval =>
  ratio(asPoints(ours), asPoints(theirs), mean, seed);

const mean = (points: readonly Point[]): number => points.reduce((sum, { ms }) => sum + ms, 0) / points.length;
const asPoints = (values: readonly number[]): Point[] => values.map((ms) => ({ r: 0, ms }));
