/** Time of the server. Deadlines are decided by the database's clock plus `skewMs` (0 outside tests). */
export interface ServerClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Added to the database's `clock_timestamp()`; a test turns it by hand. */
  skewMs(): number;
}
export const systemClock: ServerClock = { now: () => Date.now(), skewMs: () => 0 };

/** What time it is by the clock that deadlines are decided by, in milliseconds since the epoch. */
export const serverNow = (clock: ServerClock): number => clock.now() + clock.skewMs();
