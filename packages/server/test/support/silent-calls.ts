import { unlimitedCalls } from '../../src/ports/call-limits.ts';
import type { ServerClock } from '../../src/ports/clock.ts';
import type { Database } from '../../src/ports/database.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import { createCallUseCases } from '../../src/usecases/calls.ts';

const nothing = () => undefined;
const SILENT: Publisher = {
  call: nothing,
  ring: nothing,
  inbox: nothing,
  message: nothing,
  knocks: nothing,
  knock: nothing,
  callMessage: nothing,
  teamChanged: nothing,
  personChanged: nothing,
  disconnect: nothing,
};

/** Use cases that write and tell nobody. */
export function silentCalls(db: Database, clock: ServerClock) {
  return createCallUseCases({
    db,
    clock,
    publisher: SILENT,
    settings: {
      ringTimeoutMs: 30_000,
      connectTimeoutMs: 60_000,
      heartbeatMs: 10_000,
      leaseMs: 30_000,
      publicUrl: 'http://localhost:3000',
      demo: false,
      rateLimits: false,
      stunUrls: [],
      turn: null,
    },
    log: { info: nothing, warn: nothing, error: nothing },
    limits: unlimitedCalls,
  });
}
