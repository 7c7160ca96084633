import { isLiveStatus } from '@parley/domain';
import type { ServerClock } from '../ports/clock.ts';
import { type Database, DatabaseUnavailable, type Sql } from '../ports/database.ts';
import type { Logger } from '../ports/logger.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { Timers } from '../ports/timers.ts';
import type { Fanout } from '../realtime/fanout.ts';
import { callView } from '../store/call-view.ts';
import { findCall } from '../store/calls.ts';
import { findChanges } from '../store/changes.ts';
import { findEvents } from '../store/events.ts';
import { findCallMessage } from '../store/messages.ts';
import { findInboxOfCall } from '../store/notifications.ts';
import { ringsOfCall } from '../store/rings.ts';
import { ToldVersions } from './told-versions.ts';

/** Pause between two looks, in milliseconds. */
const LOOK_MS = 2_000;
/** Events are told within milliseconds of their commit: only what is older than this was forgotten. */
const SETTLED_MS = 500;
/** A transaction that began before the last look may have ended since: none lives longer than this. */
const OVERLAP_MS = 20_000;
/** Calls of one look, the newest first: many times what changes in that time. */
const MOST = 20_000;
/** Looks for which a call that cannot be told is tried again: far longer than a deployment in which another version wrote it. */
const TRIES = 150;

export interface CatchUpDeps {
  readonly db: Database;
  /** What this node has been told, and by whom. */
  readonly fanout: Pick<Fanout, 'subscribe'>;
  /** Tells this node alone. */
  readonly here: Publisher;
  readonly clock: ServerClock;
  readonly timers: Timers;
  readonly log: Logger;
}

export interface CatchUp {
  start(): void;
  /** Looks now. Resolves to the number of calls that this node had not been told of. */
  look(): Promise<number>;
  /** A look soon, and one a little later: something may have been lost at this moment. */
  hint(): void;
  stop(): Promise<void>;
}

/**
 * The outbox, read by each node for itself: what stands in `call_events` and was not told here is told here. So a change is never lost,
 * whoever died between the commit and the message, and whatever way was broken. In a quiet time it is one query in two seconds.
 */
export function createCatchUp(deps: CatchUpDeps): CatchUp {
  const { db, fanout, here, clock, timers, log } = deps;
  const sql: Sql = { query: (text, params) => db.once(text, params) };
  const told = new ToldVersions(clock.now);
  /** Up to when everything has been looked at, by the database's clock. */
  let seen: number | null = null;
  /** Sockets begin with what was there then. */
  let begun = 0;
  /** Calls that could not be told, and how often that was tried. */
  const untold = new Map<string, number>();
  let timer: unknown = null;
  let hinted: unknown = null;
  let running: Promise<number> = Promise.resolve(0);
  let unsubscribe: (() => void) | null = null;
  let stopped = false;

  async function tell(callId: string): Promise<void> {
    const after = told.of(callId);
    const stored = await findCall(sql, callId);
    if (!stored) return;
    const view = callView(stored);
    const isLive = isLiveStatus(view.call.status);
    const events = await findEvents(sql, callId, after);
    const rings = isLive ? await ringsOfCall(sql, callId, clock.skewMs()) : [];
    const inbox = await findInboxOfCall(sql, callId);
    const chat = isLive ? null : await findCallMessage(sql, callId);
    // Somebody may have told it while it was read.
    if (told.of(callId) >= view.call.version) return;
    here.call(view, events);
    for (const { userId, deviceId, ring } of rings) here.ring(userId, deviceId, ring);
    for (const { userId, item } of inbox) here.inbox(userId, item);
    if (chat?.teamOfNewChannel) here.teamChanged(chat.teamOfNewChannel, 'channels');
    if (chat) here.message(chat.message);
  }

  /**
   * Each by itself: one that cannot be read, or at which somebody who listens fails, keeps none of the others waiting, and is tried again.
   * @throws DatabaseUnavailable at once: that is no call's fault, and nothing was missed that the next look does not find
   */
  async function tellAll(callIds: Iterable<string>): Promise<void> {
    for (const callId of callIds) {
      try {
        await tell(callId);
        untold.delete(callId);
      } catch (error) {
        if (error instanceof DatabaseUnavailable) throw error;
        const tries = (untold.get(callId) ?? 0) + 1;
        if (tries < TRIES) untold.set(callId, tries);
        else untold.delete(callId);
        const fields = { callId, tries, reason: error instanceof Error ? error.message : String(error) };
        if (tries === 1) log.warn(fields, 'A call could not be told from the ledger: it is tried again');
        if (tries === TRIES) log.error(fields, 'A call cannot be told from the ledger');
      }
    }
  }

  async function once(): Promise<number> {
    const since = seen === null ? null : Math.max(seen - OVERLAP_MS, begun);
    const { now, calls } = await findChanges(sql, {
      since,
      settledMs: SETTLED_MS,
      limit: MOST,
      skewMs: clock.skewMs(),
    });
    const missed = calls.filter(({ callId, version }) => told.of(callId) < version);
    // Of the others the newest was told, and something before it may not have been, or was so long ago that it is forgotten.
    const lost = missed.filter(({ callId, version }) => !told.has(callId, version)).length;
    await tellAll(new Set([...untold.keys(), ...missed.map(({ callId }) => callId)]));
    if (lost > 0) log.warn({ calls: lost }, 'Changes of calls had not been told: told from the ledger');
    if (seen === null) begun = now;
    seen = now;
    return missed.length;
  }

  function look(): Promise<number> {
    const next = running.then(once);
    running = next.catch(() => 0);
    return next;
  }

  const warn = (error: unknown) =>
    log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'The ledger was not looked at');

  function arm(): void {
    if (stopped) return;
    timer = timers.setTimeout(() => void look().catch(warn).finally(arm), LOOK_MS);
  }

  return {
    start: () => {
      unsubscribe = fanout.subscribe((message) => {
        if (message.t !== 'call') return;
        const { id, version } = message.view.call;
        told.note(id, version - message.events.length, version);
      });
      void look().catch(warn).finally(arm);
    },
    look,
    hint: () => {
      if (hinted !== null || stopped) return;
      hinted = timers.setTimeout(() => {
        hinted = null;
        void look().catch(warn);
      }, SETTLED_MS);
    },
    stop: async () => {
      stopped = true;
      unsubscribe?.();
      timers.clearTimeout(timer);
      timers.clearTimeout(hinted);
      await running;
    },
  };
}
