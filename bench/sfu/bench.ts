// What the media server spends on a packet that it hands on: LiveKit with the configuration that Parley gives it against LiveKit as it
// comes, in the shapes of Mattermost's published table (calls of eight of whom two are unmuted, a large one, one with a shared screen)
// as far as the people of the bench fit beside it. Both carry the same at the same moments on the same core: what disturbs one disturbs
// the other.
import { mediaServerLack } from '../lib/media-server.ts';
import { type Aim, interval, type Result } from '../lib/report.ts';
import { roundsOf } from '../lib/size.ts';
import { median, medianRatio } from '../lib/stats.ts';
import { Calls, type Flowed, type Shape } from './calls.ts';
import { type MediaPlace, openMediaPlace } from './place.ts';

export const smoke = true;
export const lack = mediaServerLack;
/** Everything of the ratio's interval has to be there. */
const LEAST = 0.98;
const SHAPES: readonly Shape[] = [
  { calls: 4, people: 8, unmuted: 2, screen: false },
  { calls: 1, people: 24, unmuted: 2, screen: false },
  { calls: 1, people: 10, unmuted: 2, screen: true },
];
const SMALL: readonly Shape[] = [{ calls: 1, people: 3, unmuted: 1, screen: false }];

/** Twice the same, to see what is noise. */
const AGAIN = 'ours again';

interface Pair {
  readonly shape: string;
  readonly other: 'stock' | typeof AGAIN;
  readonly windows: readonly (readonly [Flowed, Flowed])[];
}

export async function run({ smoke: brief, say }: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const found: Pair[] = [];
  const [first] = SHAPES;
  for (const shape of brief ? SMALL : SHAPES) found.push(await compare(shape, 'stock', brief, say));
  if (!brief && first) found.push(await compare(first, AGAIN, brief, say));
  return report(found);
}

async function compare(shape: Shape, other: Pair['other'], brief: boolean, say: (line: string) => void): Promise<Pair> {
  const places: MediaPlace[] = [];
  const sides: Calls[] = [];
  const windows: (readonly [Flowed, Flowed])[] = [];
  try {
    for (const kind of ['parley', other === 'stock' ? 'stock' : 'parley'] as const) {
      const place = await openMediaPlace(kind);
      places.push(place);
      sides.push(await Calls.open(place, shape));
    }
    for (const calls of sides) await calls.begin();
    for (let round = 0; round < roundsOf(30, brief); round += 1) {
      const [ours, theirs] = await Promise.all(sides.map((calls) => calls.measure(brief ? 500 : 2_000)));
      if (!ours || !theirs || ours.broken || theirs.broken) continue;
      windows.push([ours, theirs]);
      say(
        `${wordsOf(shape)}, ours and ${other}: ${microsOf(ours).toFixed(1)} and ${microsOf(theirs).toFixed(1)} µs a packet`,
      );
    }
    if (windows.length === 0) throw new Error(`${wordsOf(shape)}: somebody had to connect again in each window.`);
    return { shape: wordsOf(shape), other, windows };
  } finally {
    for (const calls of sides) await calls.end().catch(() => undefined);
    for (const calls of sides) await calls.close().catch(() => undefined);
    for (const place of places) await place.stop();
  }
}

const wordsOf = ({ calls, people, unmuted, screen }: Shape): string =>
  `${calls} × ${people}, ${unmuted} unmuted${screen ? ', a screen' : ''}`;
const microsOf = ({ cpuMs, packets }: Flowed): number => (cpuMs * 1000) / Math.max(1, packets);
const lostOf = (all: readonly Flowed[]): number => {
  const [lost, packets] = [all.reduce((sum, one) => sum + one.lost, 0), all.reduce((sum, one) => sum + one.packets, 0)];
  return lost / Math.max(1, lost + packets);
};

function report(found: readonly Pair[]): Result {
  const pairs = found.map((pair) => ({
    ...pair,
    // Packets for a second of processor: more is better.
    times: medianRatio(
      pair.windows.map(([ours, theirs]) => microsOf(theirs) / microsOf(ours)),
      [1],
    ),
    sides: ['ours', pair.other].map((name, index) => ({
      name,
      all: pair.windows.map((window) => window[index] as Flowed),
    })),
  }));
  const percent = (value: number) => `${(value * 100).toFixed(2)} %`;
  return {
    figures: found,
    table: {
      columns: [
        '',
        'packets a second',
        'processor for a packet',
        'of a core',
        'lost',
        'packets for its processor, ours by the other',
      ],
      rows: pairs.flatMap(({ shape, times, sides }) =>
        sides.map(({ name, all }, index) => [
          `${shape}: ${name}`,
          median(all.map(({ packets, seconds }) => packets / seconds)).toFixed(0),
          `${median(all.map(microsOf)).toFixed(1)} µs`,
          percent(median(all.map(({ cpuMs, seconds }) => cpuMs / 1000 / seconds))),
          percent(lostOf(all)),
          index === 0 ? interval(times, 3) : '',
        ]),
      ),
      notes: [
        'Calls × people; both media servers on the first core, with the same load at the same moments, their people without a browser.',
      ],
    },
    aims: pairs
      .filter(({ other }) => other === 'stock')
      .map(
        ({ shape, times, sides }): Aim => ({
          aim: `sfu, ${shape}: ours by stock not below ${LEAST}`,
          found: `${interval(times, 3)}×; lost ${sides.map(({ all }) => percent(lostOf(all))).join(' and ')}`,
          met: times.low >= LEAST,
        }),
      ),
  };
}
