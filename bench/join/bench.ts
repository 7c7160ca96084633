// From the tap on *Join* to the first sound and picture of a group, and to one's own sound at somebody who is there: Parley through the
// lobby, and after a ring while which it went in ahead, against a page of bare `livekit-client` on the same media server.
import { setTimeout as pause } from 'node:timers/promises';
import { between, reset, seen } from '../lib/probe.ts';
import { lineAim, type Result, ratioAim, sweepCurve, sweepTable } from '../lib/report.ts';
import { roundsOf, roundTripsOf } from '../lib/size.ts';
import { lineOf, median, type Point, ratio } from '../lib/stats.ts';
import { type Contestant, type Sample, sweep } from '../lib/turns.ts';
import { groupsLack, openWorld } from '../lib/world.ts';
import { bareSide, parleySides, type Side } from './sides.ts';

export const smoke = true;
export const lack = groupsLack;
/** A person looks before they tap, so long at least: what the page does by itself has come to rest. */
const LOOK_MS = 2_500;
/** At which a join that was prepared is compared with one that was not. */
const COMPARED_AT = 100;

export async function run(options: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const world = await openWorld({ smoke: options.smoke, groups: true });
  try {
    const [{ cold, ahead }, bare] = [await parleySides(world), await bareSide(world)];
    const once = async (side: Side, other: Side): Promise<Sample> => {
      await other.close();
      await side.open();
      await side.approach();
      await pause(options.smoke ? 0 : LOOK_MS);
      await reset(side.ada, side.grace);
      await side.join();
      const both = Promise.all([seen(side.grace, ['audio', 'video']), seen(side.ada, ['audio'])]);
      // Also where one of them did not come about: the next turn wants to go in again.
      const [here, there] = await both.finally(() => side.leave());
      return {
        hears: between(here.tap, here.audio),
        sees: between(here.tap, here.video),
        'is heard': between(here.tap, there.audio),
        ...(here.token === null ? {} : { 'hears, from its token on': between(here.token, here.audio) }),
      };
    };
    const contestants: Contestant[] = [
      { name: 'parley, cold', once: () => once(cold, bare) },
      { name: 'parley, rung', once: () => once(ahead, bare) },
      { name: 'livekit-client', once: () => once(bare, cold) },
    ];
    const measured = await sweep(contestants, {
      roundTrips: roundTripsOf(options.smoke, 0),
      rounds: roundsOf(3, options.smoke),
      setRoundTrip: world.setRoundTrip,
      rehearse: !options.smoke,
      say: options.say,
    });
    const of = (name: string, figure: string) => measured[name]?.[figure];
    const typical = (points: readonly Point[]) => lineOf(points).intercept + COMPARED_AT * lineOf(points).slope;
    const at = (points: readonly Point[] = []) => points.filter(({ r }) => r === COMPARED_AT);
    const times = (
      name: string,
      figure: string,
      pick: (points: readonly Point[]) => readonly Point[],
      by: (points: readonly Point[]) => number,
    ) => {
      const [ours, theirs] = [pick(of(name, figure) ?? []), pick(of('livekit-client', figure) ?? [])];
      return ours.length === 0 || theirs.length === 0 ? null : ratio(ours, theirs, by);
    };
    const middle = (points: readonly Point[]) => median(points.map(({ ms }) => ms));
    return {
      figures: measured,
      table: sweepTable(measured, [
        `One other person is there, with sound and picture; both pages show them as large. The tap comes ${LOOK_MS / 1000} s after what is tapped. The plain page asks for its token at the tap, as Parley does, and has its devices open. Cores pinned: ${world.pinned}.`,
      ]),
      aims: [
        ...['hears', 'sees'].map((figure) =>
          ratioAim(
            `join, cold: ${figure} at most 1.05 times livekit-client (R = ${COMPARED_AT} ms, by the line)`,
            times('parley, cold', figure, (points) => points, typical),
            1.05,
          ),
        ),
        ...['hears', 'sees'].map((figure) =>
          ratioAim(
            `join, rung and joined ahead: ${figure} at most 0.5 times livekit-client at R = ${COMPARED_AT} ms`,
            times('parley, rung', figure, at, middle),
            0.5,
          ),
        ),
        lineAim('join, rung and joined ahead: own sound at the others', of('parley, rung', 'is heard'), { slope: 1.1 }),
      ],
      svg: sweepCurve('From the tap on Join to the first sound and picture', measured),
    };
  } finally {
    await world.close();
  }
}
