import { isLive } from '@parley/domain';
import type { ServerClock } from '../ports/clock.ts';
import type { Database, Sql } from '../ports/database.ts';
import type { Logger } from '../ports/logger.ts';
import type { MediaLedger, MediaServer, RoomMember } from '../ports/media-server.ts';
import type { StoredCall } from '../store/call-record.ts';
import { endedRooms, findCallOfRoom, liveRooms, type MediaRoom } from '../store/media-calls.ts';
import type { MediaEffects } from './media-effects.ts';
import { grantsOf, sameGrants } from './media-grants.ts';

/** Rooms that one query names, and that are compared at a time. */
const PAGE = 500;
const AT_ONCE = 8;

export interface MediaLedgerDeps {
  readonly db: Database;
  readonly media: MediaServer;
  readonly effects: MediaEffects;
  readonly clock: ServerClock;
  readonly log: Logger;
}

/**
 * Holds the media server to what the ledger says: nobody in a room who is not in the call, with no more rights than theirs, and no
 * room of a call that is over. It takes nobody out of the call: whether somebody is there at all is for their lease to say, which ends
 * with their socket; who is present and has lost the media path comes back to the room by themselves.
 */
export function createMediaLedger({ db, media, effects, clock, log }: MediaLedgerDeps): MediaLedger {
  const sql: Sql = { query: (text, params) => db.once(text, params) };

  async function setRight({ call, roomName }: StoredCall, member: RoomMember): Promise<number> {
    const wanted = grantsOf(call, member.identity);
    if (wanted !== null && sameGrants(wanted, member.grants)) return 0;
    // In the line of the room, and as the ledger says by then.
    await effects.look(roomName, member.identity);
    log.info({ callId: call.id, identity: member.identity, removed: wanted === null }, 'Set right in the media room');
    return 1;
  }

  /** First who is there, then who may be: whoever accepts in between is not in the list, and is left alone. */
  async function compare(room: string): Promise<number> {
    const members = await media.members(room);
    const stored = members && (await findCallOfRoom(sql, room));
    // Rooms of others on the same media server are none of ours.
    if (!members || !stored) return 0;
    if (!isLive(stored.call)) {
      await effects.close(stored.roomName);
      return 1;
    }
    let count = 0;
    for (const member of members) count += await setRight(stored, member);
    return count;
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
      if (kind === 'joined' && identity !== null) await effects.look(room, identity);
    },
    async reconcileMedia() {
      await effects.retry();
      let count = 0;
      for await (const page of liveRooms(sql, PAGE)) count += await compareAll(page);
      for await (const page of endedRooms(sql, PAGE, clock.skewMs())) count += await compareAll(page);
      return count;
    },
  };
}
