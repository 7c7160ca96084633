import { type CallEvent, isLive, type MediaDifference, type MediaReconciledData } from '@parley/domain';
import { type CallEventRecord, Uuid } from '@parley/protocol';
import { serverNow } from '../ports/clock.ts';
import type { Sql } from '../ports/database.ts';
import { lockCall } from '../store/calls.ts';
import { findEvents } from '../store/events.ts';
import { findCallOfRoom } from '../store/media-calls.ts';
import { type Announcement, announce } from './announce.ts';
import { applyDue, step } from './due.ts';
import { keepCall } from './keep-call.ts';
import { partsOf, strangeness } from './media-grants.ts';
import type { CallDeps } from './types.ts';

/** Somebody in the room of a live call who was there otherwise than the ledger has them. */
export interface MediaFound {
  readonly identity: string;
  readonly difference: MediaDifference;
}

/**
 * Says in the ledger what was set right in the media server: one event for each person of a live call. A difference that stands
 * though it was set right is said once, until a comparison no longer finds it.
 */
export interface MediaReport {
  /** A comparison has found these in the room of a call, and set some of them right. */
  compared(callId: string, found: readonly MediaFound[], mended: readonly MediaFound[]): Promise<void>;
  /** As these somebody came into a room and was put out again. */
  putOut(room: string, identities: readonly string[]): Promise<void>;
  /** Forgets all other calls. */
  keepOnly(callIds: ReadonlySet<string>): void;
}

/**
 * For so long after a change of somebody's part in a call, in milliseconds, the media server may be on its way to it: the commit is being
 * said (`createMediaEffects`), or their device leaves by itself. That is how a call runs, and no difference.
 */
const UNDER_WAY_MS = 5_000;
/** The same is written again after so long at the earliest, in milliseconds: other processes compare too, and who was put out may be back at once. */
const AGAIN_MS = 60_000;
/** Events in which both are looked for. A call that has more of them in that time may be told of something twice. */
const RECENT_EVENTS = 200;
/** Who was put out as they came in, and is remembered for that time. */
const REMEMBERED = 2_000;

export function createMediaReport(deps: CallDeps): MediaReport {
  /** By call: differences that the ledger has been told of, and that stood at the last look. */
  const standing = new Map<string, Set<string>>();
  /** Who was put out of which room, and when it was told: whoever comes back again and again does not have the call read each time. */
  const lately = new Map<string, number>();

  const unsaid = (callId: string, mended: readonly MediaFound[]): readonly MediaFound[] =>
    mended.filter((one) => !standing.get(callId)?.has(nameOf(one)));

  function remember(entry: string): void {
    lately.delete(entry);
    lately.set(entry, serverNow(deps.clock));
    for (const oldest of lately.keys()) {
      if (lately.size <= REMEMBERED) break;
      lately.delete(oldest);
    }
  }

  /** @returns those of which the ledger knows now */
  async function tell(callId: string, mended: readonly MediaFound[]): Promise<readonly MediaFound[]> {
    if (mended.length === 0) return [];
    try {
      const { known, announcement } = await deps.db.tx((sql) => write(sql, callId, mended));
      if (announcement) announce(deps, announcement);
      return known;
    } catch (error) {
      // It is right in the room, and stands in the log of this process.
      deps.log.warn({ callId, reason: String(error) }, 'What was set right in a media room was not written');
      return [];
    }
  }

  async function write(
    sql: Sql,
    callId: string,
    mended: readonly MediaFound[],
  ): Promise<{ readonly known: readonly MediaFound[]; readonly announcement: Announcement | null }> {
    const skewMs = deps.clock.skewMs();
    const locked = await lockCall(sql, callId, skewMs);
    if (!locked) return { known: [], announcement: null };
    const recent = await findEvents(sql, callId, Math.max(0, locked.call.version - RECENT_EVENTS));
    const changes = since(recent, locked.now - UNDER_WAY_MS);
    const told = since(recent, locked.now - AGAIN_MS).filter(({ type }) => type === 'media_reconciled');
    const said = new Set(told.map(({ data }) => keyOf(data)));
    const known: MediaFound[] = [];
    let progress = applyDue(locked);
    for (const found of mended) {
      const data = dataOf(found);
      if ((strangeness(locked.call, found.identity) ?? 'rights') !== found.difference) continue;
      // Who has no part in the call cannot have lost it just now: nobody is taken out of its list.
      const isUnderWay = changes.some((event) => concerns(event, data.userId));
      if (isUnderWay && found.difference !== 'not_in_call') continue;
      known.push(found);
      if (said.has(keyOf(data))) continue;
      said.add(keyOf(data));
      const event: CallEvent = { type: 'media_reconciled', data };
      const next = step(progress, event, locked.now);
      if (next.kind === 'accepted') progress = next.progress;
    }
    const isNews = progress.events.length > 0;
    return { known, announcement: isNews ? await keepCall(sql, locked, progress, { skewMs }) : null };
  }

  return {
    async compared(callId, found, mended) {
      const before = standing.get(callId);
      const known = await tell(callId, unsaid(callId, mended));
      const now = new Set(known.map(nameOf));
      for (const name of found.map(nameOf)) if (before?.has(name)) now.add(name);
      if (now.size > 0) standing.set(callId, now);
      else standing.delete(callId);
    },
    async putOut(room, identities) {
      const news = identities.filter((one) => serverNow(deps.clock) - (lately.get(`${room} ${one}`) ?? 0) >= AGAIN_MS);
      if (news.length === 0) return;
      const stored = await findCallOfRoom({ query: (text, params) => deps.db.once(text, params) }, room);
      if (!stored || !isLive(stored.call)) return;
      const { call } = stored;
      const mended = news.flatMap((identity) => {
        const difference = strangeness(call, identity);
        return difference === null ? [] : [{ identity, difference }];
      });
      for (const one of mended) deps.log.info({ callId: call.id, ...one }, 'Put out of the media room');
      for (const { identity } of await tell(call.id, unsaid(call.id, mended))) remember(`${room} ${identity}`);
    },
    keepOnly(callIds) {
      for (const callId of standing.keys()) if (!callIds.has(callId)) standing.delete(callId);
    },
  };
}

const nameOf = ({ identity, difference }: MediaFound): string => `${difference} ${identity}`;

/** Ids alone: what else somebody may have called themselves in a token of their own making stays out of the ledger. */
function dataOf({ identity, difference }: MediaFound): MediaReconciledData {
  const { userId, deviceId } = partsOf(identity);
  return {
    userId: Uuid.safeParse(userId).data ?? null,
    deviceId: Uuid.safeParse(deviceId).data ?? null,
    difference,
    action: difference === 'rights' ? 'granted' : 'removed',
  };
}

const keyOf = ({ userId, deviceId, difference }: { readonly [Key in keyof MediaReconciledData]?: unknown }): string =>
  JSON.stringify([userId, deviceId, difference]);

const since = (events: readonly CallEventRecord[], from: number): readonly CallEventRecord[] =>
  events.filter(({ at }) => Date.parse(at) > from);

/** Whether this changed somebody's part in the call, and with it what they may do in the room. */
function concerns({ type, actorId, data }: CallEventRecord, userId: string | null): boolean {
  switch (type) {
    case 'created':
    case 'timed_out':
      return true;
    case 'accepted':
    case 'moved':
    case 'declined':
    case 'left':
      return actorId === userId;
    case 'invited':
      return Array.isArray(data.userIds) && data.userIds.includes(userId);
    case 'admitted':
    case 'removed':
    case 'dropped':
      return data.userId === userId;
    default:
      return false;
  }
}
