import type { ServerClock } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import type { Logger } from '../ports/logger.ts';
import type { Settings } from '../ports/settings.ts';

/**
 * No server took heartbeats for longer than this (milliseconds): that time does not run against anybody's lease. Three
 * sweeps of two seconds may be missed by a busy machine.
 */
export const GAP_MS = 6_000;

/**
 * Says that a server is alive, and after a gap in which none was gives every lease that had not run out before it a
 * whole new term, before anything can expire.
 */
export async function beat(deps: {
  readonly db: Database;
  readonly settings: Settings;
  readonly clock: ServerClock;
  readonly log: Logger;
}): Promise<void> {
  const { db, settings, clock, log } = deps;
  // No lock on the way: whoever comes second finds the first one's beat and no gap.
  const [row] = await db.once<{ gap: number; renewed: number }>(
    `with clock as (select parley.clock($1::bigint) as now),
       before as (select h.at from public.server_heartbeat h for update),
       gap as (select b.at, clock.now - b.at > $2::bigint * interval '1 millisecond' as was from before b, clock),
       renewed as (
         update public.device_instances i
         set lease_expires_at = clock.now + $3::bigint * interval '1 millisecond'
         from gap, clock
         where gap.was and i.lease_expires_at >= gap.at
         returning 1
       ),
       beat as (
         insert into public.server_heartbeat (only_row, at) select true, clock.now from clock
         on conflict (only_row) do update set at = greatest(excluded.at, server_heartbeat.at)
         returning 1
       )
     select (select count(*) from gap where was)::int as gap, (select count(*) from renewed)::int as renewed`,
    [clock.skewMs(), GAP_MS, settings.leaseMs],
  );
  if (row && row.gap > 0) log.info({ leases: row.renewed }, 'No server was there for a while: leases begin anew');
}
