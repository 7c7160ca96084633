import { fitted, type Interval, lineOf, median, type Point, ratio } from './stats.ts';
import { halves, type Measured } from './turns.ts';

export interface Aim {
  readonly aim: string;
  readonly found: string;
  /** Null where it could not be measured. */
  readonly met: boolean | null;
}

/** An aim and the run that it comes from: what a busy machine has found is neither met nor missed. */
export interface Judged extends Aim {
  readonly valid: boolean;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly notes: readonly string[];
}

export interface Result {
  /** Raw figures, kept as JSON. */
  readonly figures: unknown;
  readonly table: Table;
  readonly aims?: readonly Aim[];
  /** What the page shows as a curve: its text. */
  readonly svg?: string;
}

const AIM_COLUMNS: readonly string[] = ['aim', 'found', ''];

/** The table with which a run ends. */
export function aimTable(all: readonly Judged[]): Table {
  const verdict = ({ met, valid }: Judged) => (met === null ? '–' : !valid ? 'invalid' : met ? 'met' : '**missed**');
  const rows = all.map((one) => [one.aim, one.found, verdict(one)]);
  return { columns: AIM_COLUMNS, rows, notes: [] };
}

/**
 * The table of the page once some benches have run: theirs anew, the others' as it was.
 * @param before the table as it stands on the page, in Markdown
 * @param known the names of all benches: each aim begins with one
 * @param ran those that have run; one that has failed keeps what was found of it before
 */
export function aimsAfter(
  before: string,
  known: readonly string[],
  ran: readonly string[],
  found: readonly Judged[],
): Table {
  const benchOf = (aim: string) => /^\w+/.exec(aim)?.[0] ?? '';
  const cells = before
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => line.replace(/^\| | \|$/g, '').split(' | '));
  const kept = cells.filter(([aim = '']) => known.includes(benchOf(aim)) && !ran.includes(benchOf(aim)));
  const anew = aimTable(found.filter(({ aim }) => ran.includes(benchOf(aim)))).rows;
  const rows = [...kept, ...anew];
  return {
    columns: AIM_COLUMNS,
    rows: rows.sort(([a], [b]) => benchOf(String(a)).localeCompare(benchOf(String(b)))),
    notes: [],
  };
}

const of = ({ value, low, high }: Interval, digits: number): string =>
  `${value.toFixed(digits)} (${low.toFixed(digits)} … ${high.toFixed(digits)})`;

export const interval = (found: Interval, digits = 2): string => of(found, digits);

/** A row for each figure of each contestant: intercept, slope, the median at each round trip, and the noise of A against A. */
export function sweepTable(measured: Measured, notes: readonly string[]): Table {
  const all = Object.values(measured).flatMap((figures) => Object.values(figures).flat());
  const roundTrips = [...new Set(all.map(({ r }) => r))].sort((a, b) => a - b);
  const rows = Object.entries(measured).flatMap(([name, figures]) =>
    Object.entries(figures).map(([figure, points]) => {
      const { slope, intercept } = fitted(points);
      const [one, other] = halves(points);
      const noise = other.length === 0 ? '–' : interval(ratio(one, other, medianOfAll));
      const medians = roundTrips.map((r) => Math.round(median(points.filter((p) => p.r === r).map(({ ms }) => ms))));
      return [`${name}: ${figure}`, `${of(intercept, 0)} ms`, `${of(slope, 2)} R`, ...medians, noise];
    }),
  );
  const at = roundTrips.map((r) => `R = ${r} ms`);
  return { columns: ['', 'intercept', 'slope', ...at, 'A / A'], rows, notes };
}

const medianOfAll = (points: readonly Point[]): number => median(points.map(({ ms }) => ms));

/** Whether the slope and the intercept are at most so much. */
export function lineAim(
  what: string,
  points: readonly Point[] | undefined,
  most: { slope?: number; ms?: number },
): Aim {
  const wanted = [most.slope === undefined ? '' : `${most.slope} R`, most.ms === undefined ? '' : `${most.ms} ms`];
  const aim = `${what} within ${wanted.filter((part) => part !== '').join(' and ')}`;
  if (!points || points.length === 0) return { aim, found: 'not measured', met: null };
  const { slope, intercept } = lineOf(points);
  const met = (most.slope === undefined || slope <= most.slope) && (most.ms === undefined || intercept <= most.ms);
  return { aim, found: `${intercept.toFixed(0)} ms + ${slope.toFixed(2)} R`, met };
}

/** Whether a figure of ours is at most `most` times the other's. */
export function ratioAim(aim: string, found: Interval | null, most: number): Aim {
  if (found === null || Number.isNaN(found.value)) return { aim, found: 'not measured', met: null };
  return { aim, found: `${interval(found)}×`, met: found.value <= most };
}

const WIDTH = 640;
const HEIGHT = 320;
const MARGIN = 48;
const COLOURS = ['#1d6fe0', '#d1452c', '#128a5e', '#8a4fc7', '#b07d00', '#5b6270'];

export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Points and their names, drawn without any library: medians as a line, what was measured as dots. */
export function curve(title: string, xName: string, yName: string, series: readonly Series[]): string {
  const xs = series.flatMap(({ points }) => points.map(({ x }) => x));
  const ys = series.flatMap(({ points }) => points.map(({ y }) => y));
  const [mostX, mostY] = [Math.max(1, ...xs), Math.max(1e-9, ...ys)];
  const px = (x: number) => (MARGIN + (x / mostX) * (WIDTH - MARGIN - 16)).toFixed(1);
  const py = (y: number) => (HEIGHT - MARGIN - (y / mostY) * (HEIGHT - MARGIN - 32)).toFixed(1);
  const drawn = series.map(({ name, points }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const dots = points.map(({ x, y }) => `<circle cx="${px(x)}" cy="${py(y)}" r="2" fill="${colour}" opacity="0.5"/>`);
    const line = [...Map.groupBy(points, ({ x }) => x)]
      .sort(([a], [b]) => a - b)
      .map(([x, at]) => `${px(x)},${py(median(at.map(({ y }) => y)))}`);
    const label = `<text x="${MARGIN + 8}" y="${36 + index * 15}" fill="${colour}">${escaped(name)}</text>`;
    return `<polyline points="${line.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}${label}`;
  });
  const ticks = [0, 0.5, 1].flatMap((share) => [
    `<text x="${px(mostX * share)}" y="${HEIGHT - MARGIN + 16}" text-anchor="middle">${short(mostX * share)}</text>`,
    `<text x="${MARGIN - 6}" y="${py(mostY * share)}" text-anchor="end">${short(mostY * share)}</text>`,
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#444">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/><text x="${WIDTH / 2}" y="18" text-anchor="middle">${escaped(title)}</text>`,
    `<path d="M${MARGIN},24 V${HEIGHT - MARGIN} H${WIDTH - 16}" fill="none" stroke="#888"/>`,
    `<text x="${WIDTH / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escaped(xName)}</text>`,
    `<text x="14" y="${HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 14 ${HEIGHT / 2})">${escaped(yName)}</text>`,
    ...ticks,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

export const sweepCurve = (title: string, measured: Measured): string =>
  curve(
    title,
    'round trip R, ms',
    'ms',
    Object.entries(measured).flatMap(([name, figures]) =>
      Object.entries(figures).map(([figure, points]) => ({
        name: `${name}: ${figure}`,
        points: points.map(({ r, ms }) => ({ x: r, y: ms })),
      })),
    ),
  );

const short = (value: number): string => (value >= 10 ? String(Math.round(value)) : value.toFixed(1));
const escaped = (text: string): string =>
  text.replace(/[<>&]/g, (sign) => (sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : '&amp;'));
