// What the media server spends on a packet that it hands on: LiveKit with the configuration that Parley gives it against LiveKit as it
// comes, in the shapes of Mattermost's published table (calls of eight of whom two are unmuted, a large one, one with a shared screen)
// as far as the people of the bench fit beside it.
import { disposeHeadless } from '../../packages/testing/src/headless/index.ts';
import { mediaServerLack } from '../lib/media-server.ts';
import { type Aim, interval, type Result } from '../lib/report.ts';
import { roundsOf } from '../lib/size.ts';
import { median, medianRatio } from '../lib/stats.ts';
import { turnsOf } from '../lib/turns.ts';
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

type Found = Record<string, Record<string, Flowed[]>>;

export async function run({ smoke: brief, say }: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const places: { name: string; place: MediaPlace }[] = [];
  const found: Found = {};
  try {
    for (const name of ['parley', 'stock'] as const) places.push({ name, place: await openMediaPlace(name) });
    for (const shape of brief ? SMALL : SHAPES) {
      const flowed: Record<string, Flowed[]> = {};
      found[wordsOf(shape)] = flowed;
      const sides: { name: string; calls: Calls }[] = [];
      for (const { name, place } of places) sides.push({ name, calls: await Calls.open(place, shape) });
      for (const { name, calls } of turnsOf(sides, roundsOf(6, brief))) {
        const one = await calls.measure(brief ? 500 : 3_000, brief ? 0 : 500);
        flowed[name] = [...(flowed[name] ?? []), one];
        say(
          `${wordsOf(shape)}, ${name}: ${microsOf(one).toFixed(1)} µs a packet, ${one.packets} packets, ${one.lost} lost`,
        );
      }
      for (const { calls } of sides) await calls.close();
    }
    return report(found);
  } finally {
    for (const { place } of places) await place.stop();
    await disposeHeadless();
  }
}

const wordsOf = ({ calls, people, unmuted, screen }: Shape): string =>
  `${calls} × ${people}, ${unmuted} unmuted${screen ? ', a screen' : ''}`;
const microsOf = ({ cpuMs, packets }: Flowed): number => (cpuMs * 1000) / Math.max(1, packets);
const lostOf = (all: readonly Flowed[]): number => {
  const [lost, packets] = [all.reduce((sum, one) => sum + one.lost, 0), all.reduce((sum, one) => sum + one.packets, 0)];
  return lost / Math.max(1, lost + packets);
};

function report(found: Found): Result {
  const shapes = Object.entries(found).map(([shape, { parley = [], stock = [] }]) => {
    // Packets for a second of processor: more is better.
    const perCpu = (all: readonly Flowed[]) => all.map((one) => 1 / microsOf(one));
    return { shape, parley, stock, times: medianRatio(perCpu(parley), perCpu(stock)) };
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
        'packets for its processor, ours by stock',
      ],
      rows: shapes.flatMap(({ shape, parley, stock, times }) =>
        (
          [
            ['ours', parley],
            ['stock', stock],
          ] as const
        ).map(([name, all]) => [
          `${shape}: ${name}`,
          median(all.map(({ packets, seconds }) => packets / seconds)).toFixed(0),
          `${median(all.map(microsOf)).toFixed(1)} µs`,
          percent(median(all.map(({ cpuMs, seconds }) => cpuMs / 1000 / seconds))),
          percent(lostOf(all)),
          name === 'ours' ? interval(times) : '',
        ]),
      ),
      notes: ['Calls × people; both media servers on the first core, turn about, their people without a browser.'],
    },
    aims: shapes.map(
      ({ shape, times, parley, stock }): Aim => ({
        aim: `sfu, ${shape}: ours by stock not below ${LEAST}`,
        found: `${interval(times)}×; lost ${percent(lostOf(parley))} and ${percent(lostOf(stock))}`,
        met: times.low >= LEAST,
      }),
    ),
  };
}
