import { CLOSE } from '@parley/protocol';
import type { Standing } from '../ports/auth.ts';
import type { Logger } from '../ports/logger.ts';
import type { Timers } from '../ports/timers.ts';
import type { Registry } from './registry.ts';

/** How often the people behind the sockets are looked up, in milliseconds. */
const PERIOD_MS = 2_000;

/**
 * Closes the sockets of whoever was blocked or deleted, and of sessions that ended, wherever that was done: on another node, or
 * in the database by hand. One statement for each look, however many sockets there are.
 */
export class StandingWatch {
  readonly #deps: { registry: Registry; standing: Standing; timers: Timers; log: Logger };
  #timer: unknown = null;
  #stopped = false;

  constructor(deps: { registry: Registry; standing: Standing; timers: Timers; log: Logger }) {
    this.#deps = deps;
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) this.#deps.timers.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #arm(): void {
    if (this.#stopped) return;
    this.#timer = this.#deps.timers.setTimeout(() => {
      // The database may be away: whoever is connected stays so until it answers.
      this.#look()
        .catch((error: unknown) => {
          this.#deps.log.warn(
            { reason: error instanceof Error ? error.message : String(error) },
            'Sessions not looked up',
          );
        })
        .finally(() => this.#arm());
    }, PERIOD_MS);
  }

  async #look(): Promise<void> {
    const { registry, standing } = this.#deps;
    const sessions = [...registry.all()];
    if (sessions.length === 0) return;
    const gone = new Set(await standing.gone(sessions.map((session) => session.principal)));
    for (const session of sessions) {
      if (gone.has(session.principal)) session.connection.close(CLOSE.unauthenticated, 'the session has ended');
    }
  }
}
