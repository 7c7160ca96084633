/** Defaults of the contract; times in milliseconds. */
export const DEFAULTS = {
  /** How long a call rings before it is missed. */
  ringTimeoutMs: 30_000,
  /** Accepted but no media on both sides: the call has failed. Long enough to answer a browser's permission prompt. */
  connectTimeoutMs: 60_000,
  /** Pause between two pings of the server. */
  heartbeatMs: 10_000,
  /** How long an instance counts as present after its last sign of life. */
  leaseMs: 30_000,
} as const;

/** Most calls that one person can be part of at a time. */
export const MAX_LIVE_CALLS = 3;

/** Without a media server everybody sends to everybody: so many can. */
export const MESH_SEATS = 4;

/** Most people that a call can have had, those who left included. */
export const MAX_PARTICIPANTS = 1_000;

/** How long after its end what was measured in a call is still taken, and what people thought of it; milliseconds. */
export const METRICS_AFTER_END_MS = 3_600_000;
