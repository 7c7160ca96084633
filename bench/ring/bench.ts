// From the tap to the dialog that is painted at the other: Parley against a bare `ws` relay that commits the same rows.
import { barePair, type Pair, parleyPair } from '../lib/pair.ts';
import { lineAim, type Result, ratioAim, sweepCurve, sweepTable } from '../lib/report.ts';
import { roundsOf, roundTripsOf } from '../lib/size.ts';
import { lineOf, ratio } from '../lib/stats.ts';
import { type Contestant, sweep } from '../lib/turns.ts';
import { openWorld, worldLack } from '../lib/world.ts';

export const smoke = true;
export const lack = worldLack;

export async function run(options: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const world = await openWorld({ smoke: options.smoke });
  try {
    const pairs = [
      ['parley', await parleyPair(world, 'audio')],
      ['bare ws', await barePair(world, 'audio')],
    ] as const;
    const once = async (pair: Pair) => {
      const ms = await pair.ring();
      await pair.hangUp();
      return { 'dialog painted': ms };
    };
    const contestants = pairs.map(([name, pair]): Contestant => ({ name, once: () => once(pair) }));
    const measured = await sweep(contestants, {
      roundTrips: roundTripsOf(options.smoke, 100),
      rounds: roundsOf(8, options.smoke),
      setRoundTrip: world.setRoundTrip,
      rehearse: !options.smoke,
      say: options.say,
    });
    const [ours, bare] = [measured.parley?.['dialog painted'], measured['bare ws']?.['dialog painted']];
    const intercepts = ours && bare ? ratio(ours, bare, (points) => lineOf(points).intercept) : null;
    return {
      figures: measured,
      table: sweepTable(measured, [`Both commit to an embedded Postgres of their own; cores pinned: ${world.pinned}.`]),
      aims: [
        lineAim('ring: the dialog is painted', ours, { slope: 1.05 }),
        ratioAim('ring: intercept at most 1.5 times the bare relay’s', intercepts, 1.5),
      ],
      svg: sweepCurve('From the tap to the dialog', measured),
    };
  } finally {
    await world.close();
  }
}
