// From the tap on *Accept* to the first sound and picture on each side: Parley, connected while it rang, against a plain page
// that makes its peer connection then.
import { credentials } from '../../e2e/lab/relay.ts';
import { barePair, type Kind, type Pair, parleyPair } from '../lib/pair.ts';
import { between, reset, seen } from '../lib/probe.ts';
import { type Aim, lineAim, type Result, sweepCurve, sweepTable } from '../lib/report.ts';
import { type Contestant, ROUND_TRIPS, type Sample, sweep } from '../lib/turns.ts';
import { openWorld, type World, worldLack } from '../lib/world.ts';

export const smoke = true;
export const lack = worldLack;
/** Parley lets one pair call each other five times a minute. */
const PACE_MS = 12_500;

export async function run(options: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const world = await openWorld({ relay: !options.smoke });
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
  let lastRing = 0;
  const once = async (isOurs: boolean, pair: Pair): Promise<Sample> => {
    const wait = lastRing + PACE_MS - Date.now();
    if (isOurs && !options.smoke && wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (isOurs) lastRing = Date.now();
    await pair.ring();
    await pair.settled();
    await reset(pair.caller, pair.callee);
    await pair.accept();
    const [atCaller, atCallee] = await Promise.all(
      [pair.caller, pair.callee].map((page) => seen(page, ['audio', 'video'])),
    );
    const tap = (await seen(pair.callee, ['tap'])).tap;
    await pair.hangUp();
    return {
      'caller hears': between(tap, atCaller?.audio ?? null),
      'callee hears': between(tap, atCallee?.audio ?? null),
      'caller sees': between(tap, atCaller?.video ?? null),
      'callee sees': between(tap, atCallee?.video ?? null),
    };
  };
  const contestants: Contestant[] = [
    { name: `parley${suffix}`, once: () => once(true, ours) },
    { name: `plain page${suffix}`, once: () => once(false, theirs) },
  ];
  const measured = await sweep(contestants, {
    roundTrips: options.smoke ? [100] : ROUND_TRIPS,
    rounds: options.smoke ? 1 : relayed ? 5 : 10,
    setRoundTrip: world.setRoundTrip,
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
