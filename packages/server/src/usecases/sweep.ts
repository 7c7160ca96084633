import { isLiveStatus } from '@parley/domain';
import type { ServerClock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Timers } from '../ports/timers.ts';
import type { Fanout } from '../realtime/fanout.ts';
import { whoMoved } from './attune.ts';
import type { CallDoor } from './call-door.ts';
import type { CallUseCases } from './types.ts';

/** Pause between two sweeps. Only a hint: what is due is decided by the database's clock at each read and command too. */
const SWEEP_MS = 2_000;
/** A ring's timer may be early by the difference of two clocks: then it looks again. */
const AGAIN_MS = 100;
/** Sweeps between two clearings of old rows: ten minutes. */
const SWEEPS_PER_TIDY = 300;
/** Batches of one sweep; what is left waits for the next. */
const BATCHES = 50;

export interface SweeperDeps {
  readonly calls: CallUseCases;
  readonly door: Pick<CallDoor, 'lapse'>;
  readonly fanout: Fanout;
  readonly clock: ServerClock;
  readonly timers: Timers;
  readonly log: Logger;
}

export interface Sweeper {
  /**
   * Await it before the server takes requests: leases get their grace after a restart, and deadlines that have passed
   * are applied.
   */
  start(): Promise<void>;
  /** Waits for a sweep that runs. */
  stop(): Promise<void>;
  /** One sweep now; resolves when it is through. */
  sweep(): Promise<void>;
}

export function createSweeper(deps: SweeperDeps): Sweeper {
  const { calls, door, timers, clock, fanout, log } = deps;
  const rings = new Map<string, unknown>();
  let timer: unknown = null;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  let sweeps = 0;
  let unsubscribe: (() => void) | null = null;

  const warn = (error: unknown) =>
    log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'A sweep failed');

  async function once(): Promise<void> {
    await calls.beat();
    for (let i = 0; i < BATCHES && !stopped; i += 1) if ((await calls.settle()) === 0) break;
    if (!stopped) await calls.attune(null);
    await door.lapse();
    sweeps += 1;
    // Not with the first sweep: a start has better things to do.
    if (sweeps % SWEEPS_PER_TIDY === 0 && !stopped) await calls.tidy();
  }

  function sweep(): Promise<void> {
    running = running.then(once);
    const done = running;
    running = running.catch(() => undefined);
    return done;
  }

  function arm(): void {
    if (stopped) return;
    timer = timers.setTimeout(() => {
      sweep().catch(warn).finally(arm);
    }, SWEEP_MS);
  }

  function clearRing(callId: string): void {
    const handle = rings.get(callId);
    if (handle !== undefined) timers.clearTimeout(handle);
    rings.delete(callId);
  }

  /** A ring ends when it should, not up to one sweep later. */
  function watchRing(callId: string, afterMs: number): void {
    clearRing(callId);
    if (stopped) return;
    rings.set(
      callId,
      timers.setTimeout(
        () => {
          rings.delete(callId);
          calls
            .settle([callId])
            .then(async (changed) => {
              if (changed > 0 || rings.has(callId) || stopped) return;
              const view = await calls.liveView(callId);
              if (view?.ringExpiresAt != null) watchRing(callId, AGAIN_MS);
            })
            .catch(warn);
        },
        Math.max(afterMs, 1),
      ),
    );
  }

  return {
    start: async () => {
      unsubscribe = fanout.subscribe((message, from) => {
        if (message.t !== 'call') return;
        const { call, ringExpiresAt } = message.view;
        const moved = whoMoved(message.view, message.events);
        if (moved.length > 0 && !stopped) running = running.then(() => calls.attune(moved)).then(() => undefined, warn);
        if (ringExpiresAt === null || !isLiveStatus(call.status)) clearRing(call.id);
        // One node's timer is enough; if that node dies, the others' sweeps find the ring.
        else if (from === null || rings.has(call.id))
          watchRing(call.id, Date.parse(ringExpiresAt) - clock.now() - clock.skewMs());
      });
      await sweep();
      arm();
    },
    stop: async () => {
      stopped = true;
      unsubscribe?.();
      if (timer !== null) timers.clearTimeout(timer);
      for (const callId of [...rings.keys()]) clearRing(callId);
      await running;
    },
    sweep,
  };
}
