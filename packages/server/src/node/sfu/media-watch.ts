import type { Logger } from '../../ports/logger.ts';
import type { MediaEvent, MediaLedger, MediaServerState } from '../../ports/media-server.ts';
import type { Timers } from '../../ports/timers.ts';
import type { MediaMoves } from '../../usecases/media-moves.ts';

/** Between two comparisons, in milliseconds, and how much longer it may be by chance: several processes do not go in step. */
const EVERY_MS = 10_000;
const JITTER_MS = 5_000;
/** How soon it is noticed that the media server has come, in milliseconds. */
const LOOK_MS = 1_000;
/**
 * Away for so long it is taken to be gone for good, in milliseconds: a restart takes seconds, and a group that is back on it after a
 * minute has been without sound for long enough.
 */
const GONE_MS = 60_000;
/** Ids of events that are remembered: LiveKit tells an event again for some minutes at most. */
const REMEMBERED = 2_000;

export interface MediaWatchDeps {
  readonly ledger: MediaLedger;
  readonly moves: MediaMoves;
  readonly state: () => MediaServerState;
  readonly timers: Timers;
  readonly random: () => number;
  readonly log: Logger;
}

export interface MediaWatch {
  /** From a webhook that was verified. Throws where the ledger could not take it: LiveKit then tells it again. */
  event(event: MediaEvent): Promise<void>;
  start(): void;
  /** Waits for a comparison that runs. */
  stop(): Promise<void>;
}

/**
 * Feeds what the media server tells to the ledger, once each, and compares the two now and then: events get lost. When the media server
 * comes, or is gone for good, the media of groups follows it.
 */
export function createMediaWatch({ ledger, moves, state, timers, random, log }: MediaWatchDeps): MediaWatch {
  const seen = new Set<string>();
  let timer: unknown = null;
  let lookTimer: unknown = null;
  let running: Promise<unknown> = Promise.resolve();
  let moving: Promise<unknown> | null = null;
  let was = state();
  /** For how long it has been away, in milliseconds. */
  let awayFor = 0;
  let stopped = false;

  function arm(): void {
    if (stopped) return;
    timer = timers.setTimeout(
      () => {
        // One at a time: the next is armed when this one is through.
        running = (state() === 'ready' ? ledger.reconcileMedia() : Promise.resolve(0))
          .catch((error: unknown) => log.warn({ reason: String(error) }, 'The media server could not be compared'))
          .finally(arm);
        if (state() === 'ready') move(moves.toServer);
      },
      EVERY_MS + random() * JITTER_MS,
    );
  }

  function move(groups: () => Promise<number>): void {
    moving ??= groups()
      .catch((error: unknown) => log.warn({ reason: String(error) }, 'The media of groups could not be moved'))
      .finally(() => {
        moving = null;
      });
  }

  function look(): void {
    lookTimer = timers.setTimeout(() => {
      const now = state();
      awayFor = now === 'ready' ? 0 : awayFor + LOOK_MS;
      if (now === 'ready' && was !== 'ready') move(moves.toServer);
      // Again each minute: a group that was too large may have become smaller.
      if (now !== 'ready' && (awayFor % GONE_MS === 0 || (now === 'absent' && was !== 'absent'))) move(moves.toMesh);
      was = now;
      if (!stopped) look();
    }, LOOK_MS);
  }

  return {
    async event(event) {
      if (seen.has(event.id)) return;
      seen.add(event.id);
      for (const oldest of seen) {
        if (seen.size <= REMEMBERED) break;
        seen.delete(oldest);
      }
      await ledger.mediaEvent(event).catch((error: unknown) => {
        seen.delete(event.id);
        throw error;
      });
    },
    start() {
      if (was === 'absent') move(moves.toMesh);
      if (was === 'ready') move(moves.toServer);
      arm();
      look();
    },
    async stop() {
      stopped = true;
      for (const handle of [timer, lookTimer]) if (handle !== null) timers.clearTimeout(handle);
      await running;
      await moving;
    },
  };
}
