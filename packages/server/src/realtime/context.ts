import type { Standing, TokenVerifier } from '../ports/auth.ts';
import type { ServerClock } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import type { Logger } from '../ports/logger.ts';
import type { Settings } from '../ports/settings.ts';
import type { Timers } from '../ports/timers.ts';
import type { CallUseCases } from '../usecases/types.ts';
import type { Access } from './access.ts';
import type { Fanout } from './fanout.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { LiveCalls } from './live-calls.ts';
import type { NodeFanout } from './node-fanout.ts';
import type { Presence } from './presence.ts';
import type { Registry } from './registry.ts';
import type { Roster } from './roster.ts';
import type { Turns } from './turns.ts';

export interface HubDeps {
  readonly db: Database;
  readonly verifier: TokenVerifier;
  /** Who is gone is looked up from time to time; without it a socket lives as long as its token. */
  readonly standing?: Standing;
  readonly calls: CallUseCases;
  readonly fanout: Fanout;
  /** The same, where there are other nodes. */
  readonly nodes?: NodeFanout | null;
  readonly settings: Settings;
  readonly clock: ServerClock;
  readonly timers: Timers;
  readonly log: Logger;
}

/** What the parts of one hub share. */
export interface HubContext {
  readonly deps: HubDeps;
  readonly registry: Registry;
  readonly live: LiveCalls;
  readonly presence: Presence;
  readonly access: Access;
  readonly heartbeat: Heartbeat;
  /** Of those who say hello. */
  readonly welcomes: Turns;
  /** Null where this process is alone. */
  readonly roster: Roster | null;
  /** RFC 3339, by the clock that deadlines are decided by. */
  readonly serverTime: () => string;
}
