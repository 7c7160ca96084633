// Somebody's network goes, and a second later there is another one with another address: how long until there is sound again, there and
// at the other. A call of two and a group of Parley, and a room of bare `livekit-client`, all three on the same host at the same change.
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { reset, seen } from '../lib/probe.ts';
import { type Result, ratioAim, sweepCurve, sweepTable } from '../lib/report.ts';
import { roundsOf, roundTripsOf } from '../lib/size.ts';
import { median, type Point, ratio } from '../lib/stats.ts';
import { type Sample, sweep } from '../lib/turns.ts';
import { groupsLack, openWorld } from '../lib/world.ts';
import { type Call, callOfAGroup, callOfLiveKitClient, callOfTwo } from './calls.ts';
import { twoWays } from './network.ts';

export const lack = groupsLack;
export const smoke = true;
/** Between the one network and the other, in milliseconds. What was under way has come by then. */
const OUTAGE_MS = 1_000;
/** Whoever has no sound by then counts with so many milliseconds. */
const PATIENCE_MS = 30_000;
/** Before the change, so that nobody is still on the way into the call. */
const REST_MS = 2_000;
const FIGURES = ['hears again', 'is heard again'] as const;

export async function run(options: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const world = await openWorld({ smoke: options.smoke, groups: true });
  try {
    // Pages take long to load on two cores: a smoke makes do with a call of two.
    const others = options.smoke ? [] : [await callOfAGroup(world), await callOfLiveKitClient(world)];
    const calls = [await callOfTwo(world), ...others];
    const network = await twoWays(world.lab, 'callee', 'spare');
    const once = async ({ name, stays, moves, enter, leave }: Call): Promise<Sample> => {
      try {
        await enter();
        await reset(stays, moves);
        await Promise.all([stays, moves].map((page) => seen(page, ['audio'], PATIENCE_MS)));
        await pause(options.smoke ? 0 : REST_MS);
        await network.cut();
        await pause(OUTAGE_MS);
        await reset(stays, moves);
        const changed = Date.now();
        await network.change();
        const [hears = 0, isHeard = 0] = await Promise.all([moves, stays].map((page) => soundAt(page, changed)));
        return { 'hears again': hears, 'is heard again': isHeard };
      } finally {
        // At each change one of them is in a call: six pages that mend theirs at once would measure the processor.
        await leave().catch((error: unknown) => options.say(`${name} was not left: ${String(error)}`));
      }
    };
    const measured = await sweep(
      calls.map((call) => ({ name: call.name, once: () => once(call) })),
      {
        roundTrips: roundTripsOf(options.smoke, 0),
        rounds: roundsOf(4, options.smoke),
        setRoundTrip: world.setRoundTrip,
        rehearse: !options.smoke,
        say: options.say,
      },
    );
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
