import { seededRandom } from '../random.ts';
import { Invariants, type Violation } from './invariants.ts';
import { ACTION_MS, type Plan } from './plan.ts';
import { withSeededPlatform } from './platform-chance.ts';
import { quiet } from './scheduler.ts';
import { SETTLED_MS, World } from './world.ts';

/** From the moment at which everything works again until all must have come to rest: longer than a lease, a ring and a silent socket. */
const PEACE_MS = 62_000;
/** Before that it is looked at now and then: most worlds are at rest sooner. */
const LOOK_MS = 5_000;
/** So long live calls are watched: nobody in them may be taken for gone. */
const WATCHED_MS = 35_000;

export interface Outcome {
  /** The first rule that was broken, and how; null where all held. */
  readonly violation: Violation | null;
  /** What the ledger has become, in one line: the same plan gives the same. */
  readonly trace: string;
  readonly steps: number;
  readonly calls: number;
  readonly deadlocks: number;
}

export interface SimulateOptions {
  readonly gentle?: boolean;
  /** Told of what people do and what clients hear and say, for whoever looks for a cause. */
  tell?(text: string): void;
}

export async function simulate(plan: Plan, options: SimulateOptions = {}): Promise<Outcome> {
  return withSeededPlatform(seededRandom(plan.seed * 8 + 3), async () => {
    const invariants = new Invariants();
    const stray = (reason: unknown) =>
      invariants.broken('I10', `unhandled: ${reason instanceof Error ? reason.stack : reason}`);
    let now = () => 0;
    const tell = (text: string) => options.tell?.(`${String(now()).padStart(6)} ${text}`);
    process.on('unhandledRejection', stray);
    try {
      const world = new World(plan, {
        ...options,
        onFault: (text) => invariants.fault(text),
        heard: (end, text) => {
          invariants.heard(end, text);
          if (options.tell && !text.startsWith('{"t":"ping"')) tell(`${end.deviceKey} hears ${brief(text)}`);
        },
        said: (end, text) => text.startsWith('{"t":"pong"') || tell(`${end.deviceKey} says ${brief(text)}`),
        done: (deed) => tell(`--- ${JSON.stringify(deed)}`),
      });
      invariants.watch(world);
      await world.open();
      const begun = world.now();
      now = () => world.now() - begun;
      const run = (ms: number) => world.scheduler.run(begun + ms, () => invariants.look());
      await run(SETTLED_MS + ACTION_MS);
      world.heal();
      let atRest: Violation | null = null;
      for (let peace = LOOK_MS; peace <= PEACE_MS && !invariants.first; peace += LOOK_MS) {
        await run(SETTLED_MS + ACTION_MS + peace);
        atRest = await invariants.judge();
        if (!atRest && (peace >= WATCHED_MS || !world.hasLiveCalls)) break;
      }
      for (const tab of world.tabs) tab.stop('closed');
      for (const node of world.nodes) node.kill();
      // What is still on its way must not draw from the next run's seed.
      await quiet();
      return {
        violation: invariants.first ?? atRest,
        trace: invariants.trace(),
        steps: world.scheduler.steps,
        calls: world.ledger.tables.calls.rows.size,
        deadlocks: world.ledger.deadlocks,
      };
    } finally {
      process.off('unhandledRejection', stray);
    }
  });
}

/** A message as somebody reads it who looks for a cause. */
function brief(text: string): string {
  if (!text.startsWith('{')) return text.slice(0, 160);
  const { t, view, calls, ended, rings, ...rest } = JSON.parse(text);
  const shown = (one: typeof view) =>
    `${one.call.id.slice(0, 4)} v${one.call.version} ${one.call.status} ${one.call.endReason ?? ''} [${one.call.participants.map((p: { displayName: string; state: string }) => `${p.displayName} ${p.state}`)}]`;
  const views = [view, ...(calls ?? []), ...(ended ?? [])].filter(Boolean).map(shown);
  return `${t} ${views.join(', ')} ${rings ? `${rings.length} rings` : ''} ${JSON.stringify(rest).slice(0, 160)}`;
}
