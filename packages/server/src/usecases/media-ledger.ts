import { isLive } from '@parley/domain';
import type { Sql } from '../ports/database.ts';
import type { MediaLedger, MediaServer, RoomMember } from '../ports/media-server.ts';
import type { StoredCall } from '../store/call-record.ts';
import { endedRooms, findCallOfRoom, liveRooms, type MediaRoom } from '../store/media-calls.ts';
import type { MediaEffects } from './media-effects.ts';
import { grantsOf, sameGrants, strangeness } from './media-grants.ts';
import { createMediaReport, type MediaFound } from './media-report.ts';
import type { CallDeps } from './types.ts';

/** Rooms that one query names, and that are compared at a time. */
const PAGE = 500;
const AT_ONCE = 8;

export interface MediaLedgerDeps extends CallDeps {
  readonly media: MediaServer;
  readonly mediaEffects: MediaEffects;
}

/**
 * Holds the media server to what the ledger says: nobody in a room who is not in the call, with no more rights than theirs, and no
 * room of a call that is over. What it sets right in the room of a live call is an event of the call. It takes nobody out of the call:
 * whether somebody is there at all is for their lease to say, which ends with their socket; who is present and has lost the media path
 * comes back to the room by themselves.
 */
export function createMediaLedger(deps: MediaLedgerDeps): MediaLedger {
  const { db, media, mediaEffects: effects, clock, log } = deps;
  const sql: Sql = { query: (text, params) => db.once(text, params) };
  const report = createMediaReport(deps);

  /** First who is there, then who may be: whoever accepts in between is not in the list, and is left alone. */
  async function compare(room: string): Promise<number> {
    const members = await media.members(room);
    const stored = members && (await findCallOfRoom(sql, room));
    // Rooms of others on the same media server are none of ours.
    if (!members || !stored) return 0;
    const callId = stored.call.id;
    if (!isLive(stored.call)) {
      await effects.close(stored.roomName);
      // To the log alone: the events of a call are over with it (decision 0054).
      log.info({ callId }, 'Closed the media room of a call that is over');
      return 1;
    }
    const found = members.flatMap((member) => differencesOf(stored, member));
    const { mended, failure } = await setRight(stored, found);
    await report.compared(callId, found, mended);
    if (failure !== null) throw failure;
    return found.length;
  }

  /** One after the other, in the line of the room, and as the ledger says by then. What fails for one keeps no other from it. */
  async function setRight(
    { call, roomName }: StoredCall,
    found: readonly MediaFound[],
  ): Promise<{ readonly mended: readonly MediaFound[]; readonly failure: Error | null }> {
    const asked: MediaFound[] = [];
    const put = new Set<string>();
    let failure: Error | null = null;
    for (const one of found) {
      try {
        for (const identity of await effects.look(roomName, one.identity)) put.add(identity);
        asked.push(one);
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
      }
    }
    // Whoever had gone by then was not put out by anybody, or by another process.
    const mended = asked.filter(({ identity, difference }) => difference === 'rights' || put.has(identity));
    for (const one of mended) log.info({ callId: call.id, ...one }, 'Set right in the media room');
    return { mended, failure };
  }

  async function compareAll(rooms: readonly MediaRoom[]): Promise<number> {
    const left = [...rooms];
    let count = 0;
    const worker = async () => {
      for (let next = left.pop(); next; next = left.pop()) {
        const { callId, room } = next;
        // Each by itself: what cannot be set right in one call keeps no other from it.
        const right = await compare(room).catch((error: unknown) => {
          log.warn({ callId, reason: String(error) }, 'A media room could not be compared');
          return 0;
        });
        count += right;
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, left.length) }, worker));
    return count;
  }

  return {
    async mediaEvent({ kind, room, identity }) {
      // Who left may be back already, and whose room was closed asks for a new token: only who comes in must not wait. Only they are
      // looked at: a thousand who come in are a thousand looks, and not each time at all the others.
      if (kind !== 'joined' || identity === null) return;
      // Whoever stays was right, or had come ahead and answered since: that is no difference.
      await report.putOut(room, await effects.look(room, identity));
    },
    async reconcileMedia() {
      let count = 0;
      const live = new Set<string>();
      for await (const page of liveRooms(sql, PAGE)) {
        for (const { callId } of page) live.add(callId);
        count += await compareAll(page);
      }
      report.keepOnly(live);
      for await (const page of endedRooms(sql, PAGE, clock.skewMs())) count += await compareAll(page);
      // What a commit could not say, and no comparison sees. After it: what was not said before is a difference like any other.
      await effects.retry();
      return count;
    },
  };
}

function differencesOf({ call }: StoredCall, { identity, grants }: RoomMember): MediaFound[] {
  const strange = strangeness(call, identity);
  if (strange !== null) return [{ identity, difference: strange }];
  const wanted = grantsOf(call, identity);
  return wanted !== null && sameGrants(wanted, grants) ? [] : [{ identity, difference: 'rights' }];
}
