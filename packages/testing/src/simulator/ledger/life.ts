import { keyOf } from './tables.ts';
import type { Transaction } from './transaction.ts';

/** `parley.touch_instance` */
export async function touchInstance(
  tx: Transaction,
  [user, device, instance, _platform, leaseMs, skewMs]: readonly unknown[],
): Promise<void> {
  const { devices, instances } = tx.ground.tables;
  const [userId, deviceId, instanceId] = [String(user), String(device), String(instance)];
  const now = tx.now(skewMs);
  const deviceKey = keyOf(userId, deviceId);
  await tx.lock(devices, deviceKey, 'no key update');
  const lastSeenAt = Math.max(now, tx.read(devices, deviceKey)?.lastSeenAt ?? now);
  tx.write(devices, deviceKey, { userId, id: deviceId, lastSeenAt });
  await tx.step();
  const instanceKey = keyOf(userId, instanceId);
  await tx.lock(instances, instanceKey, 'no key update');
  const lease = now + Number(leaseMs);
  const leaseExpiresAt = Math.max(lease, tx.read(instances, instanceKey)?.leaseExpiresAt ?? lease);
  tx.write(instances, instanceKey, { userId, id: instanceId, deviceId, leaseExpiresAt });
}

/** `parley.renew_leases`: rows are taken in the order of their keys. */
export async function renewLeases(
  tx: Transaction,
  users: readonly string[],
  instances: readonly string[],
  ages: readonly number[],
  leaseMs: number,
  skewMs: number,
): Promise<number> {
  const table = tx.ground.tables.instances;
  const now = tx.now(skewMs);
  const wanted = new Map<string, number>();
  for (const [at, user] of users.entries()) {
    const key = keyOf(user, instances[at] ?? '');
    wanted.set(key, Math.min(wanted.get(key) ?? Number.POSITIVE_INFINITY, ages[at] ?? 0));
  }
  const known = [...wanted.keys()].filter((key) => tx.read(table, key) !== undefined).sort();
  for (const key of known) await tx.lock(table, key, 'no key update');
  for (const key of known) {
    const row = tx.read(table, key);
    if (!row) continue;
    const lease = now + leaseMs - Math.max(wanted.get(key) ?? 0, 0);
    tx.write(table, key, { ...row, leaseExpiresAt: Math.max(row.leaseExpiresAt, lease) });
  }
  return known.length;
}

const ONLY = 'only';

/** `parley.beat` */
export async function beat(tx: Transaction, gapMs: number, leaseMs: number, skewMs: number): Promise<boolean> {
  const { heartbeat, instances } = tx.ground.tables;
  const now = tx.now(skewMs);
  await tx.lock(heartbeat, ONLY, 'update');
  const last = tx.read(heartbeat, ONLY)?.at ?? Number.NEGATIVE_INFINITY;
  tx.write(heartbeat, ONLY, { at: Math.max(last, now) });
  if (last >= now - gapMs) return false;
  await tx.step();
  const until = now + leaseMs;
  for (const row of tx.scan(instances, (i) => i.leaseExpiresAt >= last && i.leaseExpiresAt < until)) {
    const key = keyOf(row.userId, row.id);
    await tx.lock(instances, key, 'no key update');
    const newest = tx.read(instances, key) ?? row;
    if (newest.leaseExpiresAt < until) tx.write(instances, key, { ...newest, leaseExpiresAt: until });
  }
  return true;
}
