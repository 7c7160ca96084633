// Somebody's network goes, and a second later there is another one with another address: how long until there is sound again, there and
// at the other. A call of two and a group of Parley, and a room of bare `livekit-client`, all three on the same host at the same change.
import type { Page } from 'playwright-core';
import { reset, seen } from '../lib/probe.ts';
import { type Result, ratioAim, sweepCurve, sweepTable } from '../lib/report.ts';
import { roundsOf, roundTripsOf } from '../lib/size.ts';
import { median, type Point, ratio } from '../lib/stats.ts';
import { type Measured, type Sample, sweep } from '../lib/turns.ts';
import { groupsLack, openWorld } from '../lib/world.ts';
import { callOfAGroup, callOfLiveKitClient, callOfTwo } from './calls.ts';
import { twoWays } from './network.ts';

export const lack = groupsLack;
export const smoke = true;
/** Between the one network and the other, in milliseconds. What was under way has come by then. */
const OUTAGE_MS = 1_000;
/** Whoever has no sound by then counts with so many milliseconds. */
const PATIENCE_MS = 30_000;
/** Before the next change, so that nobody is still mending what the last one broke. */
const REST_MS = 2_000;
const FIGURES = ['hears again', 'is heard again'] as const;

export async function run(options: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const world = await openWorld({ smoke: options.smoke, groups: true });
  try {
    // Six pages at once take two cores minutes to load: a smoke makes do with a call of two.
    const others = options.smoke ? [] : [await callOfAGroup(world), await callOfLiveKitClient(world)];
    const calls = [await callOfTwo(world), ...others];
    const network = await twoWays(world.lab, 'callee', 'spare');
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const once = async (): Promise<Sample> => {
      for (const call of calls) await call.ensure();
      const pages = calls.flatMap(({ stays, moves }) => [stays, moves]);
      await reset(...pages);
      await Promise.all(pages.map((page) => seen(page, ['audio'], PATIENCE_MS)));
      await pause(options.smoke ? 0 : REST_MS);
      await network.cut();
      await pause(OUTAGE_MS);
      await reset(...pages);
      const changed = Date.now();
      await network.change();
      const again = await Promise.all(
        calls.flatMap(({ name, stays, moves }) => [
          soundAt(moves, changed).then((ms): [string, number] => [`${name}|hears again`, ms]),
          soundAt(stays, changed).then((ms): [string, number] => [`${name}|is heard again`, ms]),
        ]),
      );
      return Object.fromEntries(again);
    };
    const swept = await sweep([{ name: 'all', once }], {
      roundTrips: roundTripsOf(options.smoke, 0),
      rounds: roundsOf(4, options.smoke),
      setRoundTrip: world.setRoundTrip,
      say: options.say,
    });
    const measured = byCall(swept.all ?? {});
    const bare = measured['livekit-client'] ?? {};
    const middle = (points: readonly Point[]) => median(points.map(({ ms }) => ms));
    return {
      figures: measured,
      table: sweepTable(measured, [
        `Counted from the moment at which the other network is there, ${OUTAGE_MS / 1000} s after the first one went; sound alone. ` +
          `Who heard nothing for ${PATIENCE_MS / 1000} s counts with that. Cores pinned: ${world.pinned}.`,
      ]),
      aims: ['parley, group', 'parley, two'].flatMap((name) =>
        FIGURES.map((figure) => {
          const [ours, theirs] = [measured[name]?.[figure], bare[figure]];
          const times = ours && theirs ? ratio(ours, theirs, middle) : null;
          return ratioAim(`switch, ${name}: ${figure} at most 0.5 times livekit-client`, times, 0.5);
        }),
      ),
      svg: sweepCurve('From the new network to sound', measured),
    };
  } finally {
    await world.close();
  }
}

/** @returns milliseconds from then to the first sound at this page; the most that is waited where there is none */
async function soundAt(page: Page, since: number): Promise<number> {
  const { audio } = await seen(page, ['audio'], PATIENCE_MS).catch(() => ({ audio: null }));
  return audio === null ? PATIENCE_MS : Math.max(0, audio - since);
}

/** `call|figure` → points, as call → figure → points. */
function byCall(figures: Readonly<Record<string, readonly Point[]>>): Measured {
  const calls: Record<string, Record<string, readonly Point[]>> = {};
  for (const [key, points] of Object.entries(figures)) {
    const [call = '', figure = ''] = key.split('|');
    calls[call] = { ...calls[call], [figure]: points };
  }
  return calls;
}
