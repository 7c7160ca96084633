import type { TokenVerifier } from '../ports/auth.ts';
import type { ServerClock } from '../ports/clock.ts';
import type { Database } from '../ports/database.ts';
import type { Logger } from '../ports/logger.ts';
import type { Settings } from '../ports/settings.ts';
import type { Timers } from '../ports/timers.ts';
import type { CallUseCases } from '../usecases/types.ts';
import type { Fanout } from './fanout.ts';
import type { SocketHandle, SocketLike } from './socket.ts';

export interface HubDeps {
  readonly db: Database;
  readonly verifier: TokenVerifier;
  readonly calls: CallUseCases;
  readonly fanout: Fanout;
  readonly settings: Settings;
  readonly clock: ServerClock;
  readonly timers: Timers;
  readonly log: Logger;
}

export interface Hub {
  connect(socket: SocketLike): SocketHandle;
  /** Closes every socket with `goingAway` and stops all timers. */
  stop(): void;
  stats(): { readonly sockets: number; readonly people: number; readonly liveCalls: number };
}

export function createHub(_deps: HubDeps): Hub {
  throw new Error('not yet');
}
