// What the media server spends on a packet that it hands on: LiveKit with the configuration that Parley gives it against LiveKit as it
// comes, in the shapes of Mattermost's published table (calls of eight of whom two are unmuted, a large one, one with a shared screen)
// as far as the people of the bench fit beside it. Both carry the same at the same moments on the same core: what disturbs one disturbs
// the other.
// Two processes of one and the same configuration differ by more than two moments of one: each shape is opened anew several times.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { mediaServerLack } from '../lib/media-server.ts';
import { type Aim, interval, type Result } from '../lib/report.ts';
import { roundsOf } from '../lib/size.ts';
import { meanRatio, median } from '../lib/stats.ts';
import type { Flowed, Shape } from './calls.ts';
import type { Ask, Opening } from './people.ts';
import { type Kind, type MediaPlace, openMediaPlace } from './place.ts';

export const smoke = true;
export const lack = mediaServerLack;
/** Everything of the ratio's interval has to be there. */
const LEAST = 0.98;
const OPENINGS = 6;
const WINDOWS = 3;
const WINDOW_MS = 2_000;
const EIGHTS: Shape = { calls: 4, people: 8, unmuted: 2, screen: false };
const LARGE: Shape = { calls: 1, people: 24, unmuted: 2, screen: false };
const SCREEN: Shape = { calls: 1, people: 10, unmuted: 2, screen: true };
const SMALL: Shape = { calls: 1, people: 3, unmuted: 1, screen: false };

interface Match {
  readonly shape: Shape;
  readonly sides: readonly [Kind, Kind];
}
const MATCHES: readonly Match[] = [
  { shape: EIGHTS, sides: ['ours', 'stock'] },
  { shape: LARGE, sides: ['ours', 'stock'] },
  { shape: SCREEN, sides: ['ours', 'stock'] },
  { shape: SCREEN, sides: ['ours, a port for each', 'stock'] },
  // Twice the same, to see what is noise.
  { shape: SCREEN, sides: ['ours', 'ours'] },
];

interface Pair {
  readonly shape: string;
  readonly sides: readonly [Kind, Kind];
  readonly openings: readonly Opening[];
}

export async function run({ smoke: brief, say }: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const found: Pair[] = [];
  for (const match of brief ? [{ shape: SMALL, sides: ['ours', 'stock'] } as const] : MATCHES)
    found.push(await compare(match, brief, say));
  return report(found);
}

async function compare({ shape, sides }: Match, brief: boolean, say: (line: string) => void): Promise<Pair> {
  const openings: Opening[] = [];
  for (let round = 0; round < roundsOf(OPENINGS, brief); round += 1) {
    const opening = await open(shape, sides, round, brief);
    if (opening.length === 0) continue;
    openings.push(opening);
    const [ours, theirs] = [sideOf(opening, 0), sideOf(opening, 1)].map(microsOf);
    say(`${wordsOf(shape)}, ${sides.join(' and ')}: ${ours?.toFixed(1)} and ${theirs?.toFixed(1)} µs a packet`);
  }
  if (openings.length === 0) throw new Error(`${wordsOf(shape)}: somebody had to connect again in each window.`);
  return { shape: wordsOf(shape), sides, openings };
}

/** Both servers and their people are there for it alone. */
async function open(shape: Shape, sides: Match['sides'], round: number, brief: boolean): Promise<Opening> {
  const places: MediaPlace[] = [];
  // Whoever comes first may be better off: turn about.
  const turned = round % 2 === 1;
  const [first, second] = turned ? sides.toReversed() : sides;
  try {
    for (const kind of [first, second]) if (kind) places.push(await openMediaPlace(kind));
    const [one, other] = places;
    if (!one || !other) return [];
    const { windows, windowMs } = { windows: roundsOf(WINDOWS, brief), windowMs: brief ? 500 : WINDOW_MS };
    const opening = await ofPeople({ shape, places: [one, other], windows, windowMs });
    return turned ? opening.map(([theirs, ours]) => [ours, theirs] as const) : opening;
  } finally {
    for (const place of places) await place.stop();
  }
}

function ofPeople(ask: Ask): Promise<Opening> {
  const child = fork(join(import.meta.dirname, 'people.ts'), { execArgv: ['--no-warnings'] });
  return new Promise((resolve, reject) => {
    let opening: Opening | null = null;
    child.once('message', (found: Opening) => {
      opening = found;
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (opening === null) reject(new Error(`The people of the calls ended with ${code}.`));
      else resolve(opening);
    });
    child.send(ask);
  });
}

const wordsOf = ({ calls, people, unmuted, screen }: Shape): string =>
  `${calls} × ${people}, ${unmuted} unmuted${screen ? ', a screen' : ''}`;
/** All that one side carried, as one. */
function sideOf(opening: Opening, index: 0 | 1): Flowed {
  const all = opening.map((window) => window[index]);
  const sum = (what: 'packets' | 'lost' | 'cpuMs' | 'seconds') => all.reduce((before, one) => before + one[what], 0);
  return { packets: sum('packets'), lost: sum('lost'), cpuMs: sum('cpuMs'), seconds: sum('seconds'), broken: false };
}
const microsOf = ({ cpuMs, packets }: Flowed): number => (cpuMs * 1000) / Math.max(1, packets);
const lostOf = (all: readonly Flowed[]): number => {
  const [lost, packets] = [all.reduce((sum, one) => sum + one.lost, 0), all.reduce((sum, one) => sum + one.packets, 0)];
  return lost / Math.max(1, lost + packets);
};

function report(found: readonly Pair[]): Result {
  const pairs = found.map(({ shape, sides, openings }) => {
    const both = openings.map((opening) => ({ ours: sideOf(opening, 0), theirs: sideOf(opening, 1) }));
    // Packets for a second of processor: more is better.
    const times = both.map(({ ours, theirs }) => microsOf(theirs) / microsOf(ours));
    return {
      shape,
      ours: { name: sides[0], all: both.map(({ ours }) => ours) },
      theirs: { name: sides[0] === sides[1] ? `${sides[1]} again` : sides[1], all: both.map(({ theirs }) => theirs) },
      times: meanRatio(times, [1]),
    };
  });
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
      rows: pairs.flatMap(({ shape, times, ours, theirs }) =>
        [ours, theirs].map(({ name, all }) => [
          `${shape}: ${name}`,
          median(all.map(({ packets, seconds }) => packets / seconds)).toFixed(0),
          `${median(all.map(microsOf)).toFixed(1)} µs`,
          percent(median(all.map(({ cpuMs, seconds }) => cpuMs / 1000 / seconds))),
          percent(lostOf(all)),
          name === ours.name ? interval(times, 3) : '',
        ]),
      ),
      notes: [
        `Calls × people; both media servers on the first core, with the same load at the same moments, their people without a browser; opened ${roundsOf(OPENINGS, false)} times, turn about, for ${roundsOf(WINDOWS, false)} × ${WINDOW_MS / 1000} s each.`,
      ],
    },
    aims: pairs
      .filter(({ theirs }) => theirs.name === 'stock')
      .map(
        ({ shape, times, ours, theirs }): Aim => ({
          aim: `sfu, ${shape}: ${ours.name} by stock not below ${LEAST}`,
          found: `${interval(times, 3)}×; lost ${[ours, theirs].map(({ all }) => percent(lostOf(all))).join(' and ')}`,
          met: times.low >= LEAST,
        }),
      ),
  };
}
