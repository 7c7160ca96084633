import { isLive } from '@parley/domain';
import type { ServerClock } from '../ports/clock.ts';
import type { Database, Sql } from '../ports/database.ts';
import type { Logger } from '../ports/logger.ts';
import type { MediaLedger, MediaServer, RoomMember } from '../ports/media-server.ts';
import type { StoredCall } from '../store/call-record.ts';
import { findCallOfRoom, findRooms } from '../store/media-calls.ts';
import { grantsOf, sameGrants } from './media-grants.ts';

/** Calls that one comparison looks at, at most. */
const MOST = 500;

export interface MediaLedgerDeps {
  readonly db: Database;
  readonly media: MediaServer;
  readonly clock: ServerClock;
  readonly log: Logger;
}

/**
 * Holds the media server to what the ledger says: nobody in a room who is not in the call, with no more rights than theirs, and no
 * room of a call that is over. It takes nobody out of the call: whether somebody is there at all is for their lease to say, which ends
 * with their socket; who is present and has lost the media path comes back to the room by themselves.
 */
export function createMediaLedger({ db, media, clock, log }: MediaLedgerDeps): MediaLedger {
  const sql: Sql = { query: (text, params) => db.once(text, params) };

  async function setRight({ call, roomName }: StoredCall, member: RoomMember): Promise<number> {
    const wanted = grantsOf(call, member.identity);
    if (wanted !== null && sameGrants(wanted, member.grants)) return 0;
    if (wanted === null) await media.remove(roomName, member.identity);
    else await media.setGrants(roomName, member.identity, wanted);
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
      await media.closeRoom(stored.roomName);
      return 1;
    }
    let count = 0;
    for (const member of members) count += await setRight(stored, member);
    return count;
  }

  return {
    async mediaEvent({ kind, room }) {
      // Who left may be back already, and whose room was closed asks for a new token: only who comes in must not wait.
      if (kind === 'joined') await compare(room);
    },
    async reconcileMedia() {
      let count = 0;
      // Each by itself: what cannot be set right in one call keeps no other from it.
      for (const { callId, room } of await findRooms(sql, MOST, clock.skewMs())) {
        count += await compare(room).catch((error: unknown) => {
          log.warn({ callId, reason: String(error) }, 'A media room could not be compared');
          return 0;
        });
      }
      return count;
    },
  };
}
