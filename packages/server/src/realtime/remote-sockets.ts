import { CLOSE } from '@parley/protocol';
import type { HubDeps } from './context.ts';
import type { RosterEntry } from './fanout.ts';
import type { LiveCalls } from './live-calls.ts';
import type { Presence } from './presence.ts';
import type { Registry } from './registry.ts';
import { Roster } from './roster.ts';

/** Between two nodes' clocks, in milliseconds: what lies closer together is not told apart by them. */
const CLOCKS_MS = 5_000;

/** What sockets of other nodes mean for those of this one. Null where this process is alone. */
export function createRoster(
  deps: HubDeps,
  parts: { readonly registry: Registry; readonly live: LiveCalls; readonly presence: Presence },
): Roster | null {
  const { nodes, timers, clock, log } = deps;
  if (!nodes) return null;
  const { registry, live, presence } = parts;
  return new Roster({
    fanout: nodes,
    presence,
    timers,
    now: clock.now,
    log,
    onGone: (seat) => {
      if (!registry.instance(seat)) live.forgetReady(seat);
    },
    onHere: (entry) => giveUp(registry, entry),
  });
}

/**
 * An instance has one socket: the older one goes. `replaced` tells a client not to come back, so it is said only where the clocks
 * leave no doubt; whoever was mistaken for the older one otherwise comes back at once.
 */
function giveUp(registry: Registry, entry: RosterEntry): void {
  const older = registry.instance(entry);
  if (!older || older.since >= entry.since) return;
  if (entry.since - older.since > CLOCKS_MS) {
    older.connection.close(CLOSE.replaced, 'this instance has connected again');
  } else older.connection.close(CLOSE.goingAway, 'this instance has connected elsewhere');
}
