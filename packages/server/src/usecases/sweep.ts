import type { ServerClock } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import type { Logger } from '../ports/logger.ts';
import type { Settings } from '../ports/settings.ts';
import type { Timers } from '../ports/timers.ts';
import type { Fanout } from '../realtime/fanout.ts';
import type { CallUseCases } from './types.ts';

export interface SweeperDeps {
  readonly db: Database;
  readonly calls: CallUseCases;
  readonly fanout: Fanout;
  readonly settings: Settings;
  readonly clock: ServerClock;
  readonly timers: Timers;
  readonly log: Logger;
}

export interface Sweeper {
  /** Await it before the server takes requests: leases get their grace after a restart, and deadlines that passed are applied. */
  start(): Promise<void>;
  /** Waits for a sweep that runs. */
  stop(): Promise<void>;
  /** One sweep now; resolves when it is through. */
  sweep(): Promise<void>;
}

export function createSweeper(_deps: SweeperDeps): Sweeper {
  throw new Error('not yet');
}
