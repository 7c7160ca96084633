import { beat as beatInStore, renewLeases as renewInStore, touchInstance } from '../store/devices.ts';
import { senderOf, single } from './context.ts';
import type { Actor, CallDeps, Renewal } from './types.ts';

/**
 * No server took heartbeats for longer than this (milliseconds): that time does not run against anybody's lease. Three
 * sweeps of two seconds may be missed by a busy machine.
 */
const GAP_MS = 6_000;

export interface Life {
  beat(): Promise<void>;
  ensureBeat(): Promise<void>;
  touch(actor: Actor): Promise<void>;
  seen(actor: Actor): Promise<void>;
  renewLeases(renewals: readonly Renewal[]): Promise<void>;
}

/** Signs of life: of this server, and of the instances that count on it. */
export function createLife(deps: CallDeps): Life {
  const { clock, settings, log } = deps;
  const now = () => clock.now() + clock.skewMs();
  const lastSeen = new Map<string, number>();
  let lastBeat = Number.NEGATIVE_INFINITY;

  async function beat(): Promise<void> {
    const begun = now();
    const gap = await beatInStore(single(deps), GAP_MS, settings.leaseMs, clock.skewMs());
    // At the start it is nothing to speak of: somebody has stopped and started the program.
    if (gap && lastBeat > 0) log.warn({}, 'No heartbeat could be taken for a while: leases begin anew');
    lastBeat = begun;
  }

  async function touch(actor: Actor): Promise<void> {
    const sender = senderOf(actor, settings.leaseMs);
    if (!sender) return;
    await deps.db.tx(async (sql) => {
      await touchInstance(sql, sender, clock.skewMs());
      // A device that began without naming an instance counts as one: whatever it does keeps that one alive too.
      if (sender.instanceId === sender.deviceId) return;
      const itself = { userId: sender.userId, instanceId: sender.deviceId, ageMs: 0 };
      await renewInStore(sql, [itself], settings.leaseMs, clock.skewMs());
    });
  }

  return {
    beat,
    touch,
    ensureBeat: async () => {
      if (now() - lastBeat > GAP_MS) await beat();
    },
    seen: async (actor) => {
      if (actor.deviceId === null) return;
      const key = `${actor.userId}:${actor.deviceId}:${actor.instanceId}`;
      const every = settings.leaseMs / 3;
      const at = now();
      if (at - (lastSeen.get(key) ?? Number.NEGATIVE_INFINITY) < every) return;
      if (lastSeen.size >= 10_000) for (const [old, seenAt] of lastSeen) if (at - seenAt >= every) lastSeen.delete(old);
      lastSeen.set(key, at);
      await touch(actor);
    },
    renewLeases: async (renewals) => {
      await renewInStore(single(deps), renewals, settings.leaseMs, clock.skewMs());
    },
  };
}
