import type { Logger } from '../../ports/logger.ts';
import type { MediaEvent, MediaLedger, MediaServerState } from '../../ports/media-server.ts';
import type { Timers } from '../../ports/timers.ts';

/** Between two comparisons, in milliseconds, and how much longer it may be by chance: several processes do not go in step. */
const EVERY_MS = 10_000;
const JITTER_MS = 5_000;
/** Ids of events that are remembered: LiveKit tells an event again for some minutes at most. */
const REMEMBERED = 2_000;

export interface MediaWatchDeps {
  readonly ledger: MediaLedger;
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

/** Feeds what the media server tells to the ledger, once each, and compares the two now and then: events get lost. */
export function createMediaWatch({ ledger, state, timers, random, log }: MediaWatchDeps): MediaWatch {
  const seen = new Set<string>();
  let timer: unknown = null;
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;

  function arm(): void {
    if (stopped) return;
    timer = timers.setTimeout(
      () => {
        // One at a time: the next is armed when this one is through.
        running = (state() === 'ready' ? ledger.reconcileMedia() : Promise.resolve(0))
          .catch((error: unknown) => log.warn({ reason: String(error) }, 'The media server could not be compared'))
          .finally(arm);
      },
      EVERY_MS + random() * JITTER_MS,
    );
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
    start: arm,
    async stop() {
      stopped = true;
      if (timer !== null) timers.clearTimeout(timer);
      await running;
    },
  };
}
