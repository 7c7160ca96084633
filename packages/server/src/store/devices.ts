import type { Sql } from '../ports/database.ts';
import type { Sender } from './calls.ts';

/** A sign of life: device and instance are there, with a fresh lease. */
export async function touchInstance(sql: Sql, sender: Sender, skewMs: number): Promise<void> {
  await sql.query('select parley.touch_instance($1, $2, $3, null, $4, $5)', [
    sender.userId,
    sender.deviceId,
    sender.instanceId,
    sender.leaseMs,
    skewMs,
  ]);
}

export interface LeaseRenewal {
  readonly userId: string;
  readonly instanceId: string;
  /** How long ago the sign of life was, in milliseconds. */
  readonly ageMs: number;
}

/** Renews many leases in one statement; instances that are not known are passed over. Returns how many there were. */
export async function renewLeases(
  sql: Sql,
  renewals: readonly LeaseRenewal[],
  leaseMs: number,
  skewMs: number,
): Promise<number> {
  if (renewals.length === 0) return 0;
  const [row] = await sql.query<{ renewed: number }>(
    'select parley.renew_leases($1::uuid[], $2::uuid[], $3::int[], $4, $5) as renewed',
    [
      renewals.map((r) => r.userId),
      renewals.map((r) => r.instanceId),
      renewals.map((r) => Math.round(r.ageMs)),
      leaseMs,
      skewMs,
    ],
  );
  return row?.renewed ?? 0;
}

/**
 * A server is there to take heartbeats. True when none was for longer than `gapMs`: every lease that held when the gap
 * began then lasts for `leaseMs` from now, because that time counts against nobody.
 */
export async function beat(sql: Sql, gapMs: number, leaseMs: number, skewMs: number): Promise<boolean> {
  const [row] = await sql.query<{ gap: boolean }>('select parley.beat($1, $2, $3) as gap', [gapMs, leaseMs, skewMs]);
  return row?.gap ?? false;
}
