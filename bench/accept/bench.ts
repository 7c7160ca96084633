// From the tap on *Accept* to the first sound and picture on each side: Parley, connected while it rang, against a plain page
// that makes its peer connection then.
import { credentials } from '../../e2e/lab/relay.ts';
import { barePair, type Kind, type Pair, parleyPair } from '../lib/pair.ts';
import { between, reset, seen } from '../lib/probe.ts';
import { type Aim, lineAim, type Result, sweepCurve, sweepTable } from '../lib/report.ts';
import { roundsOf, roundTripsOf } from '../lib/size.ts';
import { type Contestant, type Sample, sweep } from '../lib/turns.ts';
import { openWorld, type World, worldLack } from '../lib/world.ts';

export const smoke = true;
export const lack = worldLack;

export async function run(options: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const world = await openWorld({ smoke: options.smoke, relay: !options.smoke });
  try {
    const direct = await measure(world, options, false);
    const relayed = world.relay ? await measure(world, options, true) : {};
    const measured = { ...direct, ...relayed };
    return {
      figures: measured,
      table: sweepTable(measured, [`Video calls of 720p; cores pinned: ${world.pinned}.`]),
      aims: ['parley', ...(world.relay ? ['parley, relay'] : [])].flatMap((name): Aim[] => [
        lineAim(`accept, ${name}: the caller hears`, measured[name]?.['caller hears'], { slope: 0.6, ms: 100 }),
        lineAim(`accept, ${name}: the callee hears`, measured[name]?.['callee hears'], { slope: 1.1, ms: 100 }),
      ]),
      svg: sweepCurve('From the tap on Accept to the first sound and picture', measured),
    };
  } finally {
    await world.close();
  }
}

async function measure(world: World, options: { smoke: boolean; say: (line: string) => void }, relayed: boolean) {
  const kind: Kind = 'video';
  const ice: RTCConfiguration | undefined =
    relayed && world.relay
      ? {
          iceTransportPolicy: 'relay',
          iceServers: [{ urls: world.relay.urls.split(','), ...credentials(world.relay.secret, 3600) }],
        }
      : undefined;
  const ours = await parleyPair(world, kind);
  if (relayed) await hideAddress(ours);
  const theirs = await barePair(world, kind, ice);
  const suffix = relayed ? ', relay' : '';
  const once = async (pair: Pair): Promise<Sample> => {
    await pair.ring();
    await pair.settled();
    await reset(pair.caller, pair.callee);
    await pair.accept();
    const [atCaller, atCallee] = await Promise.all(
      [pair.caller, pair.callee].map((page) => seen(page, ['audio', 'video'])),
    );
    const { tap, open } = await seen(pair.callee, ['tap', 'open']);
    await pair.hangUp();
    return {
      // Before it nothing can be heard of the callee: what is beyond it is the connection's.
      'callee’s first device open': between(tap, open),
      'caller hears': between(tap, atCaller?.audio ?? null),
      'callee hears': between(tap, atCallee?.audio ?? null),
      'caller sees': between(tap, atCaller?.video ?? null),
      'callee sees': between(tap, atCallee?.video ?? null),
    };
  };
  const contestants: Contestant[] = [
    { name: `parley${suffix}`, once: () => once(ours) },
    { name: `plain page${suffix}`, once: () => once(theirs) },
  ];
  const measured = await sweep(contestants, {
    roundTrips: roundTripsOf(options.smoke, 100),
    rounds: roundsOf(relayed ? 3 : 5, options.smoke),
    setRoundTrip: world.setRoundTrip,
    rehearse: !options.smoke,
    say: options.say,
  });
  for (const page of [ours.caller, ours.callee, theirs.caller, theirs.callee]) await page.context().close();
  return measured;
}

/** Both choose it in their settings, as people do. */
async function hideAddress({ caller, callee }: Pair): Promise<void> {
  for (const page of [caller, callee]) {
    const home = page.url();
    await page.goto(new URL('/settings', home).href);
    await page.getByRole('radio', { name: 'Always hidden' }).click();
    await page.goto(home);
  }
}
